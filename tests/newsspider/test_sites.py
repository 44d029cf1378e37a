"""Site files: what is right loads, what is wrong is said in the words of the person who wrote it."""

import hashlib
from pathlib import Path

import pytest

from newsspider.sites import find_catalogue, load_site, packaged_catalogue, parse_site, site_ids
from pipelines.errors import SiteError
from pipelines.model import Access, Politeness

GOOD = """
id = "hill"
name = "青山大学新闻网"
seeds = ["https://news.hill.example/xwzx.htm", "https://www.hill.example:8443/"]

[politeness]
delay = 2
"""


def test_a_site_file_loads_with_its_defaults() -> None:
    site = parse_site(GOOD, name="hill.toml")
    assert site.domains == ("news.hill.example", "www.hill.example:8443")
    assert site.control == "https://news.hill.example/xwzx.htm"
    assert site.politeness == Politeness(delay=2.0)
    assert site.digest == hashlib.sha256(GOOD.encode()).hexdigest()
    assert site.text == GOOD


def test_addresses_may_be_written_as_people_see_them() -> None:
    text = GOOD.replace(
        "https://news.hill.example/xwzx.htm", "HTTPS://News.Hill.example:443/新闻/list.htm?栏目=1#top"
    )
    site = parse_site(text, name="hill.toml")
    assert site.seeds[0] == "https://news.hill.example/%E6%96%B0%E9%97%BB/list.htm?%E6%A0%8F%E7%9B%AE=1"
    assert site.control == site.seeds[0]
    assert site.domains[0] == "news.hill.example"


def test_exceptions_from_secure_connections_are_made_on_purpose() -> None:
    assert parse_site(GOOD, name="hill.toml").access == Access(verify=True, legacy_tls=False)
    made = parse_site(GOOD + "[access]\nverify = false\nlegacy_tls = true\n", name="hill.toml")
    assert made.access == Access(verify=False, legacy_tls=True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            ("[politeness]", "[access]\nverfiy = false\n[politeness]"),
            ("key access.verfiy", "did you mean access.verify?"),
        ),
        (("[politeness]", '[access]\nverify = "never"\n[politeness]'), ("key access.verify", "'never'")),
        (("id = ", 'nmae = "x"\nid = '), ("key nmae", "did you mean name?")),
        (('name = "青山大学新闻网"', ""), ("key name", "is missing")),
        (("delay = 2", "dealy = 2"), ("key politeness.dealy", "did you mean politeness.delay?")),
        (("delay = 2", 'delay = "slow"'), ("key politeness.delay", "'slow'")),
        (("delay = 2", "delay = -1"), ("key politeness.delay", "0 or more", "-1")),
        (("delay = 2", 'quiet_hours = ["8-18"]'), ("key politeness.quiet_hours", "'8-18'", "08:00-18:00")),
        (("delay = 2", "delay = nan"), ("key politeness.delay", "nan")),
        (("delay = 2", "concurrency = 0"), ("key politeness.concurrency", "1 or more")),
        (("https://news", "ftp://news"), ("key seeds.0", "http:// or https://")),
        (("https://news.hill.example/", "http://127.0.0.1/"), ("key seeds.0", "--allow-private")),
        (("https://news.hill.example/", "http://169.254.169.254/"), ("key seeds.0", "--allow-private")),
        (("https://news.hill.example/", "http://[::1/"), ("key seeds.0", "is no address")),
        (("https://www.hill.example:8443", "https://www.hill.example:port"), ("key seeds.1", "is no address")),
        (('id = "hill"', 'id = "Hill 1"'), ("key id", "'Hill 1'", "lower-case")),
        (("[politeness]", '[scope]\ndeny = ["("]\n[politeness]'), ("key scope.deny", "regular expression")),
        (("[politeness]", 'domains = ["a/b"]\n[politeness]'), ("key domains", "host name")),
        (("[politeness]", 'timezone = "Asia/Peking"\n[politeness]'), ("key timezone", "Asia/Shanghai")),
        (("[politeness]", 'digest = "x"\n[politeness]'), ("key digest", "is not known")),
        (("[politeness]", "[politeness"), ("not valid TOML", "line")),
        (('["https://news', '"https://news'), ("not valid TOML",)),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_wrong_site_file_names_file_key_and_remedy(change: tuple[str, str], said: tuple[str, ...]) -> None:
    assert change[0] in GOOD
    with pytest.raises(SiteError) as caught:
        parse_site(GOOD.replace(*change, 1), name="sites/hill.toml")
    for words in ("sites/hill.toml", *said):
        assert words in str(caught.value)


def test_all_mistakes_of_a_file_are_named_at_once() -> None:
    wrong = GOOD.replace("delay = 2", "delay = -2").replace('id = "hill"', 'id = "HILL"')
    with pytest.raises(SiteError) as caught:
        parse_site(wrong, name="hill.toml")
    assert str(caught.value).count("\n") == 1


def test_private_addresses_load_when_they_are_meant() -> None:
    site = parse_site(GOOD.replace("news.hill.example", "127.0.0.1:8791"), name="hill.toml", allow_private=True)
    assert site.domains[0] == "127.0.0.1:8791"


@pytest.mark.parametrize(
    "host",
    ["localhost", "news.localhost", "10.1.2.3", "100.64.0.1", "[::1]", "0x7f.1", "2130706433", "①②⑦.0.0.1", "nas"],
)
def test_a_seed_on_a_private_network_is_refused_without_leave(host: str) -> None:
    text = f'id = "hill"\nname = "Hill"\nseeds = ["http://{host}/"]'
    with pytest.raises(SiteError, match="give --allow-private if that is meant"):
        parse_site(text, name="hill.toml")
    assert parse_site(text, name="hill.toml", allow_private=True).seeds


@pytest.mark.parametrize("host", ["news.hill.example", "202.113.18.1", "[2001:da8:201::13]", "新闻.中国"])
def test_a_seed_on_the_public_internet_is_not(host: str) -> None:
    assert parse_site(f'id = "hill"\nname = "Hill"\nseeds = ["http://{host}/"]', name="hill.toml").seeds


def test_an_unknown_site_is_told_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "hill.toml").write_text(GOOD, "utf-8")
    assert load_site("hill", tmp_path).id == "hill"
    with pytest.raises(SiteError, match="did you mean hill"):
        load_site("hil", tmp_path)
    with pytest.raises(SiteError, match="no such site"):
        load_site("../hill", tmp_path)


def test_file_and_id_have_one_name(tmp_path: Path) -> None:
    (tmp_path / "dale.toml").write_text(GOOD, "utf-8")
    with pytest.raises(SiteError, match=r"call it hill\.toml"):
        load_site("dale", tmp_path)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "hill.toml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(SiteError, match="not UTF-8"):
        load_site("hill", tmp_path)


def test_the_chosen_catalogue_must_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SiteError, match="--sites"):
        find_catalogue(tmp_path / "nowhere")
    monkeypatch.chdir(tmp_path)
    assert find_catalogue() == packaged_catalogue()
    (tmp_path / "data" / "sites").mkdir(parents=True)
    assert find_catalogue() == Path("data/sites")


@pytest.mark.parametrize("site_id", site_ids(packaged_catalogue()))
def test_every_site_of_the_catalogue_is_right(site_id: str) -> None:
    assert load_site(site_id, packaged_catalogue()).checked is False


def test_what_is_wrong_with_the_form_is_said_all_at_once() -> None:
    text = 'id = "x"\nname = 5\nseeds = "http://x.edu.cn/"\nlanguag = 1\n[politeness]\ndelay = "a"\nconcurrency = 1.5\n'
    with pytest.raises(SiteError) as caught:
        parse_site(text, name="x.toml")
    assert str(caught.value).splitlines()[1:] == [
        "x.toml: key name: must be text in quotes, but it is 5.",
        "x.toml: key seeds: must be a list in square brackets, but it is 'http://x.edu.cn/'.",
        "x.toml: key politeness.delay: must be a number, but it is 'a'.",
        "x.toml: key politeness.concurrency: must be a whole number, but it is 1.5.",
    ]
    assert str(caught.value).startswith("x.toml: key languag: is not known; the keys are ")
