"""What a page is, and what came instead of it."""

from pipelines.classify.verdict import classify, confirm_article

__all__ = ["classify", "confirm_article"]
