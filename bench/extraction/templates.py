"""Pages in the markup of institutions that do not exist, made of the contents of labelled pages.

A :class:`Template` says how one institution sets its pages; :func:`render` puts a content into it. Title, text,
images and files are those of the label; what it does not have (a date, names, neighbours) is made up, the same at
every run. No class or id says what it names.
"""

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench.extraction.score import is_cjk

SITE = "东湖理工学院"
_FIRST_DAY = datetime(2014, 3, 3, 9, 5)  # noqa: DTZ001  (as printed: pages print no offset)
_PEOPLE = ("陈思远", "李小萌", "欧阳明华", "周婷 吴健", "Halina Goetz", "王雨")
_OFFICES = ("党委宣传部", "计算机与信息工程学院", "教务处", "科学技术处", "校团委", "图书馆")
_WAYS = (
    ("首页", "学院新闻"),
    ("网站首页", "新闻中心", "综合要闻"),
    ("首页", "通知公告"),
    ("学校主页", "科学研究", "学术动态"),
)
_MENU = "学校概况 机构设置 师资队伍 人才培养 科学研究 学科建设 招生就业 合作交流 校园文化 公共服务 信息公开 联系我们".split()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a page says."""

    title: str
    date: datetime
    source: str
    author: str
    editor: str
    lines: Sequence[str]
    way: Sequence[str]
    previous: str | None
    next: str | None
    images: Sequence[str]
    files: Sequence[tuple[str, str]]
    """Name and address."""
    others: Sequence[tuple[str, str]]
    """Titles of other articles and how they begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """How an institution sets its pages. The texts are patterns for :meth:`str.format`."""

    name: str
    frame: str = "<div><div><div>{head}</div>{before}<div>{article}</div>{after}</div></div>{foot}"
    heading: str = "<h1>{}</h1>"
    headings: str = "<h3>{}</h3>"
    """Of the boxes beside the article."""
    entry: str = "<span>{}</span>&nbsp;&nbsp;"
    meta: str = "<div>{}</div>"
    words: Mapping[str, str] = field(
        default_factory=lambda: {
            "date": "发布时间：",
            "source": "来源：",
            "author": "作者：",
            "editor": "",
            "clicks": "点击：12",
        }
    )
    """Label of each entry, in order; what is not named is not printed, what is empty stands in the foot."""
    date: str = "%Y-%m-%d"
    paragraph: str = "<p>{}</p>"
    body: str = "<div>{}</div>"
    foot: str = "<p>（责任编辑：{}）</p>"
    way: tuple[str, str] = ("<div>当前位置：{}</div>", " &gt; ")
    """The location bar, and what stands between its links."""
    neighbours: tuple[str, str, str] = ("上一篇：", "下一篇：", "没有了")
    neighbour: str = "<p>{label}{link}</p>"
    file: str = '<li><a href="{1}">{0}</a></li>'
    order: str = "crumbs heading meta body files neighbours"
    title: str = "{title}-{site}"
    before: bool = True
    """Whether a column of other articles stands before the article."""
    after: bool = True


SHORTEST = 20
"""Characters of the shortest text: it says something."""


def read_contents(labels: Sequence[Mapping[str, Any]], *, short: bool = False) -> list[Content]:
    """Return what is put into the templates: the text of each label, or its first line that says something
    (``short``)."""
    chosen = [label for label in labels if is_cjk(label["title"]) and _first_line(label)]
    others = [(label["title"], label["body_text"][:70].replace("\n", " ")) for label in chosen]
    return [_read_content(label, number, others, short=short) for number, label in enumerate(chosen)]


def _first_line(label: Mapping[str, Any]) -> str | None:
    names = [str(one["title"]) for one in label["attachments"]]
    lines = label["body_text"].split("\n")
    return next((line for line in lines if len(line) >= SHORTEST and line not in names and "<" not in line), None)


def _read_content(
    label: Mapping[str, Any], number: int, others: Sequence[tuple[str, str]], *, short: bool
) -> Content:
    lines = [_first_line(label) or ""] if short else label["body_text"].split("\n")
    names = [str(one["title"]) for one in label["attachments"]] if not short else []
    return Content(
        title=label["title"],
        date=_FIRST_DAY + timedelta(days=97 * number, minutes=61 * number),
        source=label["source"] or _OFFICES[number % len(_OFFICES)],
        author=label["author"] or _PEOPLE[number % len(_PEOPLE)],
        editor=_PEOPLE[(number + 3) % len(_PEOPLE)],
        lines=[line for line in lines if line not in names],
        way=_WAYS[number % len(_WAYS)],
        previous=others[number - 1][0] if number % 5 else None,
        next=others[(number + 1) % len(others)][0] if number % 4 else None,
        images=[] if short else [f"/upload/{number}/{count}.jpg" for count in range(len(label["images"][:4]))],
        files=[
            (f"附件{count + 1}：{name}", f"/upload/{number}/{count}.docx") for count, name in enumerate(names[:4])
        ],
        others=[*others[number + 2 :], *others[:number]][:10],
    )


def to_label(content: Content, template: Template) -> dict[str, Any]:
    """Return the label of a rendered page."""
    words = template.words
    return {
        "title": content.title,
        "date": content.date.strftime("%Y-%m-%dT%H:%M" if "%H" in template.date else "%Y-%m-%d"),
        "source": content.source if "source" in words else None,
        "author": content.author if "author" in words else None,
        "editor": content.editor if "editor" in words else None,
        "body_text": "\n".join(content.lines),
        "breadcrumb": list(content.way) if "crumbs" in template.order else [],
        "prev": _to_link(content.previous, "100.htm") if "neighbours" in template.order else None,
        "next": _to_link(content.next, "102.htm") if "neighbours" in template.order else None,
        "attachments": [address for _, address in content.files] if "files" in template.order else [],
        "images": list(content.images),
    }  # fmt: skip


def _to_link(title: str | None, href: str) -> dict[str, str] | None:
    return {"title": title, "href": href} if title else None


def render(content: Content, template: Template) -> str:
    """Return the page."""
    parts = {
        "crumbs": _set_way(content, template),
        "heading": template.heading.format(html.escape(content.title)),
        "meta": _set_meta(content, template),
        "body": template.body.format("".join(_set_lines(content, template))),
        "files": "".join(template.file.format(html.escape(name), address) for name, address in content.files),
        "neighbours": "".join(_set_neighbours(content, template)),
    }
    article = "".join(parts[name] for name in template.order.split())
    page = template.frame.format(
        head=_set_menu(),
        before=_set_column("最新动态", content, template, dated=True) if template.before else "",
        article=article,
        after=_set_column("热门新闻", content, template, dated=False) if template.after else "",
        foot=f"<div><p>版权所有 © {SITE} 地址：滨湖市大学路18号 邮编：430000 电话：027-85550101</p><p>鄂ICP备05001234号</p></div>",
    )
    title = template.title.format(title=html.escape(content.title), site=SITE)
    return f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{title}</title></head><body>{page}</body></html>"


def _set_menu() -> str:
    return (
        "<ul>" + "".join(f'<li><a href="/m{place}/">{name}</a></li>' for place, name in enumerate(_MENU)) + "</ul>"
    )


def _set_column(heading: str, content: Content, template: Template, *, dated: bool) -> str:
    """Return a box of other articles: with their dates, or with how they begin."""
    rows = []
    for place, (title, text) in enumerate(content.others[:5] if dated else content.others[5:]):
        day = (content.date + timedelta(days=40 - 9 * place)).strftime("%Y-%m-%d")
        link = f'<a href="/a/{place}.htm">{html.escape(title)}</a>'
        rows.append(
            f"<div>{link} <span>{day}</span></div>"
            if dated
            else f"<div>{link}<div>{html.escape(text)}…</div></div>"
        )
    return f"<div>{template.headings.format(heading)}{''.join(rows)}</div>"


def _set_way(content: Content, template: Template) -> str:
    bar, separator = template.way
    links = [f'<a href="/w{place}/">{name}</a>' for place, name in enumerate(content.way)]
    return bar.format(separator.join([*links, "正文"]))


def _set_meta(content: Content, template: Template) -> str:
    said = {
        "date": content.date.strftime(template.date),
        "source": html.escape(content.source),
        "author": html.escape(content.author),
        "editor": html.escape(content.editor),
        "clicks": "",
    }  # fmt: skip
    entries = [
        template.entry.format(label + said[name])
        for name, label in template.words.items()
        if label or name == "date"
    ]
    return template.meta.format("".join(entries))


def _set_lines(content: Content, template: Template) -> Iterator[str]:
    for number, line in enumerate(content.lines):
        yield template.paragraph.format(html.escape(line))
        if number == 0:
            yield from (template.paragraph.format(f'<img src="{address}">') for address in content.images)
    if template.words.get("editor") == "":
        yield template.foot.format(html.escape(content.editor))


def _set_neighbours(content: Content, template: Template) -> Iterator[str]:
    *labels, none = template.neighbours
    for label, title, href in zip(labels, (content.previous, content.next), ("100.htm", "102.htm"), strict=True):
        link = f'<a href="{href}">{html.escape(title)}</a>' if title else none
        yield template.neighbour.format(label=label, link=link)


TEMPLATES = (
    Template(name="boxes without names"),
    Template(
        name="classic ASP: tables in tables, title in a cell, text with <br>",
        frame="<table><tr><td>{head}</td></tr></table><table><tr><td valign=top width=200>{before}</td><td><table><tr><td>"
        "<table width=98%>{article}</table></td></tr></table>{after}</td></tr></table><table><tr><td>{foot}</td></tr></table>",
        heading="<tr><td align=center><font size=4 color=red><b>{}</b></font></td></tr>",
        headings="<b>{}</b>",
        entry="{} ",
        meta="<tr><td align=center>{}</td></tr>",
        words={"author": "作者：", "source": "文章来源：", "clicks": "点击数：123", "date": "更新时间："},
        date="%Y-%-m-%-d %H:%M:00",
        paragraph="&nbsp;&nbsp;&nbsp;&nbsp;{}<br>",
        body="<tr><td class=q7>{}</td></tr>",
        way=("<tr><td>您现在的位置：{}</td></tr>", "&nbsp;&gt;&gt;&nbsp;"),
        file='<tr><td><img src="/icon/doc.gif"><a href="{1}">{0}</a></td></tr>',
        neighbours=("上一篇文章：", "下一篇文章：", "没有了"),
        neighbour="<tr><td><li>{label}{link}</li></td></tr>",
        title="{site}",
    ),
    Template(
        name="paragraphs as <div>, entries as list items, location as list",
        heading="<div class=k3>{}</div>",
        entry="<li>{}</li>",
        meta="<ul>{}</ul>",
        words={"source": "信息来源： ", "date": "日期： ", "author": "撰稿人： ", "editor": "编辑： ", "clicks": "浏览量： 88"},
        date="%Y年%m月%d日",
        paragraph="<div>{}</div>",
        way=("<ol><li>{}</li></ol>", "</li><li>"),
        neighbours=("上一条: ", "下一条: ", "无"),
        neighbour="<div>{label}{link}</div>",
    ),
    Template(
        name="Word's soup of spans",
        heading="<h2>{}</h2>",
        words={"date": "", "source": "来源:", "author": "文:", "editor": "责编:", "clicks": "阅读:3"},
        date="%Y/%m/%d",
        paragraph='<p class="MsoNormal"><span style="font-family:仿宋"><span lang=EN-US></span><font size=3>{}</font></span>'
        "<span lang=EN-US><o:p></o:p></span></p>",
        body="<div><style>.MsoNormal{{mso-style-parent:0}}</style>{}</div>",
        way=("<div>位置：{}</div>", " / "),
        neighbours=("前一篇：", "后一篇：", "暂无"),
        neighbour="<span>{label}{link}</span><br>",
    ),
    Template(
        name="entries as cells, labels apart from values",
        heading="<table><tr><th colspan=4>{}</th></tr></table>",
        entry="<td>{}</td>",
        meta="<table><tr>{}</tr></table>",
        words={"date": "发稿时间：</td><td>", "source": "供稿单位：</td><td>", "author": "撰稿：</td><td>", "editor": "责编：</td><td>"},
        date="%Y.%m.%d",
        way=("<div><div>您的位置：</div><div>{}</div></div>", "»"),
        neighbours=("上篇：", "下篇：", "已经是最后一篇"),
    ),
    Template(
        name="meta line behind the text",
        heading="<h1>{}</h1>",
        order="crumbs heading body meta files neighbours",
        words={"source": "来稿单位：", "author": "作者：", "editor": "编辑：", "date": "时间："},
        date="%Y-%m-%d %H:%M",
        way=("<div>{}</div>", " &gt; "),
        neighbours=("« 上一篇 ", "» 下一篇 ", "没有"),
        title="{title}",
    ),
    Template(
        name="bare date, source and author between bars",
        entry="{} | ",
        words={"date": "", "source": "来源 ", "author": "作者 "},
        heading="<div><strong>{}</strong></div>",
        order="heading meta body files neighbours crumbs",
        way=("<p>所在位置：{}</p>", " -&gt; "),
        neighbour='<div><em>{label}</em>{link}</div>',
        title="{site} - {title}",
    ),
    Template(
        name="text straight in the box, files inside it, share bar before it",
        body="<div>分享到： 微信 微博 QQ空间 【打印】【关闭】</div>{}",
        paragraph="{}<br><br>",
        file='<p><img src="/icon/attach.png"><a href="{1}" target="_blank">{0}</a>（下载次数：12）</p>',
        words={"date": "发布日期:", "source": "发布单位:", "editor": ""},
        date="%Y-%m-%d",
        neighbours=("上一则：", "下一则：", ""),
        way=("<div>当前位置：{}</div>", "&nbsp;·&nbsp;"),
    ),
)  # fmt: skip
