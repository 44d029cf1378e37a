"""From bytes to text: labels, declarations, measurement."""

from pipelines.charset.decoding import decode
from pipelines.charset.labels import to_codec

__all__ = ["decode", "to_codec"]
