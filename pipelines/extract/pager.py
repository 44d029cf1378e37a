"""Finds the other pages of a listing: what its pager links to, by what the links mean."""

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from urllib.parse import urlencode

from lxml.html import HtmlElement

from pipelines.extract.anchors import Anchor
from pipelines.extract.links import address_of, clean, text_of
from pipelines.extract.page import Page
from pipelines.model import Document
from pipelines.uri import resolve

# ── words ──────────────────────────────────────────────────────────────────────────────────────────────────

_AROUND = r"[\s\[\]【】()（）<>《》«»‹›→←·|：:.]*"
_NEXT = re.compile(
    rf"{_AROUND}(?:下一?[页頁]|[后後]一?[页頁]|翻下[页頁]|next(?: page)?|go to next page|older(?: posts| entries)?"
    rf"|다음 ?페이지|次へ|次のページ|次[页頁]|nächste(?: seite)?|weiter|page suivante|suivante?|siguiente"
    rf"|próxima|следующая){_AROUND}",
    re.IGNORECASE,
)
_NEXT_BLOCK = re.compile(rf"{_AROUND}다음{_AROUND}")
"""«Next», which in Korean pagers is the next page or the next ten."""
_OTHERS = re.compile(
    rf"{_AROUND}(?:上一?[页頁]|前一?[页頁]|首[页頁]|第一[页頁]|[尾末][页頁]|最[后後]一?[页頁]|第?\d{{1,5}}[页頁]?|\.\.\.|…|转到|跳转"
    rf"|确定|go|prev(?:ious)?(?: page)?|first(?: page)?|last(?: page)?|newer(?: posts| entries)?|이전(?: ?페이지)?|다음"
    rf"|처음(?: ?페이지)?|마지막(?: ?페이지)?|맨끝|끝|前へ|最初|最後|zurück|vorherige(?: seite)?|erste(?: seite)?"
    rf"|letzte(?: seite)?){_AROUND}",
    re.IGNORECASE,
)
_ARROWS = (">", "›", "→", "▶", "»", ">>", "››")
"""Signs for «next», the more certain first: » is the next page here and the last one there."""
_NEXT_CLASS = re.compile(r"(?:^|[\s_-])next(?:[\s_-]|page|\Z)", re.IGNORECASE)
_CURRENT_CLASS = re.compile(
    r"(?:^|[\s_-])(?:cur\w*|active|on|now|this\w*|selected|p_no_d)(?:$|[\s_-])", re.IGNORECASE
)
_NUMBER = re.compile(r"\s*[\[(]?\s*(\d{1,5})\s*[\])]?\s*")
_TOTAL = re.compile(
    # 共353条, 总共 42 记录, 共 1页2条记录, 總筆數：120, 총 768건, Total: 353 items; never «共 36 页»
    r"(?:共有?|总数|总计|合计|總數|總筆數|總共|全部|총|전체|total(?: of)?)\s*[:：]?\s*"
    r"(?:\d{1,5}\s*[页頁][,，/\s]*)?(\d{1,7})\s*(?:条|條|篇|记录|記錄|筆|则|則|个|個|项|項|件|건|개|records?|items?|results?|entries)",
    re.IGNORECASE,
)
_TOTAL_WORDS = ("共", "总", "合计", "總", "全部", "총", "전체", "total", "Total", "TOTAL")
"""How ``_TOTAL`` begins: plain strings are found ten times as fast."""
_MAX_TOTAL_TEXT = 20_000
MAX_CONTROLS = 400
"""Links and buttons that are looked at; no pager has more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pager:
    """What a pager says. ``element`` is where it stands, None without one."""

    element: HtmlElement | None = None
    next: str | None = None
    pages: tuple[str, ...] = ()
    total: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Control:
    """A link, button or bare number of a pager."""

    element: HtmlElement
    text: str
    href: str | None
    """Absolute; None where it leads nowhere (the current page, a disabled button)."""
    note: str | None = None
    """Why there is no address although something happens when it is clicked."""

    @property
    def leads(self) -> bool:
        return self.href is not None or self.note is not None


def is_pager_text(text: str) -> bool:
    """Tell whether a link's text is that of a pager: 下一页, 尾页, 3.

    >>> is_pager_text("下一页>>"), is_pager_text("3"), is_pager_text("下一篇")
    (True, True, False)
    """
    return len(text) < _LONGEST and _is_pager_text(text)


_LONGEST = 80
"""Characters of a text that belongs to a pager, with all the signs around it."""


@functools.lru_cache(
    maxsize=4096
)  # menus and pagers repeat from page to page, and every link is asked several times
def _is_pager_text(text: str) -> bool:
    return bool(text in _ARROWS or _NEXT.fullmatch(text) or _OTHERS.fullmatch(text))


_WRITTEN = re.compile(
    # TRS writes its pager by a script: number of pages, the page's own (from 0), name and extension of the files.
    r"\bcreatePageHTML\(\s*(?:['\"][\w-]+['\"]\s*,\s*)?['\"]?(?P<count>\d{1,5})['\"]?\s*,\s*['\"]?(?P<own>\d{1,5})['\"]?\s*,"
    r"\s*['\"](?P<name>[\w.-]+)['\"]\s*,\s*['\"](?P<extension>\w+)['\"]"
)
MAX_WRITTEN = 2_000
"""Pages of such a pager that are named."""


def find_pager(page: Page, anchors: Sequence[Anchor]) -> Pager:
    """Return what the pager of a listing says; empty where there is none."""
    document = page.document
    if "createPageHTML" in document.text and (written := _WRITTEN.search(document.text)):
        return _read_written(page, written)
    controls = list(islice(_find_controls(document, anchors), MAX_CONTROLS))
    numbers = _find_numbers(controls)
    following = _find_next(document, controls, numbers)
    members = [control for control in controls if is_pager_text(control.text) and control.href]
    if following is None and not numbers:
        return Pager(total=_find_total(page.text))
    element = following.element if following else numbers[0].element
    pages = dict.fromkeys(control.href for control in [*members, *([following] if following else [])])
    return Pager(
        element=element,
        next=following.href if following else None,
        pages=tuple(href for href in pages if href),
        total=_find_total(page.text),
        note=following.note if following else None,
    )


def _read_written(page: Page, written: re.Match[str]) -> Pager:
    """Return the pager of a TRS listing: ``index.html``, ``index_1.html``, ``index_2.html``…"""
    document = page.document
    own, name, extension = int(written["own"]), written["name"], written["extension"]
    files = [
        f"{name}_{number}.{extension}" if number else f"{name}.{extension}"
        for number in range(int(written["count"]))
    ]
    hrefs = [href for file in files[:MAX_WRITTEN] if (href := resolve(document.base, file))]
    element = next(
        (script for script in document.root.iter("script") if "createPageHTML" in (script.text or "")), None
    )
    return Pager(
        element=element,
        next=hrefs[own + 1] if own + 1 < len(hrefs) else None,
        pages=tuple(href for number, href in enumerate(hrefs) if number != own),
        total=_find_total(page.text),
    )


def _find_controls(document: Document, anchors: Iterable[Anchor]) -> Iterator[_Control]:
    is_named = any(name in document.text for name in _NEXT_NAMES)
    for _, element, text, _ in anchors:
        if len(text) > _MAX_CONTROL:
            continue
        title = clean(element.get("title")) if len(text) <= _MAX_ICON else ""
        if not text:
            text = title or next((clean(img.get("alt")) for img in element.iter("img")), "")
        if (
            is_pager_text(text)
            or is_pager_text(title)
            or (is_named and (_says_next(element.get("class")) or _says_next(element.get("rel"))))
        ):
            href, note = _find_target(document, element)
            yield _Control(element=element, text=text, href=href, note=note)


_MAX_CONTROL = 24
"""Characters of the longest text of a control."""
_MAX_ICON = 4
"""Characters of a text that leaves it to the title attribute to say what the control does."""
_NEXT_NAMES = ("next", "Next", "NEXT")


def _says_next(name: str | None) -> bool:
    return name is not None and "next" in name.lower()


def _find_numbers(controls: Iterable[_Control]) -> list[_Control]:
    return [control for control in controls if control.leads and _NUMBER.fullmatch(control.text)]


def _find_next(document: Document, controls: list[_Control], numbers: list[_Control]) -> _Control | None:
    """Return the control that leads to the next page, judged by words, then by rel and class, then by signs."""
    leading = [control for control in controls if control.leads]
    for control in leading:
        if _NEXT.fullmatch(control.text) or _NEXT.fullmatch(clean(control.element.get("title"))):
            return control
    for control in leading:
        if "next" in (control.element.get("rel") or "").lower().split():
            return control
    if any(_NEXT.fullmatch(control.text) for control in controls):
        return None  # «下一页» is printed and leads nowhere: this is the last page
    following = _find_number_after_current(document, numbers)
    if sign := _find_sign(leading, numbered=bool(numbers)):
        # The number is the surer of the two: 다음, › and a class «next» lead ten pages on where pages come in tens.
        return following if following and _is_one_pager(following, sign) else sign
    return following


def _find_sign(leading: list[_Control], *, numbered: bool) -> _Control | None:
    """Return the control that a word of two meanings, or beside numbers a class or an arrow, calls the next."""
    for control in leading:
        if _NEXT_BLOCK.fullmatch(control.text) or (numbered and _NEXT_CLASS.search(_classes(control.element))):
            return control
    if not numbered:
        return None
    for arrow in _ARROWS:
        for control in leading:
            if control.text == arrow:
                return control
    return None


def _is_one_pager(number: _Control, sign: _Control) -> bool:
    """Tell whether two controls stand in one pager: the other numbers of a page may be those of a calendar."""
    around = list(islice(number.element.iterancestors(), 3))
    return any(element in around for element in islice(sign.element.iterancestors(), 3))


def _classes(element: HtmlElement) -> str:
    parent = element.getparent()
    own = element.get("class") or ""
    return own if parent is None or parent.tag not in ("li", "span") else f"{own} {parent.get('class') or ''}"


def _find_number_after_current(document: Document, numbers: list[_Control]) -> _Control | None:
    """Return the link whose number follows that of the page itself, which is printed without a link."""
    by_number = {int(match[1]): control for control in numbers if (match := _NUMBER.fullmatch(control.text))}
    if len(by_number) < 1:
        return None
    current = _find_current(numbers)
    if current is None:
        links = [number for number, control in by_number.items() if control.href == document.uri]
        current = links[0] if links else (1 if 1 not in by_number and 2 in by_number else None)
    return by_number.get(current + 1) if current is not None else None


def _find_current(numbers: list[_Control]) -> int | None:
    linked = {control.element for control in numbers}
    pager = numbers[0].element.getparent()
    for _ in range(2):
        if pager is None:
            return None
        for element in pager.iter("span", "strong", "b", "em", "li", "a", "font", "i", "p"):
            match = _NUMBER.fullmatch(text_of(element))
            if match and (element not in linked or _CURRENT_CLASS.search(element.get("class") or "")):
                inner = next(element.iter("a"), None)
                if inner is None or inner not in linked or _CURRENT_CLASS.search(element.get("class") or ""):
                    return int(match[1])
        pager = pager.getparent()
    return None


def _find_total(text: str) -> int | None:
    match = _search_total(text[-_MAX_TOTAL_TEXT:]) or (
        _search_total(text[:_MAX_TOTAL_TEXT]) if len(text) > _MAX_TOTAL_TEXT else None
    )
    return int(match[1]) if match else None


def _search_total(text: str) -> re.Match[str] | None:
    """Return the first place where a text says how many items there are."""
    starts: list[int] = []
    for word in _TOTAL_WORDS:
        at = text.find(word)
        while at >= 0:
            starts.append(at)
            at = text.find(word, at + 1)
    return next((match for start in sorted(starts) if (match := _TOTAL.match(text, start))), None)


# ── pagers that run on scripts ─────────────────────────────────────────────────────────────────────────────

_CALL = re.compile(r"(?:javascript:|return\s|;|^)\s*(?P<name>[\w$.]+)\s*\(\s*(?P<arguments>[^()]*)\)")
_LOCATION = re.compile(
    r"location(?:\.href)?\s*=\s*(?P<value>[^;\n]+)|location\.(?:replace|assign)\((?P<call>[^;\n]+)\)"
)
_PAGE_FIELD = re.compile(r"(?:cur(?:rent)?|c|go)?_?page(?:_?(?:no|num|index|number|id))?|pn|pageidx", re.IGNORECASE)
_BODY_LENGTH = 1500
"""Characters of a function that are read."""


def _find_target(document: Document, element: HtmlElement) -> tuple[str | None, str | None]:
    """Return where a control leads, or why that cannot be said."""
    raw = address_of(element)
    href = resolve(document.base, raw, charset=document.charset.name) if raw else None
    if href is not None:
        return (None if href == document.uri else href), None
    for script in (element.get("href") or "", element.get("onclick") or ""):
        call = _CALL.search(script)
        if call and "void" not in call["name"]:
            return _follow_call(document, call["name"], [value.strip() for value in call["arguments"].split(",")])
    return None, None


def _follow_call(document: Document, name: str, values: list[str]) -> tuple[str | None, str | None]:
    """Return the address that a call leads to, or a note on what it needs."""
    if name == "__doPostBack":
        return None, "pager needs POST (__doPostBack)"
    function = _find_function(document.text, name)
    if function is None:
        return _follow_form(document, name, values)
    parameters = [parameter.strip() for parameter in function[1].split(",")]
    body = document.text[function.end() : function.end() + _BODY_LENGTH].partition("function ")[0]
    if location := _LOCATION.search(body):
        raw = _evaluate(location["value"] or location["call"], dict(zip(parameters, values, strict=False)))
        target = resolve(document.base, raw, charset=document.charset.name) if raw else None
        return target, None if target else f"pager needs JavaScript ({name})"
    if "submit" in body:
        return _follow_form(document, name, values)
    return None, f"pager needs JavaScript ({name})"


@functools.lru_cache(maxsize=4)  # every number of a pager calls the same one
def _find_function(text: str, name: str) -> re.Match[str] | None:
    quoted = re.escape(name)
    plain = re.search(rf"function\s+{quoted}\s*\(([^()]*)\)", text)
    return plain or re.search(rf"\b{quoted}\s*[=:]\s*function\s*\(([^()]*)\)", text)


def _follow_form(document: Document, name: str, values: list[str]) -> tuple[str | None, str | None]:
    """Return the address that the page's paging form asks for, or a note where it needs POST."""
    number = next((value.strip("'\"") for value in values if value.strip("'\"").isdigit()), None)
    for form in document.root.iter("form"):
        fields = [(field.get("name") or "", field.get("value") or "") for field in form.iter("input")]
        page = next((key for key, _ in fields if _PAGE_FIELD.fullmatch(key)), None)
        if page is None or number is None:
            continue
        if (form.get("method") or "get").lower() == "post":
            return None, f"pager needs POST ({name})"
        query = urlencode([(key, number if key == page else value) for key, value in fields if key])
        return resolve(document.base, f"{(form.get('action') or '').partition('?')[0]}?{query}"), None
    return None, f"pager needs JavaScript ({name})"


_TERM = re.compile(r"\s*(?:'([^']*)'|\"([^\"]*)\"|([\w$]+))\s*(?:\+|\Z)")


def _evaluate(expression: str, values: dict[str, str]) -> str | None:
    """Return the string that a sum of literals and known names is; None where it is anything else."""
    text, at = "", 0
    expression = expression.strip().rstrip("})")
    while at < len(expression):
        term = _TERM.match(expression, at)
        if term is None:
            return None
        literal = term[1] if term[1] is not None else term[2]
        if literal is None:
            literal = term[3] if term[3].isdigit() else values.get(term[3], "")
            if not literal:
                return None
            literal = literal.strip("'\"")
        text += literal
        at = term.end()
    return text or None
