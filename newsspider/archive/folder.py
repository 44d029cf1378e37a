"""An archive on disk: where its files are, what its settings say, and reading what it holds."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from pipelines.errors import DamagedError, InputError, NoArchiveError
from pipelines.model import Capture, Record, Site
from pipelines.store.records import line_head, read_lines, read_record
from pipelines.uri import record_id

SETTINGS = "newsspider.toml"
OPEN = ".open"
REGIONS = ("tw", "hk", "generic")
SHA256 = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSettings:
    """What ``newsspider.toml`` of an archive says."""

    operator: str | None = None
    """Who keeps the archive; stands in ``warcinfo``."""
    contact: str | None = None
    """Address or e-mail for webmasters; stands in the User-Agent and the From header."""
    hant: str | None = None
    """``tw``, ``hk`` or ``generic`` where records are wanted in traditional script too."""
    text_model: str | None = None
    """SHA-256 of the character model in ``models/``; None for the built-in one."""
    min_free_mb: float = 500.0
    """A run stops before less than this is free on the disk, in units of 10^6 bytes."""


def find_archive(choice: Path | None = None) -> Path:
    """Return the folder of the archive: the one chosen, ``$NEWSSPIDER_ARCHIVE``, or ``./data/archive``."""
    return choice or Path(os.environ.get("NEWSSPIDER_ARCHIVE") or "data/archive")


@dataclass(frozen=True, slots=True)
class Archive:
    """The folder of an archive. Holding one opens nothing."""

    root: Path

    def site_folder(self, site_id: str) -> Path:
        """Return the folder of a site, which may not exist yet."""
        return self.root / "sites" / site_id

    def site_ids(self) -> list[str]:
        """Return the ids of the sites that the archive holds, sorted."""
        folder = self.root / "sites"
        return sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []

    def settings(self) -> ArchiveSettings:
        """Read ``newsspider.toml``; without one everything is at its default. Raises :class:`InputError`."""
        path = self.root / SETTINGS
        if self.root.exists() and not self.root.is_dir():
            raise NoArchiveError(f"{self.root}: is a file, not the folder of an archive; check --archive.")
        try:
            data = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            return ArchiveSettings()
        except OSError as error:
            raise InputError(f"{path}: cannot be read ({error.strerror}); check --archive.") from error
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise InputError(f"{path}: cannot be read ({error}); correct it.") from error
        known = sorted(one.name for one in fields(ArchiveSettings))
        for key, value in data.items():
            if key not in known:
                raise InputError(f"{path}: key {key} is not known; the keys are {', '.join(known)}.")
            if wanted := _wanted(key, value):
                raise InputError(f"{path}: key {key} must be {wanted}, but it is {value!r}.")
        return ArchiveSettings(**data)

    def record_files(self, site_id: str) -> list[Path]:
        """Return the files of a site's records in order of their writing; one may still be written."""
        folder = self.site_folder(site_id) / "records"
        return sorted([*folder.glob("*.jsonl"), *folder.glob(f"*.jsonl{OPEN}")])

    def records(self, *sites: str, revisions: bool = False) -> Iterator[Record]:
        """Stream the records of the named sites, or of all: the newest revision of each article that is not
        gone, or with ``revisions`` every line as written, tombstones too. Memory holds ids and places only.
        """
        for site_id in sites or self.site_ids():
            files = self.record_files(site_id)
            last = None if revisions else _last_lines(files)
            for path in files:
                for offset, line in read_lines(path):
                    if last is not None and last[_head(path, offset, line)[0]][1:] != (path.name, offset):
                        continue
                    record = read_record(path, offset, line)
                    if revisions or record.kind == "revision":
                        yield record

    def lines_of(self, site_id: str, article: str) -> Iterator[Record]:
        """Yield every line of one article of a site, named by its address or its id, in order of writing."""
        article_id = record_id(site_id, article) if "://" in article else article
        for path in self.record_files(site_id):
            for offset, line in read_lines(path):
                if _head(path, offset, line)[0] == article_id:
                    yield read_record(path, offset, line)

    def warc_files(self, site_id: str) -> list[Path]:
        """Return the WARC files of a site in order of their writing; the last may still be written."""
        from newsspider.capture.warcfile import warc_files

        return warc_files(self.site_folder(site_id) / "warc")

    def captures(self, *sites: str) -> Iterator[Capture]:
        """Stream every capture of the named sites, or of all, in order of their writing.

        Raises :class:`DamagedError` at the end, when everything else was given, where a place cannot be read.
        """
        from pipelines.store.sound import Damage
        from pipelines.store.warc import read_sound

        damage: list[Damage] = []
        for site_id in sites or self.site_ids():
            for path in self.warc_files(site_id):
                # The end of a file that is being written is no damage.
                yield from read_sound(path, damage.append if path.suffix != OPEN else lambda _: None)
        if damage:
            more = f" There are {len(damage) - 1} such places more." if len(damage) > 1 else ""
            raise DamagedError(f"{damage[0].message}{more} Run «newsspider verify», which names what they held.")


def _wanted(key: str, value: object) -> str | None:
    """Return what the value of a setting must be, where it is not that."""
    if key == "min_free_mb":
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0
        return None if is_number else "a number, 0 or more"
    # contact and operator become header fields, of requests and of the WARC.
    if not isinstance(value, str) or not value.isprintable():
        return "a text of one line"
    if key == "hant" and value not in REGIONS:
        return f"one of {', '.join(REGIONS)}"
    if key == "text_model" and not SHA256.fullmatch(value):
        return "a SHA-256 in 64 digits, the name of a file in models/"
    return None


def open_archive(path: str | os.PathLike[str]) -> Archive:
    """Open an archive for reading. Raises :class:`NoArchiveError` where there is none."""
    root = Path(path)
    if not (root / "sites").is_dir():
        raise NoArchiveError(f"{root}: is not an archive (it has no folder sites/); check the path.")
    return Archive(root)


def _last_lines(files: list[Path]) -> dict[str, tuple[int, str, int]]:
    """Return revision, file and offset of the newest line of each article."""
    last: dict[str, tuple[int, str, int]] = {}
    for path in files:
        for offset, line in read_lines(path):
            article, revision = _head(path, offset, line)
            if revision >= last.get(article, (0, "", 0))[0]:
                last[article] = (revision, path.name, offset)
    return last


def _head(path: Path, offset: int, line: bytes) -> tuple[str, int]:
    try:
        return line_head(line)
    except ValueError as error:
        raise DamagedError(f"{path}: byte {offset} is no record; run «newsspider rebuild --records».") from error


def find_capture(archive: Archive, uri: str) -> tuple[str, Capture] | None:
    """Return site and newest capture that holds a whole response from an address, or None.

    Raises :class:`DamagedError` where none is found, and there is something that cannot be read.
    """
    found: tuple[str, Capture] | None = None
    problems: list[str] = []
    for site_id in archive.site_ids():
        for path in reversed(archive.warc_files(site_id)):
            captures = list(_captures_of(uri, path, problems.append))
            for capture in captures:
                if found is None or capture.captured_at >= found[1].captured_at:
                    found = (site_id, capture)
            if captures and not captures[-1].imported:
                break  # what stands before it is older; only an imported file may hold old captures behind new ones
    if found is None and problems:
        raise DamagedError(problems[0])
    return found


def _captures_of(uri: str, path: Path, report: Callable[[str], object]) -> Iterator[Capture]:
    """Yield the captures in a WARC file that hold whole responses from an address, in order of writing.

    The file is read through where it has no index, as while it is written. What cannot be read is reported.
    """
    from newsspider.capture.warcfile import index_path
    from pipelines.store.cdxj import find_places
    from pipelines.store.warc import read_capture, read_sound

    try:
        places = find_places(index_path(path), uri)
    except (FileNotFoundError, DamagedError):
        for capture in read_sound(path, lambda damage: report(damage.message)):
            if capture.target_uri == uri and capture.status is not None and capture.profile is None:
                yield capture
        return
    for place in places:
        try:
            yield read_capture(path, place)
        except DamagedError as error:
            report(str(error))


def held_site(archive: Archive, site_id: str, sites_dir: Path | None) -> Site:
    """Return the site file of a site that the archive holds: of the catalogue, else as the newest WARC has it.

    Raises :class:`InputError` where the archive does not hold the site, :class:`SiteError` for a wrong file.
    """
    from newsspider.sites import find_catalogue, load_site, parse_site

    if not archive.site_folder(site_id).is_dir():
        raise InputError(f"{site_id}: the archive {archive.root} does not hold this site.")
    catalogue = find_catalogue(sites_dir)
    if sites_dir is not None or (catalogue / f"{site_id}.toml").is_file():
        return load_site(site_id, catalogue, allow_private=True)
    if text := site_file(archive, site_id):
        return parse_site(text, name=f"{site_id} (site file in the archive's WARC)", allow_private=True)
    raise InputError(f"{site_id}: no site file in {catalogue} nor in the archive; name its folder with --sites.")


def site_file(archive: Archive, site_id: str) -> str | None:
    """Return the text of the site file as the newest WARC has it, where one does."""
    from pipelines.store.warc import read_about

    texts = (read_about(path).get("siteFile") for path in reversed(archive.warc_files(site_id)))
    return next(filter(None, texts), None)
