"""Self-made pages: what servers send instead of a page, and ordinary pages with the same words."""

from collections.abc import Iterator
from pathlib import Path

from pipelines.document import open_document
from pipelines.model import Document

CASES = Path(__file__).with_name("cases")

_MENU = (
    "首页 学院概况 师资队伍 人才培养 科学研究 党建工作 学生工作 招生就业 校友之窗 下载中心 联系我们 机构设置 "
    "规章制度 本科教育 "
    "研究生教育 国际交流 通知公告 新闻动态"
)
NAV = (
    '<div class="nav"><ul>'
    + "".join(f'<li><a href="/{number}.htm">{name}</a></li>' for number, name in enumerate(_MENU.split()))
    + "</ul></div>"
)
FOOT = (
    '<div class="footer"><p>版权所有 © 2018-2024 某某大学信息工程学院 All Rights Reserved 京ICP备05001234号</p>'
    "<p>地址：某某市某某区学院路100号 邮编：100000 电话：010-12345678</p><p>今日访问：123 总访问量：45678</p></div>"
)


def framed(main: str, title: str = "信息工程学院") -> str:
    """Return a page in the frame of a faculty's site, with a link to log in at its head."""
    return (
        f"<html><head><meta charset=utf-8><title>{title}</title></head><body>"
        f'<div class=top><a href=/sso/login>统一身份认证</a></div>{NAV}<div class="main">{main}</div>{FOOT}</body>'
        f"</html>"
    )


def read_cases(name: str) -> Iterator[tuple[list[str], str]]:
    """Yield head and source of the cases of a file; a case starts with ``### head | head``."""
    for case in (CASES / name).read_text("utf-8").split("### ")[1:]:
        head, _, source = case.partition("\n")
        source = source.strip().replace("{nav}", NAV).replace("{foot}", FOOT)
        yield [part.strip() for part in head.split("|", 2)], source


def page(source: str, uri: str = "http://x.edu.cn/page.html") -> Document:
    """Open a source as a page."""
    return open_document(source.encode(), uri=uri)
