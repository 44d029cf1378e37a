"""Listings in the markup of the families: every row once, with its title, address and day, and the next page."""

import json
from datetime import UTC, datetime
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.document import open_document
from pipelines.extract.listing import find_listing
from pipelines.model import Listing
from pipelines.uri import resolve
from tests.shared import SHARED, needs_shared

X = "http://www.x.edu.cn"
NOW = datetime(2024, 6, 1, tzinfo=UTC)

TITLES = (
    "关于做好2024年研究生招生复试工作的通知",
    "学院召开2023年度工作总结大会",
    "我校教师在国际会议上作特邀报告",
    "图书馆数据库试用公告",
    "关于开展教学检查的通知",
    "学生社团文化节圆满落幕",
)
DAYS = ("2024-05-21", "2024-05-09", "2024-04-28", "2024-04-02", "2024-03-15", "2023-12-30")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
SUMMARY = "中国计算机大会在京召开，来自全国各地的专家学者参加了会议，就人工智能前沿问题进行了深入交流与讨论。"


def rows(template: str) -> str:
    """Repeat the markup of a row for every title and day."""
    made = []
    for number, (title, day) in enumerate(zip(TITLES, DAYS, strict=True)):
        year, month, date = day.split("-")
        made.append(
            template.format(
                id=900 + number, n=number, title=title, cut=f"{title[:8]}...", day=day, y=year, m=month, d=date,
                m1=int(month), d1=int(date), mon=MONTHS[int(month) - 1], roc=int(year) - 1911, summary=SUMMARY,
            )
        )  # fmt: skip
    return "".join(made)


def expected(address: str, *, dated: bool = True) -> list[tuple[str, str, str | None]]:
    return [
        (title, address.format(id=900 + number), day if dated else None)
        for number, (title, day) in enumerate(zip(TITLES, DAYS, strict=True))
    ]


MENU_NAMES = "首页 学院概况 师资队伍 人才培养 科学研究 党建工作 学生工作 招生就业 校友之窗 下载中心"
PARTNER_NAMES = "中华人民共和国教育部 国家自然科学基金委员会 中国科学院计算技术研究所 清华大学"
MENU = "".join(f"<li><a href='/{number}.htm'>{name}</a></li>" for number, name in enumerate(MENU_NAMES.split()))
PARTNERS = "".join(
    f"<a href='http://www.l{number}.com'>{name}</a> " for number, name in enumerate(PARTNER_NAMES.split())
)
HOT = "".join(
    f"<li><a href='/hot/{number}.htm'>校园热点新闻标题第{number}条内容</a><span>2024-05-0{number}</span></li>"
    for number in range(1, 6)
)


def listing_page(content: str) -> str:
    """Return a listing page: a menu, a location bar, the content, partners' links."""
    return (
        f"<html><head><title>通知公告-某某学院</title></head><body><div class='nav'><ul>{MENU}</ul></div>"
        "<div class='content'><div class='position'>当前位置：<a href='/'>首页</a> &gt;&gt; <a href='/tzgg.htm'>"
        "通知公告</a>"
        f"</div>{content}</div><div class='footer'>友情链接：{PARTNERS}版权所有 某某大学</div></body></html>"
    )


def read(source: str, uri: str = f"{X}/tz/list.htm") -> Listing:
    listing = find_listing(open_document(source.encode(), uri=uri, captured_at=NOW))
    assert listing is not None
    return listing


def items_of(listing: Listing) -> list[tuple[str, str, str | None]]:
    return [(item.title, item.href, item.date) for item in listing.items]


CASES = Path(__file__).with_name("cases") / "rows.txt"
"""Name and address of a family's rows; what stands before them, one row, what stands behind."""
MARKUP = {
    name.strip(): (address.strip(), [part.strip() for part in markup.split("---")])
    for case in CASES.read_text("utf-8").split("### ")[1:]
    for head, _, markup in [case.partition("\n")]
    for name, _, address in [head.partition("|")]
}


@pytest.mark.parametrize("family", MARKUP)
def test_reads_the_markup_of(family: str) -> None:
    address, (before, row, after) = MARKUP[family]
    assert items_of(read(listing_page(before + rows(row) + after))) == expected(X + address)


@pytest.mark.parametrize(
    "date",
    [
        "<p>{d}</p><span>{y}-{m}</span>", "<b>{m}-{d}</b><i>{y}</i>", "<em>{d}</em><span>{y}/{m}</span>",
        "<strong>{d}</strong>{mon} {y}", "<p>{y}</p><p>{m}/{d}</p>", "<span>{y}.{m}</span><h4>{d}</h4>",
        "<span>{m1}月</span><b>{d}</b><i>{y}</i>", "{y}年{m1}月{d1}日", "{d}. {mon} {y}", "{y}. {m}. {d}.",
        "[{m}-{d}]", "{m}月{d}日",
        "发布时间：{day} 10:20",
    ],
)  # fmt: skip
def test_reads_dates_in_one_piece_or_split(date: str) -> None:
    row = f"<li><div>{date}</div><h3><a href='/info/1/{{id}}.htm'>{{title}}</a></h3><p>{{summary}}</p></li>"
    assert items_of(read(listing_page(f"<ul>{rows(row)}</ul>"))) == expected(f"{X}/info/1/{{id}}.htm")


def test_reads_years_of_the_republic_in_taiwan() -> None:
    row = "<tr><td>{roc}.{m}.{d}</td><td>教務處</td><td><a href='/show.php?sn={id}'>{title}</a></td></tr>"
    listing = read(listing_page(f"<table>{rows(row)}</table>"), "https://www.x.edu.tw/news.php")
    assert items_of(listing) == expected("https://www.x.edu.tw/show.php?sn={id}")


def test_a_loose_file_keeps_no_day_without_a_year() -> None:
    source = listing_page("<ul>" + rows("<li><a href='/v/{id}.htm'>{title}</a><i>{m}-{d}</i></li>") + "</ul>")
    listing = find_listing(open_document(source.encode(), uri=X))
    assert listing is not None
    assert {item.date for item in listing.items} == {None}


LIST = "<ul>" + rows("<li><a href='/v/{id}.htm'>{title}</a><span>{day}</span></li>") + "</ul>"
UNDATED = "<ul>" + rows("<li><a href='/v/{id}.htm'>{title}</a></li>") + "</ul>"
ROWS = expected(f"{X}/v/{{id}}.htm")


def test_reads_the_year_in_the_heading_over_a_month() -> None:
    months = {"2020年5月": ("05-28", "05-11", "05-07"), "2020年4月": ("04-29", "04-20", "12-31")}
    source = "<h2>通知公告</h2>" + "".join(
        f"<h3>{month}</h3><ul>"
        + "".join(f"<li><span>{day}</span><a href=/view/{day}.htm>关于报送就业方案的通知</a></li>" for day in days)
        + "</ul>"
        for month, days in months.items()
    )
    listing = find_listing(open_document(source.encode(), uri=f"{X}/list.htm"))
    assert listing is not None
    days = [item.date for item in listing.items]
    assert days[:5] == ["2020-05-28", "2020-05-11", "2020-05-07", "2020-04-29", "2020-04-20"]
    assert days[5] is None, "a day of another month is not that heading's"


def test_takes_the_main_column() -> None:
    body = f"<div class='left'><h3>热点新闻</h3><ul>{HOT}</ul></div><div class='right'>{{}}</div>"
    assert items_of(read(listing_page(body.format(LIST)))) == ROWS
    paged = body.format(f"{UNDATED}<div class='page'><a href='list2.htm'>下一页</a></div>")
    assert items_of(read(listing_page(paged))) == expected(f"{X}/v/{{id}}.htm", dated=False)


def test_takes_the_rows_with_headings_before_a_wide_menu() -> None:
    names = ("信息科学与技术研究中心", "本科生教学指导委员会", "国际交流合作办公室")
    mega = "".join(
        "<div class='col'>" + "".join(f"<a href='/dept{number}/{name}/'>{name}</a>" for name in names) + "</div>"
        for number in range(12)
    )
    row = "<article><h2><a href='/v/{id}.htm'>{title}</a></h2><p>{summary}</p></article>"
    source = f"<div class='mega'>{mega}</div><main>{rows(row)}<a href='/news?page=2' rel='next'>Next</a></main>"
    assert items_of(read(listing_page(source))) == expected(f"{X}/v/{{id}}.htm", dated=False)


NEXT = "<div><a href='list2.htm'>下一页</a></div>"


def test_takes_the_list_right_above_the_pager() -> None:
    body = f"<div>{UNDATED}{NEXT}<div><ul>{HOT}</ul></div></div>"
    assert items_of(read(listing_page(body))) == expected(f"{X}/v/{{id}}.htm", dated=False)


def test_takes_a_deep_list_beside_a_flat_one() -> None:
    deep = rows("<font>★</font><a href='/v/{id}.htm'>{title}</a> <font>{day}</font><br>")
    body = f"<div><ul>{HOT}</ul><table><tr><td>{deep}</td></tr></table>{NEXT}</div>"
    assert items_of(read(listing_page(body))) == ROWS


def test_takes_cards_beside_a_menu() -> None:
    menu = "".join(f"<li><a href='/m/{number}/'>本科生管理办法{number}</a></li>" for number in range(60))
    card = "<div><a href='/v/{id}.htm'><img src='{n}.jpg'></a><p>{title}</p><span>{day}</span></div>"
    assert items_of(read(listing_page(f"<ul>{menu}</ul><div>{rows(card)}</div>"))) == ROWS


def test_takes_two_rows_rather_than_the_box_around_them() -> None:
    two = "".join(LIST.partition("<li><a href='/v/902")[:1])
    assert items_of(read(listing_page(f"<div><div>{two}</ul></div>共2条 {NEXT}</div>"))) == ROWS[:2]


def test_takes_a_list_cut_into_blocks_as_one() -> None:
    cut = "</li></ul><hr><ul><li>"
    assert items_of(read(listing_page(LIST.replace("</li><li>", cut)))) == ROWS
    assert items_of(read(listing_page(LIST.replace("</li><li><a href='/v/903", f"{cut}<a href='/v/903")))) == ROWS


def test_takes_each_row_once_beside_a_copy_for_mobiles() -> None:
    mobile = rows("<li><a href='/v/{id}.htm'><p>{title}</p></a></li>")
    assert items_of(read(listing_page(f"{LIST}<ul class='mobile'>{mobile}</ul>"))) == ROWS


def test_keeps_two_rows_of_one_address() -> None:
    again = LIST.replace("<ul>", f"<ul><li><a href='/v/900.htm'>{TITLES[0]}</a><span>{DAYS[0]}</span></li>", 1)
    assert items_of(read(listing_page(again))) == [ROWS[0], *ROWS]


def test_keeps_pinned_rows() -> None:
    pin = "<li class='top'><b>[置顶]</b><a href='/v/1.htm'>关于选课系统使用的说明</a><span>2021-09-01</span></li>"
    listing = read(listing_page(LIST.replace("<ul>", f"<ul>{pin}", 1)))
    assert items_of(listing) == [("关于选课系统使用的说明", f"{X}/v/1.htm", "2021-09-01"), *ROWS]


def test_reads_no_row_in_a_comment() -> None:
    hidden = "<!-- <li><a href='/v/9.htm'>旧的新闻标题不应出现</a><span>2011-01-01</span></li> -->"
    assert items_of(read(listing_page(LIST.replace("</ul>", f"{hidden}</ul>")))) == ROWS


def test_reads_a_single_row_of_which_the_page_says_that_it_is_all() -> None:
    one = "<ul><li><span>[2021-03-18]</span><a href='/info/1041/3270.htm'>生育保险</a></li></ul>共1条&nbsp;1/1"
    listing = read(listing_page(one))
    assert items_of(listing) == [("生育保险", f"{X}/info/1041/3270.htm", "2021-03-18")]
    assert listing.total == 1


def test_reads_the_data_island_of_hanweb() -> None:
    record = "<record><![CDATA[<li><a href='/art/2024/5/21/art_7_{id}.html'>{title}</a><span>{day}</span></li>]]></record>"
    island = f"<totalrecord>120</totalrecord><datastore><recordset>{rows(record)}</recordset></datastore>"
    listing = read(listing_page(f"<div id='4375'><script type='text/xml'>{island}</script></div>"))
    assert items_of(listing) == expected(f"{X}/art/2024/5/21/art_7_{{id}}.html")
    assert (listing.total, listing.section) == (120, "通知公告")
    assert listing.note == "pager needs JavaScript (jpage)"


def test_leads_outside_the_site() -> None:
    outside = LIST.replace("/v/901.htm", "https://mp.weixin.qq.com/s/DMAfmXX0NC3U0YOrQAYl2g")
    assert items_of(read(listing_page(outside)))[1][1] == "https://mp.weixin.qq.com/s/DMAfmXX0NC3U0YOrQAYl2g"


def test_names_the_section() -> None:
    assert read(listing_page(LIST)).section == "通知公告"


@pytest.mark.parametrize(
    "source", ["", "<p>text</p>", f"<div class='nav'><ul>{MENU}</ul></div>", f"<p>{PARTNERS}</p>"]
)
def test_finds_no_listing(source: str) -> None:
    assert find_listing(open_document(source.encode(), uri=X)) is None


@given(st.text(alphabet="<>/ \"'=alitrdhef2-:.页", max_size=200))
def test_takes_any_markup(source: str) -> None:
    find_listing(open_document(source.encode(), uri=X))


# ── the labelled pages ─────────────────────────────────────────────────────────────────────────────────────

LABELS = sorted(SHARED.glob("pages/lists/*.json")) if SHARED else []
WITHOUT_ADDRESS = "http://example.edu.cn/a/b/c.htm"


def folded(title: str) -> str:
    return " ".join(normalize("NFKC", title).split())


@needs_shared
@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.stem)
def test_labelled_rows(path: Path) -> None:
    """All rows in order. Labels print titles as they are cut; ours are the longer ones of the title attribute."""
    label = json.loads(path.read_text("utf-8"))
    document = open_document(path.with_suffix(".html").read_bytes(), uri=label["url"] or WITHOUT_ADDRESS)
    listing = find_listing(document)
    assert listing is not None
    assert len(listing.items) == len(label["items"])
    for item, row in zip(listing.items, label["items"], strict=True):
        assert item.href == resolve(document.base, row["href"])
        assert item.date == (row["date"] or "")[:10]
        assert folded(item.title).startswith(folded(row["title"]).removesuffix("..."))
    assert not [item.title for item in listing.items if item.title.endswith("...")]


@needs_shared
@pytest.mark.parametrize("path", LABELS, ids=lambda path: path.stem)
def test_labelled_next_page(path: Path) -> None:
    label = json.loads(path.read_text("utf-8"))
    document = open_document(path.with_suffix(".html").read_bytes(), uri=label["url"] or WITHOUT_ADDRESS)
    listing = find_listing(document)
    assert listing is not None
    following = label["next_page"]
    assert listing.next == (resolve(document.base, following) if following else None)
    assert (listing.note is not None) == (label["cms"] == "custom"), "K2Web and others page by POST or a script"
