"""Capture: below Scrapy's downloader, wire bytes become exchanges, and exchanges become WARC."""

CAPTURE_SETTINGS = {
    "DOWNLOAD_HANDLERS": {
        "http": "newsspider.capture.handler.WireDownloadHandler",
        "https": "newsspider.capture.handler.WireDownloadHandler",
        "data": None,
        "file": None,
        "ftp": None,
        "s3": None,
    },
    # IPv6 as well as IPv4: some campus networks have names with IPv6 addresses only.
    "DNS_RESOLVER": "scrapy.resolver.CachingHostnameResolver",
    # What is asked for is decided by the frontier, which sees every answer; nothing happens behind its back.
    "RETRY_ENABLED": False,
    "REDIRECT_ENABLED": False,
    "METAREFRESH_ENABLED": False,
    "HTTPERROR_ALLOW_ALL": True,
}
"""The Scrapy settings that capture needs. HttpCompressionMiddleware stays on: it asks for gzip, deflate, br and
zstd, and decodes the body that Scrapy's users see; the capture keeps the payload as it was sent."""
