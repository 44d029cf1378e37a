"""Signs of a copy: what is flagged, and which official pages are not."""

import pytest

from pipelines.model import Site
from pipelines.normalise.mirror import find_signals
from tests.pipelines.normalise.prose import PAGES

CLEAN = {"title": PAGES[0].split("\n")[0], "body": PAGES[0]}


def kinds(uri: str, texts: dict[str, str], site: Site | None = None, *, damaged: bool = False) -> list[str]:
    return [signal.kind for signal in find_signals(uri, texts, site, damaged=damaged)]


@pytest.mark.parametrize(
    "uri",
    [
        "https://www.ilytr0e.xyz/info/1066/26851.htm",
        "https://www.da3g8pb.top/xxgk/2013/0125/c1067a64281/page.htm",
        "https://lunavoce.com/kyguanwangmanbetx/info/2734/41024.htm",
    ],
)
def test_a_university_path_on_a_suspicious_host_is_flagged(uri: str) -> None:
    assert kinds(uri, CLEAN) == ["foreign_host"]


@pytest.mark.parametrize(
    "uri",
    [
        "https://news.henu.edu.cn/info/1066/26851.htm",
        "https://www.ntu.edu.tw/info/1066/26851.htm",
        "https://www.kaist.ac.kr/info/1066/26851.htm",
        "https://www.mit.edu/2013/0125/c1067a64281/page.htm",
        "https://www.hnjd.net/info/1066/26851.htm",
        "https://www.xxxy.cn/2013/0125/c1067a64281/page.htm",
        "https://news.example.xyz/2020/02/21/story",
    ],
)
def test_an_official_page_is_not_flagged(uri: str) -> None:
    assert kinds(uri, CLEAN) == []


def test_damage_makes_a_foreign_host_suspicious() -> None:
    uri = "https://www.hnjd.net/info/1066/26851.htm"
    assert kinds(uri, CLEAN, damaged=True) == ["foreign_host"]
    site = Site(id="hnjd", name="", seeds=(), domains=("hnjd.net",))
    assert kinds(uri, CLEAN, site, damaged=True) == []


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ("米兰app入口站官网在校本部隆重举行了2022年秋季开学典礼", "米兰app入口站官网"),
        ("意昂体育94級校友從祖國各地齊聚母校", "意昂体育"),
        ("威尼斯wns8885556在图书馆召开师生大会", "威尼斯wns8885556"),
        ("我们对学校카지노", "카지노"),
    ],
)
def test_a_betting_site_in_the_place_of_a_name_is_flagged(body: str, name: str) -> None:
    (signal,) = find_signals("https://a.example/b", {"body": body})
    assert (signal.kind, signal.text) == ("substituted_name", name)
    assert name in signal.evidence


def test_the_title_is_a_witness_for_the_name() -> None:
    texts = {"title": "滨州学院第三届足球联赛开幕", "body": "Bwin必赢第三届足球联赛顺利开幕"}
    (signal,) = find_signals("https://a.example/b", texts)
    assert signal.evidence.endswith("title has 滨州学院 before «第三届足»")


@pytest.mark.parametrize(
    "body",
    [
        "学校召开警惕网络赌博主题班会，学生表示要远离博彩和彩票",
        "体育彩票公益金资助学生，成人高考报名，免费参观",
        "这些国产精品赢得了同学的喜爱",
        "威尼斯与澳门的城市史：学术讲座，主讲教授来自威尼斯大学",
    ],
)
def test_betting_as_a_topic_is_not_flagged(body: str) -> None:
    assert find_signals("https://a.example/info/1066/26851.htm", {"body": body}) == ()


def test_a_line_of_keywords_is_a_banner() -> None:
    body = "国产精品久久久,亚洲综合,无码视频,一区二区\n" + PAGES[1]
    assert "spam_banner" in kinds("https://a.example/b", {"body": body})
