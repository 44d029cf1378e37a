"""Where the shared test material lies, if it is there: beside the project's root or an ancestor of it."""

from pathlib import Path

import pytest


def find_shared() -> Path | None:
    """Return the folder ``shared`` that has the labelled pages, or None."""
    for ancestor in Path(__file__).resolve().parents:
        if (ancestor / "shared" / "pages").is_dir():
            return ancestor / "shared"
    return None


SHARED = find_shared()

needs_shared = pytest.mark.skipif(
    SHARED is None, reason="the shared material (../shared) is not beside the project"
)
