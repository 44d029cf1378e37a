"""Text that was decoded with the wrong charset, where the way back is exact.

============================  ==========  ================================================
UTF-8 read as Latin-1/cp1252  ``å­¦æ ¡``  bytes again, strictly decoded as UTF-8
GBK read as Latin-1/cp1252    ``Ñ§Ð£``    bytes again, decoded as GB 18030; must read well
UTF-8 read as GBK             ``瀛﹀憳``  bytes again, strictly decoded as UTF-8
============================  ==========  ================================================

A run that does not decode to the last byte has lost characters, and is left as it is.
"""

import re
from collections.abc import Callable
from functools import cache

from pipelines.model import Edit
from pipelines.normalise.charmodel import CharModel, fold
from pipelines.normalise.hanzi import gbk_characters, is_han

WINDOWS = {
    bytes((byte,)).decode("cp1252"): byte
    for byte in range(0x80, 0xA0)
    if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
HIGH = "\u0080-\u00ff" + "".join(WINDOWS)
HIGH_RUN = re.compile(rf"[\u00c2-\u00f4{''.join(WINDOWS)}\u00b0-\u00f7][{HIGH}]+")
MULTIBYTE = re.compile(rf"[\u00e0-\u00ef][{HIGH}][{HIGH}]")
"""Three bytes of UTF-8: a Chinese character. Accents of European words never stand so."""

FEWEST_HAN = 2
READS_WELL = -9.0
"""Mean log probability of a character (nats) above which GBK text read as Latin-1 is believed; chance gives −12."""


def find_mojibake(text: str, model: Callable[[], CharModel]) -> list[Edit]:
    """Find runs of wrongly decoded text; the model is asked for only where it is needed."""
    if text.isascii():
        return []
    runs = [(match, _from_latin(match[0], model)) for match in HIGH_RUN.finditer(text)]
    runs += [(match, _from_gbk(match[0])) for match in utf8_as_gbk().finditer(text)]
    edits: list[Edit] = []
    for match, new in sorted(runs, key=lambda run: run[0].start()):
        if new is not None and (not edits or edits[-1].end <= match.start()):
            edits.append(Edit(start=match.start(), end=match.end(), old=match[0], new=new, kind="mojibake"))
    return edits


def _from_latin(run: str, model: Callable[[], CharModel]) -> str | None:
    """Return the Chinese that a run of Latin-1 letters stands for, or None."""
    data = bytes(WINDOWS.get(char) or ord(char) for char in run)
    if MULTIBYTE.search(run):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if len(data) % 2 or not all(0xA1 <= byte <= 0xFE for byte in data):
        return None
    try:
        chinese = data.decode("gb2312")
    except UnicodeDecodeError:
        return None
    if sum(map(is_han, chinese)) < FEWEST_HAN:
        return None
    reader = model().read_page(())
    return chinese if reader.read(reader.start(), fold(chinese))[1] >= READS_WELL * len(chinese) else None


@cache
def utf8_as_gbk() -> re.Pattern[str]:
    """Return the pattern of Chinese characters in UTF-8, the six bytes of two read as three GBK characters."""
    lead, tail = range(0xE3, 0xEA), range(0x80, 0xC0)
    kinds = {"lead tail": "", "tail lead": "", "tail tail": ""}
    for (first, second), char in gbk_characters().items():
        if first in lead and second in tail:
            kinds["lead tail"] += char
        elif first in tail and (second in lead or second == 0xEF):
            kinds["tail lead"] += char
        elif first in tail and second in tail:
            kinds["tail tail"] += char
    two = "".join(f"[{re.escape(characters)}]" for characters in kinds.values())
    return re.compile(f"{two}(?:{two})+")  # and not {2,}: a search for a class at the front is six times as fast


def _from_gbk(run: str) -> str | None:
    try:
        chinese = run.encode("gbk").decode("utf-8")
    except UnicodeError:
        return None
    return chinese if sum(map(is_han, chinese)) * 2 > len(chinese) else None
