"""Marks that a program put in: a separator before punctuation, emoji before full stops, a site's name at line ends.

An author, too, may type ``，，`` once. So a pattern counts only where the whole page follows it.
"""

import re
from collections import Counter
from collections.abc import Mapping

from pipelines.model import Edit
from pipelines.normalise.hanzi import HAN

CLOSE = f"{HAN}\u3000-\u303f\uff01-\uff5e“”‘’…—"

SEPARATORS = frozenset(",;")
DOUBLED = re.compile(rf"(?P<separator>[,;])(?P<mark>[，、。；：？！]|(?P=separator)(?=[{CLOSE}]))")
"""A narrow comma or semicolon, and the mark that it was put before (narrow, too, where a later step narrowed it)."""
PAIR = re.compile("[,;][，、。；：？！,;]")
"""What a doubled mark has in it, found fast."""
FEWEST_DOUBLED = 3
DOUBLED_SHARE = 0.75
"""A mark counts as doubled where so many of the page's are, at least three."""

PICTURES = "\u2600-\u27bf\U0001f000-\U0001faff"
EMOJI = re.compile(f"(?<=[\u3400-\u9fff”’）》])[{PICTURES}][{PICTURES}\u200d\ufe0f]*(?=[，。、；])")
ANY_EMOJI = re.compile("[\U0001f000-\U0001faff]")
FEWEST_EMOJI = 2

WATERMARK = re.compile(
    r"(?<=[\u3400-\u9fff。！？…”）])(?P<mark>[A-Za-z0-9]{2,4}[\u3400-\u9fff]{2,12}[网網站线線])(?=\s|$)"
)
SCRAMBLED = re.compile("[a-z][A-Z]")
FEWEST_WATERMARKS = 2


def find_marks(fields: Mapping[str, str]) -> dict[str, list[Edit]]:
    """Find what was put in on a page: field → edits."""
    found: dict[str, list[Edit]] = {name: [] for name in fields}
    for edits in (_doubled(fields), _emoji(fields), _watermarks(fields)):
        for name, edit in edits:
            found[name].append(edit)
    return {name: _apart(edits) for name, edits in found.items() if edits}


def _doubled(fields: Mapping[str, str]) -> list[tuple[str, Edit]]:
    if not any(PAIR.search(text) for text in fields.values()):
        return []
    matches = [(name, match) for name, text in fields.items() for match in DOUBLED.finditer(text)]
    if len(matches) < FEWEST_DOUBLED:
        return []
    doubled = Counter(match["mark"] for _, match in matches)
    text = "\n".join(fields.values())
    injected = {
        mark
        for mark, times in doubled.items()
        if times >= FEWEST_DOUBLED and times >= DOUBLED_SHARE * _in_chinese(text, mark, times)
    }
    return [(name, _without(match, "separator")) for name, match in matches if match["mark"] in injected]


def _in_chinese(text: str, mark: str, doubled: int) -> int:
    """Count a mark in Chinese context: a wide one everywhere, a narrow one behind an ideograph or another mark."""
    if not mark.isascii():
        return text.count(mark)
    single = re.findall(rf"(?<=[{CLOSE}]){mark}(?=[{CLOSE}])", text)
    return doubled + len(single)


def _emoji(fields: Mapping[str, str]) -> list[tuple[str, Edit]]:
    if not any(ANY_EMOJI.search(text) for text in fields.values()):
        return []
    matches = [(name, match) for name, text in fields.items() for match in EMOJI.finditer(text)]
    if len(matches) < FEWEST_EMOJI:
        return []
    elsewhere = sum(bool(ANY_EMOJI.search(EMOJI.sub("", text))) for text in fields.values())
    return [] if elsewhere else [(name, _without(match, 0)) for name, match in matches]


def _watermarks(fields: Mapping[str, str]) -> list[tuple[str, Edit]]:
    if not any(SCRAMBLED.search(text) for text in fields.values()):
        return []
    matches = [(name, match) for name, text in fields.items() for match in WATERMARK.finditer(text)]
    times = Counter(match["mark"] for _, match in matches)
    return [
        (name, _without(match, "mark"))
        for name, match in matches
        if times[match["mark"]] >= FEWEST_WATERMARKS and SCRAMBLED.search(match["mark"])
    ]


def _without(match: re.Match[str], group: str | int) -> Edit:
    return Edit(start=match.start(group), end=match.end(group), old=match[group], new="", kind="mark")


def _apart(edits: list[Edit]) -> list[Edit]:
    edits.sort(key=lambda edit: edit.start)
    return [edit for place, edit in enumerate(edits) if not place or edits[place - 1].end <= edit.start]
