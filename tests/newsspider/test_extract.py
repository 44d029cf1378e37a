"""``newsspider.extract``: one page, without network or archive."""

import pytest

import newsspider
from pipelines.errors import InputError

URL = "https://news.hill.example/info/1001/2002.htm"
PAGE = (
    '<html><head><meta charset="gbk"><title>学校召开春季运动会-青山大学</title></head><body><h1>学校召开春季运动会</h1>'
    "<p>发布时间：2026-04-18</p><div><p>四月十八日，学校春季运动会在田径场举行，来自二十个学院的一千余名师生参加。</p>"
    "<p>校长宣布开幕，各代表队依次入场，随后进行了团体操表演和田径比赛。</p></div></body></html>"
)


def test_bytes_and_decoded_text_give_the_same_record() -> None:
    told = [newsspider.extract(page, url=URL).to_dict() for page in (PAGE.encode("gbk"), PAGE)]
    fields = [{name: one[name] for name in ("outcome", "kind", "title", "published", "body")} for one in told]
    assert fields[0] == fields[1]
    assert (fields[0]["title"], fields[0]["published"]) == ("学校召开春季运动会", "2026-04-18")


@pytest.mark.parametrize("url", ["", "foo", "news.hill.example/1.htm", "ftp://hill.example/1.htm"])
def test_what_is_no_address_of_a_page_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="is no address; give one that begins with http"):
        newsspider.extract(PAGE, url=url)
