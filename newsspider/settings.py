"""Scrapy's settings for newsspider. What differs from one site to the next stands in its site file."""

from newsspider import __version__

BOT_NAME = "newsspider"
SPIDER_MODULES = ["newsspider.spiders"]
NEWSPIDER_MODULE = "newsspider.spiders"
COMMANDS_MODULE = "newsspider.scrapy_commands"

# ── our own ──

NEWSSPIDER_ARCHIVE = None
"""Folder of the archive; None: ``$NEWSSPIDER_ARCHIVE``, else ``data/archive``."""
NEWSSPIDER_SITES = None
"""Folder of site files; None: ``data/sites``, else the packaged ones."""
NEWSSPIDER_ALLOW_PRIVATE = False
"""Whether loopback and private addresses may be asked."""
CAPTURE_ALLOW_PRIVATE = NEWSSPIDER_ALLOW_PRIVATE
"""The same for a shell, which has no site."""
NEWSSPIDER_LIMIT = 0
"""Requests at most; 0 for no limit."""

# ── who asks ──

CONTACT = "https://github.com/newsspider/newsspider"
USER_AGENT = f"newsspider/{__version__} (+{CONTACT})"
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5,*;q=0.3",
    "Accept-Encoding": "gzip, br, zstd",
}

# ── how ──

DOWNLOAD_HANDLERS = {
    "http": "newsspider.crawl.download.PoliteDownloadHandler",
    "https": "newsspider.crawl.download.PoliteDownloadHandler",
    # Only the web is crawled: a link to file: or data: is not followed.
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "newsspider.crawl.download.RobotsMiddleware": 100,
}
# Scrapy's default knows no IPv6. Nothing is cached: a name may move while a crawl runs for days.
TWISTED_DNS_RESOLVER = "scrapy.resolver.CachingHostnameResolver"
DNSCACHE_ENABLED = False
# The ledger follows redirects and asks again, and it has the hints that a Referer would be made of.
REDIRECT_ENABLED = False
METAREFRESH_ENABLED = False
RETRY_ENABLED = False
REFERER_ENABLED = False
ITEM_PIPELINES = {"pipelines.items.RecordPipeline": 100}
SCHEDULER = "newsspider.frontier.scheduler.LedgerScheduler"

# The budget keeps the delay, over all processes of the machine; the scheduler keeps the number at once.
DOWNLOAD_DELAY = 0
CONCURRENT_REQUESTS_PER_DOMAIN = 64
# The default starts 101 tasks for every response.
CONCURRENT_ITEMS = 4

TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
COOKIES_ENABLED = False
LOG_LEVEL = "INFO"
