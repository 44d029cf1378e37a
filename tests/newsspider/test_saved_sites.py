"""Two real sites, served as saved: every article that their listings reach has its record.

The expected list comes from the saved files by plain link-following, never from our own extractor.
"""

import re
import tarfile
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest

from newsspider.archive.folder import open_archive
from tests.commandline import newsspider
from tests.shared import SHARED, needs_shared
from tests.static_site import served


@dataclass(frozen=True)
class Saved:
    """A saved site, and how its CMS addresses articles."""

    name: str
    start: str
    article: re.Pattern[str]
    """Path of an article page."""
    not_articles: frozenset[str] = frozenset()
    """Pages at such a path that hold no article, each looked at by hand."""


SITES = [
    Saved(name="henu-vsb", start="/index.htm", article=re.compile(r"/info/\d+/\d+\.htm")),
    Saved(name="tju-dedecms", start="/a/zh/index.html", article=re.compile(r"/a/.+/\d{4}/?\d{4}/\d+\.html")),
]

HREF = re.compile(rb"""<a\b[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)


def reachable(folder: Path, start: str) -> set[str]:
    """Return the paths of all saved pages that links lead to, from the start page."""
    seen, todo = set[str](), [start]
    while todo:
        path = todo.pop()
        file = folder / path.lstrip("/")
        if path in seen or not file.is_file():
            continue
        seen.add(path)
        for href in HREF.findall(re.sub(rb"<!--.*?-->", b"", file.read_bytes(), flags=re.DOTALL)):
            target = urljoin(f"http://site{path}", unescape(href.decode("latin-1")))
            if urlsplit(target).hostname == "site":
                todo.append(unquote(urlsplit(urldefrag(target).url).path))
    return seen


@needs_shared
@pytest.mark.parametrize("saved", SITES, ids=lambda saved: saved.name)
def test_every_reachable_article_has_its_record(saved: Saved, tmp_path: Path) -> None:
    assert SHARED is not None
    with tarfile.open(SHARED / "sites" / f"{saved.name}.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    folder = tmp_path / saved.name
    expected = {path for path in reachable(folder, saved.start) if saved.article.fullmatch(path)}
    assert len(expected) > 40
    with served(folder) as origin:
        sites = tmp_path / "sites"
        sites.mkdir()
        (sites / f"{saved.name}.toml").write_text(
            f'id = "{saved.name}"\nname = "x"\nseeds = ["{origin}{saved.start}"]\n'
            "[politeness]\ndelay = 0\nconcurrency = 4\n",
            "utf-8",
        )
        ran = newsspider("crawl", saved.name, "--archive", "a", "--sites", sites, "--allow-private", home=tmp_path)
    assert ran.code == 0, ran.err
    found = {urlsplit(record.url).path for record in open_archive(tmp_path / "a").records()}
    assert expected - found - saved.not_articles == set()
