"""The lines are those that pywb reads, and are found without reading them all."""

import json
import mmap
from pathlib import Path
from typing import Any

import pytest

from pipelines.errors import DamagedError
from pipelines.model import Place
from pipelines.store.cdxj import find_places, to_cdxj, to_index
from pipelines.store.record import digest
from pipelines.uri import urlkey
from tests.pipelines.store.samples import BODY, write_samples


def test_lines_of_a_file(tmp_path: Path) -> None:
    captures = write_samples(
        tmp_path / "a.warc.gz", ["response", "identical", "not modified", "redirect", "time-out"]
    )
    lines = [to_cdxj(capture) for capture in captures]
    assert lines[-1] is None
    response = captures[0]
    assert response.place is not None
    assert lines[0] == (
        'cn,edu,example,news)/info/1.htm?cid=7&id=8&utm_source=x 20240305010203 {"url": '
        '"http://news.example.edu.cn/info/1.htm?cid=7&ID=8&utm_source=x", "mime": "text/html", "status": "200", '
        f'"digest": "{digest(BODY)}", "length": "{response.place.length}", "offset": "{response.place.offset}", '
        '"filename": "a.warc.gz"}\n'
    )
    told = [json.loads(line.split(" ", 2)[2]) for line in lines if line]
    assert [each["mime"] for each in told] == ["text/html", "warc/revisit", "warc/revisit", "unk"]
    assert [each["status"] for each in told] == ["200", "200", "304", "302"]
    assert told[1]["digest"] == told[2]["digest"] == digest(BODY)


def test_an_index_is_in_the_order_of_its_bytes() -> None:
    lines = ["b)/ 2 {}\n", "a)/é 1 {}\n", "a)/ 2 {}\n", "a)/ 1 {}\n", "a)/z 1 {}\n"]
    index = to_index(lines)
    assert index.splitlines() == sorted(index.splitlines())
    assert len(index.splitlines()) == 5


def write_index(path: Path, count: int) -> list[str]:
    """Write an index of that many pages; return their addresses."""
    uris = [f"http://news.example.edu.cn/info/{number}.htm" for number in range(count)]
    lines = [
        f'{urlkey(uri)} 2024030501020{times} {{"url": "{uri}", "mime": "{mime}", "length": "90",'
        f' "offset": "{1000 * number + times}", "filename": "a.warc.gz"}}\n'
        for number, uri in enumerate(uris)
        for times, mime in ((3, "text/html"), (2, "text/html"), (1, "warc/revisit"))
    ]
    path.write_bytes(to_index(lines))
    return uris


@pytest.mark.parametrize("count", [1, 2, 3, 4, 57])
def test_places_are_found_in_order_of_writing(tmp_path: Path, count: int) -> None:
    index = tmp_path / "a.cdxj"
    for number, uri in enumerate(write_index(index, count)):
        assert find_places(index, uri) == [
            Place(warc="a.warc.gz", offset=1000 * number + times, length=90) for times in (2, 3)
        ]
    for other in ("http://a.example/", "http://news.example.edu.cn/info/", "https://zzz.example/"):
        assert find_places(index, other) == []


def test_an_address_of_the_same_key_is_another(tmp_path: Path) -> None:
    index = tmp_path / "a.cdxj"
    (uri,) = write_index(index, 1)
    assert urlkey(uri.replace("http:", "https:")) == urlkey(uri)
    assert find_places(index, uri.replace("http:", "https:")) == []


def test_an_index_may_be_empty_and_may_lack_its_last_line_end(tmp_path: Path) -> None:
    index = tmp_path / "a.cdxj"
    index.write_bytes(b"")
    assert find_places(index, "http://news.example.edu.cn/") == []
    *_, last = write_index(index, 9)
    index.write_bytes(index.read_bytes()[:-1])
    assert len(find_places(index, last)) == 2


@pytest.mark.parametrize(
    "fields", ["no JSON", "[]", '{"url": "URI"}', '{"url": "URI", "mime": "x", "offset": "?"}']
)
def test_a_line_that_is_no_cdxj(tmp_path: Path, fields: str) -> None:
    uri = "http://news.example.edu.cn/"
    index = tmp_path / "a.cdxj"
    index.write_text(f"{urlkey(uri)} 20240305010203 {fields.replace('URI', uri)}\n", "utf-8")
    with pytest.raises(DamagedError, match="no CDXJ; delete the file, it is made anew"):
        find_places(index, uri)


def test_a_search_does_not_read_the_index_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Counted(mmap.mmap):
        """Counts the lines that are looked at."""

        looks = 0

        def __getitem__(self, part: Any) -> Any:
            Counted.looks += 1
            return super().__getitem__(part)

    monkeypatch.setattr(mmap, "mmap", Counted)
    index = tmp_path / "a.cdxj"
    for uri in write_index(index, 10_000)[::500]:
        Counted.looks = 0
        assert len(find_places(index, uri)) == 2
        assert 1 <= Counted.looks <= 20, "the logarithm of 20,000 lines is 15"
