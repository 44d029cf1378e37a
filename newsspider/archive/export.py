"""Hands sites of an archive over: as WACZ for replay, as a bag with everything that is held of them."""

from __future__ import annotations

import tomllib
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import newsspider
from newsspider.archive.folder import SETTINGS, site_file
from newsspider.capture import disk
from newsspider.capture.warcfile import index_path
from pipelines.errors import InputError
from pipelines.store.bagit import Payload, write_bag
from pipelines.store.wacz import About, Page, write_wacz

if TYPE_CHECKING:
    from datetime import datetime

    from newsspider.archive.folder import Archive

PARTIAL = ".partial"
"""Behind the name of a target that is not whole yet."""

KEPT = ("warc/*.warc.gz", "warc/*.cdxj", "warc/*.damaged-*", "records/*.jsonl", "runs/*.json", "verified.json")
"""What is handed over of a site's folder. The ledger is not: it is made anew from the WARC where it is needed."""


def size_of(archive: Archive, site_ids: Iterable[str]) -> int:
    """Return how many bytes an export has to copy, as near as makes no difference."""
    return sum(path.stat().st_size for site_id in site_ids for path in archive.warc_files(site_id))


def export_wacz(archive: Archive, site_ids: list[str], target: Path, *, now: datetime) -> Generator[int]:
    """Write sites to a WACZ file; yield the number of bytes taken in. The caller holds the sites' locks.

    Raises :class:`InputError` where the target exists or has another ending, or where nothing is held.
    """
    if target.suffix != ".wacz":
        raise InputError(f"{target}: a WACZ file must have a name that ends with .wacz (WACZ 1.1.1).")
    warcs = [path for site_id in site_ids for path in archive.warc_files(site_id)]
    if not warcs:
        raise InputError(f"{', '.join(site_ids)}: nothing is held yet, so there is nothing to export.")
    names = [name_of(archive, site_id) for site_id in site_ids]
    about = About(
        title=names[0]
        if len(names) == 1
        else f"{len(names)} sites: {', '.join(names[:3])}{' …' * (len(names) > 3)}",
        description=f"University news, captured by newsspider. Sites: {', '.join(names)}.",
        software=f"newsspider {newsspider.__version__}",
        created=now,
    )
    with _growing(target) as partial, disk.explained(partial), partial.open("xb") as file:
        yield from write_wacz(
            file, warcs, [index_path(path) for path in warcs], find_pages(archive, site_ids), about
        )
        file.flush()
        disk.sync(file.fileno())


def find_pages(archive: Archive, site_ids: Iterable[str]) -> Iterator[Page]:
    """Yield one page for each article: its newest capture."""
    for record in archive.records(*site_ids):
        yield Page(id=record.id, url=record.url, ts=record.captures[0].captured_at, title=record.title)


def export_bag(archive: Archive, site_ids: list[str], target: Path, *, now: datetime) -> Generator[int]:
    """Write all that is held of sites as a bag; yield the size of each file copied. The caller holds the locks.

    Its folder ``data`` is an archive: it can be read where it lies, and copied back. Raises :class:`InputError`
    where the target exists.
    """
    settings = archive.settings()
    info = {
        **({"Source-Organization": settings.operator} if settings.operator else {}),
        **({"Contact-Email": settings.contact} if settings.contact else {}),
        "External-Description": f"Archive of university news: {', '.join(name_of(archive, one) for one in site_ids)}",
        "Bag-Software-Agent": f"newsspider {newsspider.__version__}",
    }
    with _growing(target) as partial:
        with disk.explained(partial):
            partial.mkdir()
        yield from write_bag(
            partial, find_payload(archive, site_ids), info, bagged_on=now.date(), write=_write_file
        )


def find_payload(archive: Archive, site_ids: Iterable[str]) -> Iterator[Payload]:
    """Yield what goes into a bag."""
    yield Payload(path="README.md", source=_packaged("formats.md", "data/README.md"))
    yield Payload(path="record.schema.json", source=_packaged("record.schema.json", "data/record.schema.json"))
    if (archive.root / SETTINGS).is_file():
        yield Payload(path=SETTINGS, source=archive.root / SETTINGS)
    for model in sorted((archive.root / "models").glob("*")):
        yield Payload(path=f"models/{model.name}", source=model)
    for site_id in site_ids:
        if text := site_file(archive, site_id):
            yield Payload(path=f"catalogue/{site_id}.toml", source=text.encode())
        folder = archive.site_folder(site_id)
        for path in sorted(path for pattern in KEPT for path in folder.glob(pattern)):
            yield Payload(path=f"sites/{site_id}/{path.relative_to(folder)}", source=path)


def name_of(archive: Archive, site_id: str) -> str:
    """Return the name of a site, or its id where the archive does not have it."""
    try:
        return str(tomllib.loads(site_file(archive, site_id) or "").get("name", site_id))
    except tomllib.TOMLDecodeError:
        return site_id


def _packaged(name: str, in_checkout: str) -> Path:
    """Return a file that comes with newsspider: in the wheel, or in the checkout that it was installed from."""
    package = Path(str(files("newsspider")))
    return package / name if (package / name).is_file() else package.parent / in_checkout


@contextmanager
def _growing(target: Path) -> Iterator[Path]:
    """Give the name under which a target grows; it takes its own when it is whole, and is gone if anything fails."""
    if target.exists() or target.is_symlink():
        raise InputError(f"{target}: exists already; remove it, or choose another name.")
    partial = target.with_name(target.name + PARTIAL)
    _remove(partial)
    try:
        yield partial
        disk.rename(partial, target)
        disk.sync_folder(target.parent)
    except BaseException:
        _remove(partial)
        raise


def _remove(path: Path) -> None:
    if path.is_dir():
        disk.remove_tree(path)
    else:
        disk.remove(path)


def _write_file(path: Path, pieces: Iterable[bytes]) -> None:
    with disk.explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with disk.opened(path, new=True) as descriptor:
        for piece in pieces:
            disk.write(descriptor, piece)
        disk.sync(descriptor)
