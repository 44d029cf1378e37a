"""A university news site that lives through a year on a clock of its own, and the real spider that keeps it.

The site answers over loopback as it stands at the clock's moment: articles come, are edited, go. Its own log and
its own list of what happened are the judge; nothing the spider says of itself counts.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from bisect import bisect
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from newsspider.archive.folder import Archive
from newsspider.crawl.process import crawl_all
from newsspider.crawl.run import begin_run
from newsspider.frontier.policy import GROWTH
from newsspider.sites import parse_site
from pipelines.model import Revisit

if TYPE_CHECKING:
    from pathlib import Path

    from newsspider.clock import SimulatedClock
    from newsspider.crawl.process import Result

PAGE = 20
"""Rows of a listing page."""

FIRST_PAGES = ("/robots.txt", "/list.htm")
"""What every refresh may ask for: it says what is new."""

PLAN = Revisit()

MOST_JITTER = 1.1
"""The plan spreads visits over the days: one may be so much later than its interval says."""

LONGEST_RUN = timedelta(hours=6)

HEAD = '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}-青山大学新闻网</title></head><body>'
SENTENCE = (
    "会议强调，各学院要认真学习贯彻会议精神，结合实际制定工作方案，把第{number}项任务落到实处，确保取得实效。"
)


@dataclass(slots=True)
class Article:
    """The life of one article."""

    number: int
    created: datetime
    edited: list[datetime] = field(default_factory=list)
    removed: datetime | None = None

    @property
    def path(self) -> str:
        return f"/info/1001/{self.number}.htm"

    def version(self, now: datetime) -> int:
        """Return how often it was edited by then."""
        return sum(moment <= now for moment in self.edited)

    def is_there(self, now: datetime) -> bool:
        return self.created <= now and (self.removed is None or now < self.removed)

    def html(self, now: datetime) -> str:
        title = f"学校召开第{self.number}次工作会议"
        text = "".join(f"<p>{SENTENCE.format(number=self.number + part)}</p>" for part in range(3))
        note = f"<p>更正：本文第{self.version(now)}次修改。</p>" if self.version(now) else ""
        return (
            f"{HEAD.format(title=title)}<div class='nav'><a href='/list.htm'>新闻</a></div><h1>{title}</h1>"
            f"<p>发布时间：{self.created:%Y-%m-%d} 来源：宣传部</p><div class='content'>{text}{note}</div></body></html>"
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """One line of the server's log."""

    moment: datetime
    path: str
    status: int


class SimulatedSite:
    """The site: its articles, and an HTTP server that shows them as they are at the clock's moment."""

    def __init__(self, articles: Sequence[Article], clock: SimulatedClock) -> None:
        self.articles = {article.path: article for article in articles}
        self.clock = clock
        self.log: list[Asked] = []
        self._order = sorted(articles, key=lambda article: article.created, reverse=True)
        self._listed: tuple[datetime, list[Article]] = (datetime.min.replace(tzinfo=UTC), [])

    @asynccontextmanager
    async def serve(self, port: int = 0) -> AsyncIterator[str]:
        """Serve while the block runs; yields the origin."""
        async with await asyncio.start_server(self._serve, "127.0.0.1", port) as server:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                lines = head.decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1]
                known = next(
                    (line[15:].strip() for line in lines if line.lower().startswith("if-none-match:")), None
                )
                writer.write(self.answer(path, known))
        except (asyncio.IncompleteReadError, ConnectionResetError):
            writer.close()

    def answer(self, path: str, known: str | None) -> bytes:
        """Return the response to a request for a path; ``known``: the ETag that it names."""
        now = self.clock.now()
        html = self._page(path, now)
        body = html.encode() if html is not None else b"<html><head><title>404</title></head>not found</html>"
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        status = 404 if html is None else 304 if known == tag else 200
        self.log.append(Asked(now, path, status))
        if status == 304:
            body = b""
        reason = {200: "OK", 304: "Not Modified", 404: "Not Found"}[status]
        length = "" if status == 304 else f"Content-Length: {len(body)}\r\n"
        return (
            f"HTTP/1.1 {status} {reason}\r\nContent-Type: text/html\r\nETag: {tag}\r\n{length}\r\n".encode() + body
        )

    def _page(self, path: str, now: datetime) -> str | None:
        if path in self.articles:
            article = self.articles[path]
            return article.html(now) if article.is_there(now) else None
        if path.startswith("/list"):
            number = path.removeprefix("/list").removesuffix(".htm") or "1"
            return self._listing(int(number), now) if number.isdigit() else None
        return None

    def _listing(self, number: int, now: datetime) -> str | None:
        if self._listed[0] != now:
            self._listed = (now, [article for article in self._order if article.is_there(now)])
        there = self._listed[1]
        rows = there[(number - 1) * PAGE : number * PAGE]
        if not rows:
            return None
        items = "".join(
            f'<li><span>{one.created:%Y-%m-%d}</span><a href="{one.path}">学校召开第{one.number}次工作会议</a></li>'
            for one in rows
        )
        following = f'<a href="/list{number + 1}.htm">下一页</a>' if number * PAGE < len(there) else ""
        return f"{HEAD.format(title='新闻')}<ul class='list'>{items}</ul><div class='page'>{following}</div></body></html>"


def make_articles(seed: int, *, old: int, start: datetime, days: int, new_per_day: float) -> list[Article]:
    """Return the lives of all articles: ``old`` ones of the ten years before, and those of the days to come.

    A fifth of the new articles is edited, most within the first week; of the old ones, one in a thousand a year. One
    in a hundred goes. August and February are holidays. Without new articles nothing changes at all.
    """
    rng = random.Random(seed)
    moments = [start - timedelta(days=rng.uniform(30, 3650)) for _ in range(old)]
    for day in range(days):
        today = start + timedelta(days=day)
        rate = 0.0 if today.month in (2, 8) else new_per_day
        count = int(rate) + (rng.random() < rate % 1)
        moments += [today + timedelta(hours=rng.uniform(8, 18)) for _ in range(count)]
    articles = [Article(number=1000 + number, created=moment) for number, moment in enumerate(sorted(moments))]
    end = start + timedelta(days=days)
    for article in articles if new_per_day else ():
        if article.created >= start:
            if rng.random() < 0.2:
                article.edited.append(article.created + timedelta(days=min(rng.expovariate(1 / 3), 60)))
        elif rng.random() < 0.001 * days / 365:
            article.edited.append(start + (end - start) * rng.random())
        if rng.random() < 0.01:
            article.removed = max(article.created, start) + timedelta(days=rng.uniform(5, days))
    return articles


SITE = """
id = "hill"
name = "青山大学新闻网"
seeds = ["{origin}/list.htm"]
[politeness]
delay = 0.1
"""


async def keep(site: SimulatedSite, archive: Path, moments: Sequence[datetime], *, port: int = 0) -> list[Result]:
    """Run the real spider at each of the moments; return what each run did."""
    results = []
    async with site.serve(port) as origin:
        entry = parse_site(SITE.format(origin=origin), name="simulation", allow_private=True)
        for moment in moments:
            site.clock.move_to(moment)
            run = begin_run(Archive(archive), clock=site.clock, allow_private=True)
            (result,) = await crawl_all(run, [entry], {"LOG_LEVEL": "ERROR"}, lambda _: None)
            run.budget.close()
            if result.error is not None:
                raise result.error
            results.append(result)
    return results


@dataclass(slots=True)
class Found:
    """What was seen of the changes of one kind."""

    happened: int = 0
    due: int = 0
    """Those that the revisit plan asks for by the last run: the others are nobody's to find yet."""
    in_time: int = 0
    """Of those that were due: seen by the run that the plan names, or before it."""
    delays: list[float] = field(default_factory=list)
    """Days from each that was seen, due or not, to the first answer that showed it."""

    def count(self, at: datetime, seen: datetime | None, due: datetime | None) -> None:
        """Count a change at a moment; ``due`` is the run that should see it."""
        self.happened += 1
        self.due += due is not None
        if seen is not None:
            self.delays.append((seen - at) / timedelta(days=1))
            self.in_time += due is not None and seen < due + LONGEST_RUN


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the server's log and the site's own list say of the spider."""

    runs: int
    requests: list[int]
    """Of each run."""
    first_pages: list[int]
    """Of them those for robots.txt and the first page of the listing."""
    new: int
    new_held: int
    """Articles that were held after the first run that could find them."""
    edits: Found
    removals: Found


def judge(site: SimulatedSite, moments: Sequence[datetime]) -> Judgement:
    """Hold the log against what happened between the first run and the last."""
    first, last = moments[0], moments[-1]
    visits: dict[str, list[Asked]] = {}
    per_run: Counter[int] = Counter()
    first_pages: Counter[int] = Counter()
    for asked in site.log:
        run = bisect(moments, asked.moment) - 1
        per_run[run] += 1
        first_pages[run] += asked.path in FIRST_PAGES
        visits.setdefault(asked.path, []).append(asked)
    new = new_held = 0
    edits, removals = Found(), Found()
    for path, article in site.articles.items():
        asked_for = visits.get(path, [])
        following = _first(moments, article.created)
        if following is not None and first < article.created and article.is_there(following):
            new += 1
            new_held += any(
                one.status == 200 and following <= one.moment < following + LONGEST_RUN for one in asked_for
            )
        gone = article.removed or datetime.max.replace(tzinfo=UTC)
        for edit in article.edited:
            if first < edit < min(last, gone):
                due = due_run(article, edit, asked_for, moments)
                edits.count(edit, _seen(edit, 200, asked_for), due if due and due < gone else None)
        if max(first, article.created) < gone < last:
            removals.count(gone, _seen(gone, 404, asked_for), due_run(article, gone, asked_for, moments))
    return Judgement(
        runs=len(moments),
        requests=[per_run[number] for number in range(len(moments))],
        first_pages=[first_pages[number] for number in range(len(moments))],
        new=new,
        new_held=new_held,
        edits=edits,
        removals=removals,
    )


def due_run(
    article: Article, at: datetime, visits: Sequence[Asked], moments: Sequence[datetime]
) -> datetime | None:
    """Return the run that sees a change at a moment if the revisit plan is kept; None where it is beyond the last.

    The last visit before the change sets the next one, by the age of what the page said then: since its publication,
    or since the visit that found it edited. A visit that is overdue when the change comes is due at once.
    """
    before = [one for one in visits if one.moment < at]
    if not before:
        return _first(moments, at)
    changes = [one.moment for one in before if one.status == 200]
    published = article.created.replace(hour=0, minute=0, second=0, microsecond=0)
    age = before[-1].moment - (changes[-1] if len(changes) > 1 else published)
    longest = timedelta(days=PLAN.article_max_days)
    wait = min(max(GROWTH * age, timedelta(days=PLAN.article_days)), longest) * MOST_JITTER
    return _first(moments, max(at, before[-1].moment + wait))


def _first(moments: Sequence[datetime], since: datetime) -> datetime | None:
    return next((moment for moment in moments if moment >= since), None)


def _seen(at: datetime, status: int, visits: Sequence[Asked]) -> datetime | None:
    return next((one.moment for one in visits if one.moment >= at and one.status == status), None)
