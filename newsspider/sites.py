"""The catalogue: one TOML file for each site, loaded into a :class:`~pipelines.model.Site`.

A site file is a form that a person fills in, so whatever is wrong with it is said in that person's words:
the file, the key, what is wrong, what to write instead. What is wrong with the form is said all at once, and then
what is wrong with the values.
"""

import difflib
import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsspider.capture.addresses import is_host_name, refuse_name
from pipelines.errors import SiteError
from pipelines.model import Site
from pipelines.uri import host_of, resolve

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")
SPAN = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d\Z")

FILLED_IN = {"text", "digest"}
"""Fields of a site that the loader fills in; a file must not set them."""


def find_catalogue(choice: Path | None = None) -> Path:
    """Return the folder of site files: the one chosen, ``./data/sites``, or the packaged one.

    Raises :class:`SiteError` where the chosen folder does not exist.
    """
    if choice is not None:
        if not choice.is_dir():
            raise SiteError(f"{choice}: there is no such folder of site files; check --sites.")
        return choice
    local = Path("data/sites")
    return local if local.is_dir() else packaged_catalogue()


def packaged_catalogue() -> Path:
    """Return the catalogue that comes with newsspider: in the wheel, or in the checkout it was installed from."""
    package = Path(str(files("newsspider")))
    inside = package / "catalogue"
    return inside if inside.is_dir() else package.parent / "data" / "sites"


def site_ids(catalogue: Path) -> list[str]:
    """Return the ids of all sites of a catalogue, sorted."""
    return sorted(path.stem for path in catalogue.glob("*.toml"))


def load_site(site_id: str, catalogue: Path, *, allow_private: bool = False) -> Site:
    """Load one site by its id. Raises :class:`SiteError` where it is not there or its file is wrong."""
    path = catalogue / f"{site_id}.toml"
    if not ID.match(site_id) or not path.is_file():
        known = site_ids(catalogue)
        close = difflib.get_close_matches(site_id, known, n=3)
        hint = f"did you mean {', '.join(close)}?" if close else "see «newsspider sites list»."
        raise SiteError(f"{site_id}: no such site among the {len(known)} of {catalogue}; {hint}")
    return read_site_file(path, allow_private=allow_private)


def read_site_file(path: Path, *, allow_private: bool = False) -> Site:
    """Read and validate one site file. Raises :class:`SiteError` that names file, keys and remedies."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise SiteError(f"{path}: the site file cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise SiteError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8.") from error
    site = parse_site(text, name=str(path), allow_private=allow_private)
    if site.id != path.stem:
        raise SiteError(f"{path}: key id: is {site.id!r}; file and id must have one name, call it {site.id}.toml.")
    return site


def parse_site(text: str, *, name: str, allow_private: bool = False) -> Site:
    """Parse and validate the text of a site file; ``name`` is what errors call it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SiteError(f"{name}: not valid TOML: {error}; correct that line.") from error
    problems = [*unknown_keys(data, Site), *wrong_values(data)] or list(mistakes(data, allow_private))
    if problems:
        raise SiteError("\n".join(f"{name}: {problem}" for problem in problems))
    site: Site = _site_type().validate_python(data)
    seeds = tuple(map(_to_uri, site.seeds))
    return replace(
        site,
        seeds=seeds,
        domains=tuple(map(str.lower, site.domains)) or tuple(dict.fromkeys(map(host_of, seeds))),
        control=_to_uri(site.control or seeds[0]),
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def _to_uri(address: str) -> str:
    """Return an address as a link to it would be followed: people copy them from where 新闻 is not escaped."""
    uri = resolve("", address)
    assert uri is not None, "checked by mistakes()"
    return uri


def unknown_keys(data: Mapping[str, Any], form: type, prefix: str = "") -> Iterator[str]:
    """Yield a problem for each key that the form does not have."""
    hints = get_type_hints(form)
    known = {field.name for field in fields(form)} - FILLED_IN
    for key, value in data.items():
        if key not in known:
            close = difflib.get_close_matches(key, known, n=1)
            remedy = f"did you mean {prefix}{close[0]}?" if close else f"the keys are {', '.join(sorted(known))}."
            yield f"key {prefix}{key}: is not known; {remedy}"
        elif is_dataclass(hints[key]) and isinstance(value, Mapping):
            yield from unknown_keys(value, hints[key], f"{prefix}{key}.")


FORMS = {
    "string": "text in quotes",
    "tuple": "a list in square brackets",
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "dataclass": "a table of keys",
}
"""What a value has to be, by the beginning of the name that pydantic has for the mistake."""


def wrong_values(data: Mapping[str, Any]) -> Iterator[str]:
    """Yield a problem for each required key that is missing and each value of the wrong type."""
    from pydantic import ValidationError

    try:
        _site_type().validate_python(data)
    except ValidationError as error:
        for detail in error.errors():
            key = ".".join(map(str, detail["loc"]))
            if detail["type"] == "missing":
                yield f"key {key}: is missing; id, name and seeds must be given."
            else:
                wanted = next((words for kind, words in FORMS.items() if detail["type"].startswith(kind)), None)
                form = f"must be {wanted}" if wanted else detail["msg"]
                yield f"key {key}: {form}, but it is {detail['input']!r}."


def mistakes(data: Mapping[str, Any], allow_private: bool) -> Iterator[str]:
    """Yield a problem for each value of the right type that cannot be meant."""
    site: Site = _site_type().validate_python(data)
    if not ID.match(site.id):
        yield f"key id: {site.id!r} must be lower-case letters, digits and single hyphens, like nankai-cs."
    if not site.seeds:
        yield "key seeds: is empty; give at least the address of the home page."
    named = [("control", site.control)] if site.control else []
    for key, uri in [*((f"seeds.{n}", uri) for n, uri in enumerate(site.seeds)), *named]:
        yield from _address_mistakes(key, uri, allow_private)
    for domain in site.domains:
        if "/" in domain:
            yield f"key domains: {domain!r} must be a host name, like news.example.edu.cn."
    for key, patterns in (("scope.allow", site.scope.allow), ("scope.deny", site.scope.deny)):
        for pattern in patterns:
            try:
                re.compile(pattern)
            except re.error as error:
                yield f"key {key}: {pattern!r} is no regular expression ({error})."
    for key, value, least in (
        ("politeness.delay", site.politeness.delay, 0.0),
        ("politeness.concurrency", site.politeness.concurrency, 1),
        ("politeness.timeout", site.politeness.timeout, 1.0),
        ("revisit.listing_days", site.revisit.listing_days, 0.0),
        ("revisit.deep_days", site.revisit.deep_days, 0.0),
        ("revisit.article_days", site.revisit.article_days, 0.0),
        ("revisit.article_max_days", site.revisit.article_max_days, 0.0),
        ("files.max_mb", site.files.max_mb, 0.0),
    ):
        if not least <= value < float("inf"):
            yield f"key {key}: must be {least:g} or more, but it is {value:g}."
    for span in site.politeness.quiet_hours:
        if not SPAN.match(span):
            yield f"key politeness.quiet_hours: {span!r} must be a span of times of day, like 08:00-18:00."
    if site.reservations not in ("record", "respect"):
        yield f"key reservations: must be record or respect, but it is {site.reservations!r}."
    try:
        ZoneInfo(site.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        yield f"key timezone: {site.timezone!r} is no IANA time zone, like Asia/Shanghai."


def _address_mistakes(key: str, uri: str, allow_private: bool) -> Iterator[str]:
    try:
        parts = urlsplit(uri)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        yield f"key {key}: {uri!r} is no address ({error})."
        return
    if parts.scheme not in ("http", "https") or not host:
        yield f"key {key}: {uri!r} must be a whole address that begins with http:// or https://."
    elif resolve("", uri) is None or not is_host_name(host):
        yield f"key {key}: {uri!r} is no address that a browser could open; correct its host or port."
    elif not allow_private and (refusal := refuse_name(host)):
        yield f"key {key}: {uri}: {refusal}; give --allow-private if that is meant."


@cache
def _site_type() -> Any:
    from pydantic import TypeAdapter  # 0.2 s: not at start-up

    return TypeAdapter(Site)
