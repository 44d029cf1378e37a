"""Hosts, domains and extensions."""

import pytest

from pipelines.uri import extension, host_of, in_domains, registrable_domain


@pytest.mark.parametrize(
    ("uri", "host"),
    [
        ("http://News.X.edu.cn/a", "news.x.edu.cn"),
        ("https://x.edu.cn:443/", "x.edu.cn"),
        ("http://x.edu.cn:443/", "x.edu.cn:443"),
        ("http://127.0.0.1:8001/a", "127.0.0.1:8001"),
        ("http://[::1]:80/", "[::1]"),
        ("http://user@x.edu.cn/", "x.edu.cn"),
        ("/a/b", ""),
        ("", ""),
    ],
)
def test_host_of(uri: str, host: str) -> None:
    assert host_of(uri) == host


def test_in_domains() -> None:
    domains = ("x.edu.cn", "127.0.0.1:8001")
    assert in_domains("http://x.edu.cn/a", domains)
    assert in_domains("https://news.x.edu.cn/a", domains)
    assert in_domains("http://127.0.0.1:8001/", domains)
    assert not in_domains("http://yx.edu.cn/", domains)
    assert not in_domains("http://x.edu.cn:8080/", domains)
    assert not in_domains("http://127.0.0.1:8002/", domains)
    assert not in_domains("mailto:a@x.edu.cn", domains)


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("rsc.henu.edu.cn", "henu.edu.cn"),
        ("www.mit.edu", "mit.edu"),
        ("news.x.ac.uk:8080", "x.ac.uk"),
        ("edu.cn", "edu.cn"),
        ("localhost", "localhost"),
        ("127.0.0.1:8001", "127.0.0.1:8001"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]:8001", "[::1]:8001"),
    ],
)
def test_registrable_domain(host: str, domain: str) -> None:
    assert registrable_domain(host) == domain


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("http://x/a/b.PDF?x=1.zip#c.doc", "pdf"),
        ("http://x.edu.cn", None),
        ("http://x/a.b/c", None),
        ("http://x/a.tar.gz", "gz"),
        ("http://x/关于.docx", "docx"),
        ("http://x/a.", None),
    ],
)
def test_extension(uri: str, found: str | None) -> None:
    assert extension(uri) == found
