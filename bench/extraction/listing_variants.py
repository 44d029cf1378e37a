"""Listings and page kinds on pages that no one has at hand: the labelled ones, as other institutions would print them.

    python -m bench.extraction.listing_variants [FOLDER] [--show 20]

What a page says stays, so its label stays true; how it says it changes. The rows of a labelled listing are printed
in the markup of other templates, with dates and pagers of other forms, into the frames of the labelled listings;
their classes and ids are scrambled, and other lists set beside them. Articles and pages that are none are scrambled
and surrounded in the same way and must stay what they are. FOLDER is that of ``lists``, ``articles`` and
``notarticles``; without it the labelled pages beside the project. The same pages in every run.
"""

import argparse
import json
import random
import sys
from calendar import month_abbr
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from pathlib import Path
from unicodedata import normalize

import lxml.html
from lxml.html import HtmlElement

from pipelines.document import open_document
from pipelines.model import Document, Outcome, PageKind
from pipelines.normalise.record import Models
from pipelines.read import read_document
from pipelines.uri import resolve
from tests.shared import SHARED

LISTING = "http://www.example.edu.cn/a/b/xwzx/list.htm"
LOOSE = "http://www.example.edu.cn/a/b/c/d/page.htm"
"""Addresses of pages whose own are not known: deep enough for ``../../``."""

ROWS = {
    "list, date before": "<ul>|<li><span>{date}</span><a href='{href}'>{title}</a></li>|</ul>",
    "list, date behind": "<ul>|<li><a href='{href}'>{title}</a><span>{date}</span></li>|</ul>",
    "list, date in link": "<ul>|<li><a href='{href}'>{title}<span>{date}</span></a></li>|</ul>",
    "list, date first in link": "<ul>|<li><a href='{href}'><i>{date}</i><b>{title}</b></a></li>|</ul>",
    "list, bare date behind": "<ul>|<li>· <a href='{href}'>{title}</a> {date}</li>|</ul>",
    "list, full title in attribute": "<ul>|<li><a href='{href}' title='{title}'>{cut}</a><em>{date}</em></li>|</ul>",
    "list, department before": "<ul>|<li><i>教务处</i><a href='{href}'>{title}</a><span>{date}</span></li>|</ul>",
    "list, department behind": "<ul>|<li><a href='{href}'>{title}</a><span>研究生院</span><span>{date}</span></li>|</ul>",
    "list, clicks behind": "<ul>|<li><a href='{href}'>{title}</a><span>{date}</span><span>{n}1</span></li>|</ul>",
    "table": "<table>|<tr><td>·</td><td><a href='{href}'>{title}</a></td><td>{date}</td></tr>|</table>",
    "table with head": "<table><thead><tr><th>No.</th><th>标题</th><th>时间</th></tr></thead><tbody>|<tr><td>{n}</td>"
    "<td><a href='{href}'>{title}</a></td><td>{date}</td></tr>|</tbody></table>",
    "a table a row": "<div>|<table><tr><td><img src='d.gif'></td><td><a href='{href}'>{title}</a></td><td>{date}</td></tr>"
    "</table>|</div>",
    "table, line between": "<table>|<tr><td><a href='{href}'>{title}</a></td><td>{date}</td></tr><tr><td colspan='2'><hr>"
    "</td></tr>|</table>",
    "table, click on the row": "<table>|<tr onclick=\"location.href='{href}'\"><td>{n}</td><td>{title}</td><td>{date}</td>"
    "</tr>|</table>",
    "div rows": "<div>|<div><div><a href='{href}'>{title}</a></div><div>{date}</div></div>|</div>",
    "div rows without a box": "<div>|<div><a href='{href}'>{title}</a><span>{date}</span></div>|</div>",
    "div rows, date block before": "<div>|<div><div>{date}</div><div><h4><a href='{href}'>{title}</a></h4><p>{summary}</p>"
    "</div></div>|</div>",
    "box links": "<div>|<a href='{href}'><div>{date}</div><div><h3>{title}</h3><p>{summary}</p></div></a>|</div>",
    "box links in list": "<ul>|<li><a href='{href}'><h5>{title}</h5><p>{summary}</p><span>{date}</span></a></li>|</ul>",
    "summary and more": "<ul>|<li><h3><a href='{href}'>{title}</a></h3><p>{summary}</p><div>{date}</div>"
    "<a href='{href}'>查看更多</a></li>|</ul>",
    "thumbnails": "<ul>|<li><a href='{href}'><img src='/u/{n}.jpg' alt='{title}'></a><div><a href='{href}'>{title}</a>"
    "<p>{summary}</p><span>{date}</span></div></li>|</ul>",
    "thumbnails, linked summary": "<ul>|<li><a href='{href}'><img src='/u/{n}.jpg'></a><h4><a href='{href}'>{title}</a></h4>"
    "<p><a href='{href}'>{summary}</a></p><span>{date}</span></li>|</ul>",
    "cards": "<div>|<div><a href='{href}'><img src='/u/{n}.jpg'></a><p>{title}</p><span>{date}</span></div>|</div>",
    "figures": "<div>|<figure><a href='{href}'><img src='/u/{n}.jpg'><figcaption>{title}</figcaption></a><time>{date}</time>"
    "</figure>|</div>",
    "definition list": "<dl>|<dt><a href='{href}'>{title}</a></dt><dd>{date}</dd>|</dl>",
    "definition list, date first": "<dl>|<dt>{date}</dt><dd><a href='{href}'>{title}</a></dd>|</dl>",
    "paragraphs": "<div>|<p><a href='{href}'>{title}</a> {date}</p>|</div>",
    "line breaks": "<div>|<a href='{href}'>{title}</a> {date}<br>|</div>",
    "headings": "<div>|<h3><a href='{href}'>{title}</a></h3><p>{date}</p><p>{summary}</p>|</div>",
    "articles": "<div>|<article><header><h2><a href='{href}'>{title}</a></h2><time>{date}</time></header><p>{summary}</p>"
    "<footer><a href='/category/a/' rel='tag'>News</a></footer></article>|</div>",
    "section link in row": "<ul>|<li>[<a href='/xsgz/'>学生工作</a>]<a href='{href}'>{title}</a><span>{date}</span></li>|</ul>",
    "file beside": "<ul>|<li><a href='{href}'>{title}</a><a href='/f/{n}.pdf'>附件</a><span>{date}</span></li>|</ul>",
    "font tags": "<table><tr><td>|<font color='red'>★</font><a href='{href}' target='_blank'><font size='2'>{title}</font></a>"
    " <font color='#999'>{date}</font><br>|</td></tr></table>",
    "deep boxes": "<div><div>|<div><div><div><div><div><span><a href='{href}'><span>{title}</span></a></span></div></div>"
    "<div><span>{date}</span></div></div></div></div>|</div></div>",
    "every five a list": "<ul>|<li><a href='{href}'>{title}</a><span>{date}</span></li>{cutting}|</ul>",
    "months above": "<div>|<div><a href='{href}'>{title}</a><small>{date}</small></div>{rule}|</div>",
}  # fmt: skip
"""Before, row, behind; ``cutting`` ends a list and begins another after five rows, ``rule`` is a line after three."""

DATES = {
    "iso": "{y}-{m}-{d}",
    "brackets": "[{y}-{m}-{d}]",
    "round brackets": "（{y}-{m1}-{d1}）",
    "slashes": "{y}/{m}/{d}",
    "dots": "{y}.{m}.{d}",
    "Chinese": "{y}年{m}月{d}日",
    "labelled": "发布时间：{y}-{m}-{d}",
    "with time": "{y}-{m}-{d} 09:05:00",
    "month and day": "{m}-{d}",
    "day, year-month": "<b>{d}</b><span>{y}-{m}</span>",
    "day over year.month": "<p>{d}</p><p>{y}.{m}</p>",
    "month-day, year": "<strong>{m}-{d}</strong><em>{y}</em>",
    "year, month/day": "<span>{y}</span><b>{m}/{d}</b>",
    "English": "{mon} {d1}, {y}",
    "German": "{d}.{m}.{y}",
    "day, month name": "<b>{d}</b><span>{mon} {y}</span>",
    "Korean": "{y}. {m}. {d}.",
    "short year": "{yy}-{m}-{d}",
}

PAGERS = {
    "words": "<div><a href='#'>首页</a><a href='#'>上页</a><a href='{next}'>下页</a><a href='/z/9.htm'>尾页</a></div>",
    "numbers": "<div><span>1</span><a href='{next}'>2</a><a href='/z/3.htm'>3</a><a href='/z/4.htm'>4</a>"
    "<a href='{next}'>&gt;</a></div>",
    "count": "<p>共 20 页 第 1 页 <a href='{next}'>下一页</a> <a href='/z/20.htm'>尾页</a></p>",
    "table": "<table><tr><td>共285条 1/20</td><td>首页 上页 <a href='{next}'>下页</a> <a href='/z/1.htm'>尾页</a></td></tr></table>",
    "items": "<ul><li><a href='#'>«</a></li><li class='active'><a href='#'>1</a></li><li><a href='{next}'>2</a></li>"
    "<li><a href='{next}'>»</a></li></ul>",
    "script": "<div>第1页 <a href=\"javascript:go('{next}')\">下一页</a></div><script>function go(u){{location.href=u;}}</script>",
    "click": "<div><span onclick=\"window.location.href='{next}'\">下一页</span></div>",
    "select": "<div><a href='{next}'>后一页</a> 转到<select onchange='go(this)'><option>1</option><option>2</option></select></div>",
    "English": "<nav><ul><li><a href='{next}' rel='next'>Next page</a></li></ul></nav>",
    "older": "<div><a href='{next}'>← Older posts</a></div>",
    "icon": "<div><b>1</b> <a href='{next}'>2</a> <a class='next' href='{next}'><i class='fa'></i></a></div>",
    "Korean": "<div><strong>1</strong><a href='{next}'>2</a><a href='{next}'>다음</a></div>",
    "Japanese": "<div><a href='{next}'>次へ</a></div>",
    "German": "<div><a href='{next}'>nächste</a></div>",
}  # fmt: skip

HOT = "".join(
    f"<li><a href='/hot/{n}.htm'>校园热点新闻标题第{n}条内容在此列出供大家阅读</a><span>2019-05-0{n}</span></li>"
    for n in range(1, 9)
)
MENU = "".join(f"<li><a href='/m/{n}/'>{a}{b}</a></li>" for n, (a, b) in enumerate(
    (a, b) for a in ("学院", "本科生", "研究生", "科研", "党建", "国际交流") for b in
    ("概况介绍", "工作动态", "管理办法", "下载中心", "师资队伍", "组织机构", "规章制度", "招生信息", "培养方案", "联系方式")
))  # fmt: skip
BESIDE = {
    "menu of 60": (f"<div><ul>{MENU}</ul></div>", ""),
    "menu of 60, a div each": ("<div>" + MENU.replace("li>", "div>") + "</div>", ""),
    "hot list before": (f"<div><h3>热点新闻</h3><ul>{HOT}</ul></div>", ""),
    "hot list behind": ("", f"<div><h3>通知公告</h3><ul>{HOT}</ul></div>"),
    "undated list behind": ("", "<div><h3>推荐阅读</h3><ul>" + "".join(
        f"<li><a href='/rec/{n}.htm'>推荐阅读的新闻标题第{n}条</a></li>" for n in range(10)) + "</ul></div>"),
    "carousel": ("<div>" + "".join(
        f"<div><a href='/pic/{n}.htm'><img src='/p/{n}.jpg'></a><p>图片新闻标题第{n}条校领导调研</p></div>" for n in range(5)
    ) + "</div>", ""),
    "partners": ("", "<div>友情链接 " + "".join(
        f"<a href='http://www.partner{n}.cn/'>合作单位名称较长的第{n}家研究机构</a>" for n in range(20)) + "</div>"),
    "sections": ("<div><ul>" + "".join(f"<li><a href='/lm{n}/list.htm'>栏目第{n}项</a></li>" for n in range(8)) + "</ul></div>", ""),
}  # fmt: skip
"""What other templates have before and behind the main column."""

CHANGES = (
    "none", "every fourth row without a date", "every third row leads elsewhere", "a copy for mobiles",
    "commented-out rows", "a row of another age on top",
)  # fmt: skip
"""What else may be done to the rows of a listing."""

SUMMARY = "为深入贯彻落实上级会议精神，进一步推动相关工作，学校于近日召开专题会议，相关部门负责人参加了会议并进行了交流..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A labelled listing: its page and what it lists."""

    id: str
    document: Document
    items: tuple[tuple[str, str, str], ...]
    """Title, address as written, day."""
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A page, what it is called, and what reading it must give."""

    id: str
    of: tuple[str, ...]
    """What it was changed by: the lines of the table it counts in."""
    document: Document
    kind: PageKind
    outcome: Outcome = Outcome.OK
    items: tuple[tuple[str, str | None, str | None], ...] | None = None
    next: str | None = None


# ── pages ──────────────────────────────────────────────────────────────────────────────────────────────────


def scramble(root: HtmlElement) -> None:
    """Give every class and id another name, the same for the same: no rule can know a template by its words."""
    names: dict[str, str] = {}
    number = count()
    for element in root.iter("*"):
        for key in ("class", "id"):
            if value := element.get(key):
                new = [names.setdefault(one, f"x{next(number)}") for one in value.split()]
                element.set(key, " ".join(new))
    for style in [*root.iter("style")]:
        style.text = ""


def empty_main(root: HtmlElement, hrefs: Sequence[str]) -> HtmlElement:
    """Return the element that held all the rows, without what was in it."""
    wanted = set(hrefs)
    main = root
    while True:
        inner = [child for child in main if wanted <= set(_addresses(child))]
        if not inner:
            break
        main = inner[0]
    while main.tag in ("table", "tbody", "tr", "ul", "ol", "dl"):  # where a list stands, anything may
        main = main.getparent()
    for child in list(main):
        main.remove(child)
    main.text = None
    return main


def _addresses(element: HtmlElement) -> Iterator[str]:
    for one in element.iter("*"):
        if href := one.get("href"):
            yield href
        yield from (one.get("onclick") or "").split("'")


def put(parent: HtmlElement, markup: str, *, first: bool = False) -> None:
    """Put markup into an element, at its end or at its start."""
    for at, element in enumerate(lxml.html.fragments_fromstring(markup) if markup else []):
        if first:
            parent.insert(at, element)
        else:
            parent.append(element)


def open_tree(root: HtmlElement, like: Document, *, captured_at: datetime | None = None) -> Document:
    """Return a tree as the page that a server would send."""
    source = lxml.html.tostring(root, encoding="utf-8", doctype="<!DOCTYPE html>")
    return open_document(source, uri=like.uri, captured_at=captured_at)


# ── listings ───────────────────────────────────────────────────────────────────────────────────────────────


def change_items(items: Sequence[tuple[str, str, str]], change: str) -> tuple[tuple[str, str, str], ...]:
    """Return the rows of a label with one of the changes made; a row without a date has an empty one."""
    changed = []
    for number, (title, href, day) in enumerate(items, 1):
        is_undated = change == CHANGES[1] and number % 4 == 0
        leads_away = change == CHANGES[2] and number % 3 == 0
        changed.append(
            (title, f"https://mp.weixin.qq.com/s/a{number}b" if leads_away else href, "" if is_undated else day)
        )
    if change == CHANGES[5]:
        changed.insert(0, ("学校信息公开工作年度报告汇总", "/xxgk/nb.htm", "2009-11-30"))
    return tuple(changed)


def print_rows(row: str, date: str, items: Sequence[tuple[str, str, str]]) -> str:
    """Return rows in the markup of a template."""
    before, middle, behind = ROWS[row].split("|")
    made = []
    for number, (title, href, day) in enumerate(items, 1):
        year, month, date_ = (day or "2000-01-01").split("-")
        printed = DATES[date].format(
            y=year,
            yy=year[2:],
            m=month,
            d=date_,
            m1=int(month),
            d1=int(date_),
            mon=month_abbr[int(month)],
        )
        short = f"{title[:10]}..." if len(title) > 12 else title
        made.append(middle.format(
            href=escape(href), title=escape(title), cut=escape(short), date=printed if day else "", n=number, summary=SUMMARY,
            cutting="</ul><ul>" if number % 5 == 0 and number < len(items) else "",
            rule="<hr>" if number % 3 == 0 else "",
        ))  # fmt: skip
    return before + "".join(made) + behind


def escape(text: str) -> str:
    """Write a text into markup and attributes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("'", "&#39;").replace('"', "&quot;")


def listing_variants(labels: Sequence[Label]) -> Iterator[Variant]:
    """Yield every template with the rows of every label, in its own frame; dates, pagers and neighbours take turns."""
    dates, pagers, besides, changes = (spin(table) for table in (DATES, PAGERS, BESIDE, CHANGES))
    for row in ROWS:
        for label in labels:
            date, pager, beside, change = next(dates), next(pagers), next(besides), next(changes)
            if date == "month and day" and (change in (CHANGES[1], CHANGES[5]) or not is_ordered(label)):
                date = "iso"
            yield make_listing(label, row, date, pager, beside, change)


def spin(table: Iterable[str]) -> Iterator[str]:
    """Yield the names of a table without an end, in an order that repeats late."""
    drawn = random.Random(3)
    while True:
        names = list(table)
        drawn.shuffle(names)
        yield from names


def is_ordered(label: Label) -> bool:
    """Tell whether days without a year can be told: from new to old, without a gap of a year."""
    days = [datetime.fromisoformat(day) for _, _, day in label.items]
    return all(timedelta(0) <= new - old < timedelta(300) for new, old in pairwise(days))


def make_listing(label: Label, row: str, date: str, pager: str, beside: str, change: str) -> Variant:
    """Return the page of a label in another template."""
    root = deepcopy(label.document.root)
    main = empty_main(root, [href for _, href, _ in label.items])
    before, behind = BESIDE[beside]
    put(main, f"<div>{before}</div>")
    rows = change_items(label.items, change)
    put(main, f"<div>{print_rows(row, date, rows)}</div>")
    if change == CHANGES[3]:
        put(main, f"<div>{print_rows('box links in list', 'iso', rows)}</div>")
    if change == CHANGES[4]:
        put(main, f"<div><!-- {print_rows('list, date behind', 'iso', rows[::-1])} --></div>")
    if label.next:
        put(main, PAGERS[pager].format(next=escape(label.next)))
    put(main, f"<div>{behind}</div>")
    scramble(root)
    newest = max(day for _, _, day in label.items)
    document = open_tree(
        root, label.document, captured_at=datetime.fromisoformat(newest).replace(tzinfo=UTC) + timedelta(9)
    )
    items = tuple((title, resolve(document.base, href), day or None) for title, href, day in rows)
    pagers = [f"pager: {pager}"] if label.next else []
    names = (f"row: {row}", f"date: {date}", *pagers, f"beside: {beside}", f"change: {change}")
    return Variant(
        id=f"{label.id}, {', '.join(names)}", of=names, document=document, kind=PageKind.LISTING, items=items,
        next=resolve(document.base, label.next) if label.next else None,
    )  # fmt: skip


def own_variants(labels: Sequence[Label]) -> Iterator[Variant]:
    """Yield the labelled listings in their own markup, scrambled and surrounded."""
    for label in labels:
        for beside, (before, behind) in {"nothing": ("", ""), **BESIDE}.items():
            root = deepcopy(label.document.root)
            scramble(root)
            body = root.find("body")
            put(body, before, first=True)
            put(body, behind)
            document = open_tree(root, label.document)
            items = tuple((title, resolve(document.base, href), day) for title, href, day in label.items)
            yield Variant(
                id=f"{label.id}, scrambled, {beside}", of=("own markup, scrambled", f"own, beside: {beside}"),
                document=document, kind=PageKind.LISTING, items=items,
                next=resolve(document.base, label.next) if label.next else None,
            )  # fmt: skip


# ── other pages ────────────────────────────────────────────────────────────────────────────────────────────


def page_variants(folder: Path) -> Iterator[Variant]:
    """Yield the pages that are no listings, scrambled and surrounded: articles stay articles, others what they are."""
    words = {"wechat_verify": Outcome.CHALLENGE}
    for path in sorted(folder.glob("articles/*.json")) + sorted(folder.glob("notarticles/*.json")):
        label = json.loads(path.read_text("utf-8"))
        source = path.with_suffix(".html").read_bytes()
        is_article = path.parent.name == "articles"
        said = label.get("outcome", "ok")
        kind = PageKind.ARTICLE if is_article else PageKind(said) if said in ("home", "search") else PageKind.OTHER
        outcome = Outcome.OK if kind is not PageKind.OTHER else words.get(said) or Outcome(said)
        for uri in (label.get("url") or LOOSE, "http://www.example.edu.cn/show.asp?id=3"):
            if kind is PageKind.HOME and uri != label.get("url"):
                continue
            original = open_document(source, uri=uri)
            for beside, (before, behind) in {"nothing": ("", ""), **BESIDE}.items():
                if beside != "nothing" and not is_article:
                    continue
                root = deepcopy(original.root)
                scramble(root)
                for name in ("name", "property"):
                    for meta in root.iterfind(f".//meta[@{name}]"):
                        meta.getparent().remove(meta)
                body = root.find("body")
                put(root if body is None else body, before, first=True)
                put(root if body is None else body, behind)
                yield Variant(
                    id=f"{path.stem}, {uri}, {beside}",
                    of=(f"{path.parent.name}, scrambled", f"{path.parent.name}, beside: {beside}"),
                    document=open_tree(root, original), kind=kind, outcome=outcome,
                )  # fmt: skip


# ── judging ────────────────────────────────────────────────────────────────────────────────────────────────


def judge(variant: Variant) -> list[str]:
    """Return what is wrong with the reading of a variant."""
    reading = read_document(variant.document, status=200, site=None, models=Models())
    wrong = []
    right = reading.outcome is variant.outcome and reading.kind is variant.kind
    if variant.kind in (PageKind.OTHER, PageKind.HOME):  # what stands at the root of a site may be an obstacle
        right = variant.kind is reading.kind or (
            reading.outcome is variant.outcome and reading.kind is not PageKind.ARTICLE
        )
    if not right:
        wrong.append(f"kind: {reading.kind} {reading.outcome}, {reading.evidence}")
    if variant.items is None:
        return wrong
    if reading.listing is None:
        return [*wrong, "items: none", "next: none"]
    found = [(fold(item.title), item.href, item.date) for item in reading.listing.items]
    wanted = [(fold(title), href, day) for title, href, day in variant.items]
    for name, part in (("items", 1), ("title", 0), ("date", 2)):
        ours, theirs = [row[part] for row in found], [row[part] for row in wanted]
        if part == 0:
            theirs = [
                our if title and our and our.startswith(title.removesuffix("...")) else title
                for title, our in zip(theirs, [*ours, *[None] * len(theirs)], strict=False)
            ]
        if ours != theirs:
            first = next((pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]), None)
            wrong.append(f"{name}: {len(ours)} of {len(theirs)}, {first}")
            break
    if reading.listing.next != variant.next:
        wrong.append(f"next: {reading.listing.next}, not {variant.next}")
    return wrong


def fold(title: str) -> str:
    """Return a title as it is compared: NFKC, white space collapsed."""
    return " ".join(normalize("NFKC", title).split())


def read_labels(folder: Path) -> Iterator[Label]:
    """Yield the labelled listings."""
    for path in sorted(folder.glob("*.json")):
        label = json.loads(path.read_text("utf-8"))
        document = open_document(path.with_suffix(".html").read_bytes(), uri=label["url"] or LISTING)
        rows = tuple((row["title"], row["href"], row["date"][:10]) for row in label["items"])
        yield Label(id=path.stem, document=document, items=rows, next=label["next_page"])


def main() -> None:
    """Read every variant and print the share of those read without a fault, by what they were changed by."""
    parser = argparse.ArgumentParser(description="Read labelled pages in the markup of other templates.")
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED and SHARED / "pages")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the first N faults")
    parser.add_argument("--only", default="", metavar="TEXT", help="read only variants whose name holds this")
    arguments = parser.parse_args()
    if arguments.folder is None:
        sys.exit("No labelled pages beside the project: name a folder")
    labels = list(read_labels(arguments.folder / "lists"))
    seen: Counter[str] = Counter()
    faults: dict[str, Counter[str]] = defaultdict(Counter)
    shown = 0
    for make in (listing_variants(labels), own_variants(labels), page_variants(arguments.folder)):
        for variant in make:
            if arguments.only not in variant.id:
                continue
            wrong = judge(variant)
            seen.update(variant.of)
            for name in variant.of:
                faults[name].update({"any": bool(wrong), **{one.partition(":")[0]: 1 for one in wrong}})
            if wrong and shown < arguments.show:
                shown += 1
                print(variant.id, *wrong, sep="\n    ", file=sys.stderr)
    print("| changed | pages | faultless | kind | items | title | date | next |\n|---|---|---|---|---|---|---|---|")
    for name, pages in seen.items():
        wrong_counts = [faults[name][part] for part in ("kind", "items", "title", "date", "next")]
        print(
            f"| {name} | {pages} | {1 - faults[name]['any'] / pages:.3f} | {' | '.join(map(str, wrong_counts))} |"
        )


if __name__ == "__main__":
    main()
