"""A site's folder with foreign captures in it, opened as the commands do."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from newsspider.archive.folder import Archive
from newsspider.archive.imports import Imported, find_sources, import_file
from newsspider.archive.rebuild import make_views, take_views
from newsspider.archive.recovery import Recovery, open_views
from newsspider.archive.verify import Fault, verify_site
from newsspider.archive.warcinfo import describe
from newsspider.capture import disk
from newsspider.capture.warcfile import WarcWriter
from newsspider.sites import parse_site
from pipelines.model import Exchange, FoundBy, Hints, Record
from pipelines.normalise.record import Models
from pipelines.store.exchange import Revisited
from tests.foreign import title

TEXT = 'id = "hill"\nname = "青山大学新闻网"\nseeds = ["http://news.hill.example/list.htm"]\n'
SITE = parse_site(TEXT, name="hill.toml")
NOW = datetime(2026, 4, 1, 12, 0, 0, tzinfo=UTC)
MODELS = Models()


def folder_of(home: Path) -> Path:
    return Archive(home).site_folder("hill")


def take(home: Path, *paths: Path, run: str = "20260401-120000-aaaaaaaa", now: datetime = NOW) -> list[Imported]:
    """Import files as the command does."""
    folder = folder_of(home)
    disk.make_folder(folder / "warc", within=home)
    sources = find_sources({path.name: path for path in paths}, folder / "warc")
    views, _ = open_views(folder, SITE, MODELS)
    with views:
        return [import_file(views, source, about=describe(SITE, None), run=run, now=now) for source in sources]


def recover(home: Path) -> Recovery:
    views, recovery = open_views(folder_of(home), SITE, MODELS)
    views.close()
    return recovery


def rebuild(home: Path, *, records: bool = True) -> None:
    make_views(folder_of(home), SITE, MODELS, records=records)
    take_views(folder_of(home))


def verify(home: Path) -> list[Fault]:
    return verify_site(folder_of(home), SITE, MODELS, now=NOW, full=True).faults


def records(home: Path, *, revisions: bool = False) -> list[Record]:
    return list(Archive(home).records("hill", revisions=revisions))


def titles(home: Path) -> list[str]:
    return sorted(record.title or "" for record in records(home))


def lines(home: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((folder_of(home) / "records").iterdir())}


def names(paths: Iterable[Path]) -> list[str]:
    return sorted(path.name for path in paths)


def crawl(
    home: Path, pages: Iterable[tuple[str, str, bytes]], *, run: str, at: datetime = NOW, close: bool = True
) -> None:
    """Keep pages as a run of the crawl does; without ``close`` its process is killed after the last of them.

    The body of a page that begins with ``HTTP/`` is the whole response.
    """
    folder = folder_of(home)
    disk.make_folder(folder / "warc", within=home)
    views, _ = open_views(folder, SITE, MODELS)
    writer = WarcWriter(folder / "warc", "hill", run=run, about=describe(SITE, None), clock=lambda: at)
    for number, (uri, kind, body) in enumerate(pages):
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        exchange = Exchange(
            target_uri=uri,
            started_at=at + timedelta(seconds=number),
            request=f"GET {uri} HTTP/1.1\r\n\r\n".encode(),
            response=body if body.startswith(b"HTTP/") else head.encode() + body,
            ip="192.0.2.1",
            hints=Hints(found_by=FoundBy.SEED if "list" in uri else FoundBy.LISTING, found_on=SITE.seeds[0]),
        )
        held = views.ledger.held(uri)
        previous = held and Revisited(
            captured_at=held.captured_at, payload_digest=held.payload_digest, record_id=held.record_id
        )
        views.enter(writer.append(exchange, previous))
    if close:
        writer.close()
        views.close()
    else:
        views.abandon()


def listing(
    days: Iterable[int], *, total: int | None = None, following: str | None = None, more: str = ""
) -> bytes:
    """Return a listing of articles, as a VSB site prints it."""
    rows = "".join(
        f'<li><span>2026-03-{day:02}</span><a href="/info/1001/{day}.htm">{title(day)}</a></li>' for day in days
    )
    pager = f'<a href="{following}">下一页</a>' if following else ""
    count = f"<span>共{total}条</span>" if total else ""
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><title>学校要闻-青山大学新闻网</title></head><body>'
        f'<div class="nav">当前位置：<a href="/">首页</a> &gt; <a href="/list.htm">学校要闻</a></div>'
        f'<ul class="list">{rows}{more}</ul><div class="pages">{count}{pager}</div></body></html>'
    ).encode()
