"""Labels of charsets (WHATWG Encoding §4.2)."""

import codecs

import pytest

from pipelines.charset import to_codec
from pipelines.charset.labels import CODECS


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("gb2312", "gb18030"), ("GBK", "gb18030"), ("x-gbk", "gb18030"), ("gb_2312-80", "gb18030"),
        ("big5", "big5hkscs"), ("Big5-HKSCS", "big5hkscs"), ("iso-8859-1", "windows-1252"),
        ("latin1", "windows-1252"), ("us-ascii", "windows-1252"), ("UTF8", "utf-8"),
        ("utf_8", "utf-8"), ("gb-2312", "gb18030"),
        ("shift_jis", "cp932"), ("ks_c_5601-1987", "cp949"), ("euc-jp", "euc_jp"), ("windows-1251", "windows-1251"),
        ("iso-8859-9", "windows-1254"), ("none", None), ("", None), ("text/html", None),
    ],
)  # fmt: skip
def test_to_codec(label: str, codec: str | None) -> None:
    assert to_codec(label) == codec


def test_python_has_every_codec() -> None:
    for codec in set(CODECS.values()):
        codecs.lookup(codec)
