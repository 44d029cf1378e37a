"""The lines are those that pywb reads."""

import json
from pathlib import Path

from pipelines.store.cdxj import to_cdxj, to_index
from pipelines.store.record import digest
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
