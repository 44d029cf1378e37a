"""newsspider keeps university news: it crawls politely, archives every byte as WARC, derives a dataset."""

__version__ = "0.1.0"
