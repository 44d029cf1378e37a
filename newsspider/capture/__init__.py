"""Capture: below Scrapy's downloader, wire bytes become exchanges, and exchanges become WARC."""
