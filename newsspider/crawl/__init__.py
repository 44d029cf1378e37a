"""The crawl: what a run uses, many sites in one process, and what stands between Scrapy's engine and the wire."""
