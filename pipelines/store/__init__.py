"""Encodes and decodes what stands on disk: WARC, CDXJ, and records as JSON Lines. No other place makes JSON."""
