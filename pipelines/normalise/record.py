"""From what a page says to a line of the dataset: repair, scripts, language, digests.

The raw text of every repaired field comes back from the record alone: undo its ``repairs``.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from pipelines import VERSION
from pipelines.model import (
    Article,
    Contributor,
    Conversion,
    Document,
    Edit,
    Evidence,
    Extractor,
    FieldEvidence,
    Finding,
    Link,
    Navigation,
    Outcome,
    Record,
    Repair,
    Site,
)
from pipelines.normalise.charmodel import CharModel
from pipelines.normalise.damage import repair
from pipelines.normalise.damage.characters import (
    find_entities,
    find_invisible,
    find_private_use,
    find_radicals,
    has_odd_characters,
)
from pipelines.normalise.damage.marks import PAIR, PICTURES
from pipelines.normalise.damage.mojibake import HIGH_RUN, utf8_as_gbk
from pipelines.normalise.damage.signs import ANNOTATION, find_candidates
from pipelines.normalise.hans import to_hans
from pipelines.normalise.hant import to_hant
from pipelines.normalise.language import find_language
from pipelines.normalise.mirror import find_signals
from pipelines.normalise.overrides import digest as overrides_digest
from pipelines.normalise.script import classify_script
from pipelines.revise import text_digest
from pipelines.uri import record_id

T = TypeVar("T")

EVIDENCED = tuple(field.name for field in fields(FieldEvidence) if field.name in Article.__slots__)

MOST_RAW = 200
"""Code points of raw text that the evidence of a field quotes: a whole body stands in ``body``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Models:
    """What an archive's settings choose for its records."""

    text: CharModel | None = None
    """The character model of the text repair; None for the one built in."""
    hant: str | None = None
    """``tw``, ``hk`` or ``generic`` where records are wanted in traditional script too."""


def to_record(article: Article, document: Document, *, site: Site | None, models: Models) -> Record:
    """Return the record of an article that was read from a document; its captures are still to be named."""
    text, edits, damaged = _repaired(article, models)
    language = find_language(text.get("body") or text.get("title", ""), document.root.get("lang"))
    record = Record(
        id=record_id(site.id if site else "", document.uri),
        url=document.uri,
        site=site.id if site else "",
        institution=site.institution if site else None,
        title=text.get("title"),
        published=article.published.value.value if article.published else None,
        published_precision=article.published.value.precision if article.published else None,
        modified=article.modified.value.value if article.modified else None,
        source=text.get("source"),
        author=text.get("author"),
        editor=text.get("editor"),
        contributors=_contributors(article, text),
        section=text.get("section"),
        navigation=_navigation(article, text),
        body=text.get("body"),
        language=language,
        images=article.images.value if article.images else (),
        attachments=article.attachments.value if article.attachments else (),
        repairs=tuple(
            Repair(
                field=name, start=edit.start, end=edit.end, old=edit.old, new=edit.new,
                kind=edit.kind, margin=edit.margin, certain=edit.certain,
            )
            for name, made in edits.items()
            for edit in made
        ),
        mirror=find_signals(document.uri, text, site, damaged=damaged),
        evidence=_evidence(article),
        outcome=Outcome.OK,
        text_digest=text_digest(text.get("title"), text.get("body")),
        layout=article.layout,
        extractor=extractor(site, models),
    )  # fmt: skip
    return _in_scripts(record, models.hant) if language == "zh" else record


def _repaired(article: Article, models: Models) -> tuple[dict[str, str], dict[str, tuple[Edit, ...]], bool]:
    """Return the repaired texts of all fields, their edits, and whether the page was damaged by a mirror's program.

    What a repair decides for the page as a whole, it decides by the article itself; titles of neighbours follow,
    and have no voice: another neighbour must not make another article.
    """
    own, around = dict(raw_texts(article)), dict(_titles_around(article))
    if not may_be_damaged("\n".join((*own.values(), *around.values()))):
        return {**own, **around}, dict.fromkeys((*own, *around), ()), False
    repaired = repair(own, model=models.text)
    texts, edits = dict(repaired.texts), dict(repaired.edits)
    damaged = repaired.report.injected or repaired.report.counts.get("slip", 0) > 0
    if not (damaged or repaired.report.unrepaired or may_be_damaged("\n".join(around.values()))):
        texts |= around
        edits |= dict.fromkeys(around, ())
    elif around:
        with_them = repair({**own, **around}, model=models.text)
        texts |= {name: with_them.texts[name] for name in around}
        edits |= {name: with_them.edits[name] for name in around}
    return texts, edits, damaged


_SPOILT = (
    PAIR,
    ANNOTATION,
    re.compile(f"[{PICTURES}]"),
    re.compile("[A-Z](?<=[a-z].)[A-Za-z0-9]{0,2}[\u3400-\u9fff]"),  # a site's name in letters of both cases
)
"""One search each: a pattern of several ways is tried way by way at every character, one of these skips to the next
that it can begin with."""


def may_be_damaged(text: str) -> bool:
    """Tell whether any step of the repair may find something in a text: most have nothing that one looks for."""
    return (
        any(spoilt.search(text) for spoilt in _SPOILT)
        or next(find_candidates(text), None) is not None
        or (has_odd_characters(text) and _is_odd(text))
    )


def _is_odd(text: str) -> bool:
    """Tell whether the odd characters of a text are more than the letters with accents of European languages."""
    return (
        HIGH_RUN.search(text) is not None
        or utf8_as_gbk().search(text) is not None
        or any(find(text) for find in (find_entities, find_invisible, find_radicals, find_private_use))
    )


def extractor(site: Site | None, models: Models) -> Extractor:
    """Return what names the maker of a record."""
    return Extractor(
        version=VERSION,
        site_file=site.digest if site else None,
        text_model=models.text.digest if models.text else None,
    )


def raw_texts(article: Article) -> Iterator[tuple[str, str]]:
    """Yield name (as in ``Repair.field``) and raw text of every field of the article itself."""
    for name in ("title", "source", "author", "editor", "section"):
        finding: Finding[str] | None = getattr(article, name)
        if finding is not None:
            yield name, finding.value
    for number, contributor in enumerate(_value(article.contributors)):
        yield f"contributors.{number}", contributor.name
    if article.body is not None:
        yield "body", article.body.value


def _titles_around(article: Article) -> Iterator[tuple[str, str]]:
    """Yield name and raw text of every title of another page."""
    for name, links in _link_fields(article):
        for number, link in enumerate(links):
            if link.title is not None:
                yield f"{name}.{number}", link.title


def _link_fields(article: Article) -> Iterator[tuple[str, tuple[Link, ...]]]:
    yield "navigation.breadcrumb", _value(article.breadcrumb)
    yield "navigation.previous", (article.previous.value,) if article.previous else ()
    yield "navigation.next", (article.next.value,) if article.next else ()
    yield "navigation.related", _value(article.related)


def _value(finding: Finding[tuple[T, ...]] | None) -> tuple[T, ...]:
    return finding.value if finding is not None else ()


def _contributors(article: Article, text: Mapping[str, str]) -> tuple[Contributor, ...]:
    found = _value(article.contributors)
    return tuple(replace(one, name=text[f"contributors.{number}"]) for number, one in enumerate(found))


def _navigation(article: Article, text: Mapping[str, str]) -> Navigation:
    links = {
        name: tuple(replace(link, title=text.get(f"{name}.{number}")) for number, link in enumerate(found))
        for name, found in _link_fields(article)
    }
    return Navigation(
        breadcrumb=links["navigation.breadcrumb"],
        previous=next(iter(links["navigation.previous"]), None),
        next=next(iter(links["navigation.next"]), None),
        related=links["navigation.related"],
    )


def _evidence(article: Article) -> FieldEvidence:
    """Return the findings' evidence without their values, which the record's own fields hold."""
    return FieldEvidence(
        **{
            name: Evidence(
                rule=finding.rule, raw=finding.raw[:MOST_RAW], place=finding.place, confidence=finding.confidence,
                placeholder=finding.placeholder, note=finding.note, witnesses=finding.witnesses,
            )
            for name in EVIDENCED
            if (finding := getattr(article, name)) is not None
        }
    )  # fmt: skip


def _in_scripts(record: Record, hant: str | None) -> Record:
    """Return a Chinese record with its fields in Hans, and in Hant where that is wanted."""
    script = classify_script(record.body or record.title or "")
    original = script.name if script is not None else None
    names = tuple(one.name for one in record.contributors)
    texts = {name: getattr(record, name) for name in ("title", "source", "section", "body")}
    hans = {name: to_hans(text, script=original) for name, text in texts.items() if text is not None}
    traditional = {
        name: to_hant(text, hant, script=original, names=names)
        for name, text in texts.items()
        if hant is not None and text is not None and name in ("title", "body")
    }
    made: dict[str, Any] = {f"{name}_hans": one.text for name, one in hans.items()}
    made |= {f"{name}_hant": one.text for name, one in traditional.items()}
    return replace(
        record,
        script=original,
        **made,
        conversion=Conversion(
            hans=next((one.configuration for one in hans.values()), None),
            hant=next((one.configuration for one in traditional.values()), None),
            overrides=overrides_digest(),
            changed=sum(one.changed for one in hans.values()),
        ),
    )
