"""What a page is, and what came instead of it."""

from pipelines.classify.verdict import classify, confirm_article, status_outcome

__all__ = ["classify", "confirm_article", "status_outcome"]
