"""The pure side of newsspider: bytes in, values out.

Nothing here imports ``newsspider`` or Scrapy's engine, or reads a clock, a setting or the network, so that a
live crawl, a rebuild, ``extract FILE`` and a crash recovery come to the same record from the same bytes.
"""

VERSION = "0.1.0"
"""Version of the package and of its rules: it stands in every record."""
