"""How complete what is held of a section is: one statement out of all that the site itself says of it.

Four witnesses are joined: the rows of its listings, the count that a listing prints (共 123 条), the previous and
next links of its articles, and the CMS's own numbers. None is trusted alone: a listing forgets, a count includes
what leads elsewhere, a chain breaks, and a number may belong to another section.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pipelines.model import Outcome, PageKind

WORDS = {
    Outcome.OK: "no article",
    Outcome.NOT_MODIFIED: "no article",
    Outcome.GONE: "gone",
    Outcome.SOFT_404: "gone",
    Outcome.REDIRECTED: "moved to what is not held",
    Outcome.REDIRECTED_HOME: "gone (sent home)",
    Outcome.CAMPUS_ONLY: "campus-only",
    Outcome.LOGIN_REQUIRED: "behind a login",
    Outcome.NEEDS_JAVASCRIPT: "needs JavaScript",
    Outcome.OUT_OF_SCOPE: "elsewhere",
    Outcome.NOT_HTML: "a file",
    Outcome.ROBOTS_DENIED: "denied by robots.txt",
    Outcome.ROBOTS_UNREACHABLE: "denied by an unreachable robots.txt",
    None: "not fetched yet",
}
"""Why an article is missing, for people; other outcomes are said with their name."""

DENSE = 0.5
"""Share of the numbers between the lowest and the highest that must be known before a gap says anything: where a
CMS numbers pictures and drafts too, most numbers are no article."""

FEW = 20
"""Numbers below which no density is measured."""

MOST_GAPS = 50
"""Gaps that are named one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPage:
    """What the archive holds of one page of a listing."""

    uri: str
    section: str | None = None
    total: int | None = None
    """The number of articles that it says the listing has."""
    read_at: datetime | None = None
    """When it was captured; None where only a pager names it."""
    outcome: Outcome | None = None
    """Of the last fetch; None where it was not fetched."""
    pages: tuple[str, ...] = ()
    """The pages that its pager names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An article as the site names it, and what is held of it."""

    uri: str
    title: str | None = None
    date: str | None = None
    outcome: Outcome | None = None
    """Of the last fetch; None where it was not fetched."""
    kind: PageKind | None = None
    is_held: bool = False
    """True where the dataset has a record of it."""

    @property
    def why(self) -> str:
        """Why it is missing, in a few words."""
        if self.outcome in (Outcome.OK, Outcome.NOT_MODIFIED) and self.kind is PageKind.ARTICLE:
            return "no record"
        return WORDS.get(self.outcome) or str(self.outcome).replace("_", " ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """Numbers of the CMS between the section's lowest and highest that nothing on the site has named."""

    first: int
    last: int
    unseen: int
    """How many there are."""
    ranges: tuple[tuple[int, int], ...]
    """The first of them, each from and to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One statement on a section."""

    name: str | None
    uri: str
    """Its first listing page."""
    listed: int
    """Different articles on its listings, whenever they were captured."""
    held: int
    missing: tuple[Row, ...] = ()
    counted: int | None = None
    """How many the listing says there are; None where it prints no number."""
    pages: int = 0
    """Listing pages that are held."""
    pages_missing: tuple[ListingPage, ...] = ()
    """Listing pages that a pager names, and that are not held."""
    unlisted: int = 0
    """Articles that no listing names, but the previous or next link of one that a listing names."""
    unlisted_missing: tuple[Row, ...] = ()
    gaps: Gaps | None = None
    reasons: dict[str, int] = field(default_factory=dict)
    """How many are missing for each reason, the commonest first."""

    @property
    def unseen(self) -> int:
        """How many the listing counts beyond what its pages have shown."""
        return max((self.counted or 0) - self.listed, 0)


def group_pages(pages: Iterable[ListingPage]) -> list[list[ListingPage]]:
    """Return the pages of each listing: those that a pager connects, in the order given."""
    held = {page.uri: page for page in pages}
    parents: dict[str, str] = {uri: uri for uri in held}

    def root(uri: str) -> str:
        while parents[uri] != uri:
            parents[uri] = parents[parents[uri]]
            uri = parents[uri]
        return uri

    order = {uri: number for number, uri in enumerate(held)}
    for page in held.values():
        for named in page.pages:
            if named in parents:
                one, other = sorted((root(page.uri), root(named)), key=order.__getitem__)
                parents[other] = one
    groups: dict[str, list[ListingPage]] = {}
    for uri, page in held.items():
        groups.setdefault(root(uri), []).append(page)
    return list(groups.values())


def judge_section(
    pages: Sequence[ListingPage], rows: Iterable[Row], *, unlisted: Iterable[Row] = (), gaps: Gaps | None = None
) -> Section:
    """Join what is known of a section: its listing pages, their rows, and the articles that only others name."""
    read = [page for page in pages if page.read_at is not None]
    listed = held = others = 0
    missing: list[Row] = []
    for row in rows:
        listed += 1
        held += row.is_held
        missing += [] if row.is_held else [row]
    unlisted_missing: list[Row] = []
    for row in unlisted:
        others += 1
        unlisted_missing += [] if row.is_held else [row]
    names = Counter(page.section for page in read if page.section)
    counts = [(page.read_at, page.total) for page in read if page.read_at and page.total is not None]
    return Section(
        name=names.most_common(1)[0][0] if names else None,
        uri=(read or pages)[0].uri,
        listed=listed,
        held=held,
        missing=tuple(missing),
        counted=max(counts)[1] if counts else None,
        pages=len(read),
        pages_missing=tuple(page for page in pages if page.read_at is None),
        unlisted=others,
        unlisted_missing=tuple(unlisted_missing),
        gaps=gaps,
        reasons=dict(Counter(row.why for row in missing).most_common()),
    )


def find_gaps(own: Iterable[int], known: Sequence[int]) -> Gaps | None:
    """Return what is missing among the numbers of a section's articles; None where they do not tell.

    ``own``: the numbers of its articles; ``known``: those of everything heard of on the site, sorted.

    >>> find_gaps(range(1, 40, 2), [*range(1, 30), *range(33, 40)])
    Gaps(first=1, last=39, unseen=3, ranges=((30, 32),))
    """
    numbers = sorted(set(own))
    if len(numbers) < FEW:
        return None
    first, last = numbers[0], numbers[-1]
    within = known[bisect_left(known, first) : bisect_right(known, last)]
    unseen = 0
    ranges: list[tuple[int, int]] = []
    before = first
    for number in within:
        if number > before + 1:
            unseen += number - before - 1
            if len(ranges) < MOST_GAPS:
                ranges.append((before + 1, number - 1))
        before = number
    span = last - first + 1
    if span - unseen < DENSE * span:
        return None
    return Gaps(first=first, last=last, unseen=unseen, ranges=tuple(ranges))


def say(section: Section) -> str:
    """Return the statement in a person's words.

    >>> say(Section(name="要闻", uri="http://a/", listed=1207, held=1204, missing=(Row(uri="u"),) * 3,
    ...             reasons={"gone": 2, "campus-only": 1}))
    '1,204 of 1,207 listed articles held; 3 missing: 2 gone, 1 campus-only'
    """
    parts = [f"{section.held:,} of {section.listed:,} listed articles held"]
    if section.missing:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in section.reasons.items())
        parts.append(f"{len(section.missing):,} missing: {reasons}")
    if section.unseen:
        parts.append(
            f"the listing counts {section.counted:,}, of which {section.unseen:,} {'was' if section.unseen == 1 else 'were'} not on any page held"
        )
    if section.pages_missing:
        of = section.pages + len(section.pages_missing)
        parts.append(f"{len(section.pages_missing):,} of {of:,} listing pages not held")
    if section.unlisted:
        held = section.unlisted - len(section.unlisted_missing)
        if section.unlisted == 1:
            parts.append(f"1 more named only by its neighbours, {'' if held else 'not '}held")
        else:
            parts.append(f"{section.unlisted:,} more named only by their neighbours, {held:,} of them held")
    if section.gaps and section.gaps.unseen:
        gaps = section.gaps
        parts.append(f"{gaps.unseen:,} numbers between {gaps.first} and {gaps.last} never seen")
    return "; ".join(parts)
