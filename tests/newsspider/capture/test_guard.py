"""No request reaches a machine that is not on the public Internet, unless it may."""

from collections.abc import Callable
from typing import Any

import pytest
from twisted.internet.address import IPv4Address, IPv6Address

from newsspider.capture.addresses import refuse_address, refuse_name
from newsspider.capture.guard import GuardedReactor
from pipelines.model import Outcome
from tests.newsspider.capture.conftest import Client
from tests.rawserver import RawServer, answer

PAGE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab"
REFUSED = {
    "127.0.0.1": "loopback", "127.9.9.9": "loopback", "::1": "loopback", "::ffff:127.0.0.1": "loopback",
    "10.1.2.3": "private", "172.16.0.1": "private", "192.168.1.1": "private", "fd00::1": "private",
    "0.0.0.0": "reserved", "::": "reserved", "198.18.0.7": "reserved", "240.0.0.1": "reserved",
    "169.254.169.254": "link-local", "fe80::1": "link-local", "fe80::1%eth0": "link-local",
    "224.0.0.1": "multicast", "ff02::1": "multicast", "100.100.100.200": "reserved",
    "2002:a00:1::": "private", "64:ff9b::a00:1": "private", "64:ff9b::7f00:1": "loopback",
    "100.64.0.1": "reserved", "fc00::1": "private", "fd00:ec2::254": "private", "fec0::1": "reserved",
    "::127.0.0.1": "reserved", "::ffff:0:127.0.0.1": "reserved", "64:ff9b:1::7f00:1": "reserved", "5f00::1": "reserved",
    "168.63.129.16": "metadata", "192.0.0.192": "metadata", "::ffff:168.63.129.16": "metadata",
}  # fmt: skip
PUBLIC = ["202.112.7.13", "8.8.8.8", "2001:da8:201::13", "64:ff9b::ca70:70d", "2002:ca70:70d::1", "100.128.0.1"]


@pytest.mark.parametrize("address", REFUSED)
def test_addresses_that_are_refused(address: str) -> None:
    assert f" is a {REFUSED[address]} address" in (refuse_address(address) or "")


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_that_are_not(address: str) -> None:
    assert refuse_address(address) is None


@pytest.mark.parametrize(
    "name",
    ["localhost", "LOCALHOST.", "a.localhost", "printer.local", "db.internal", "x.home.arpa", "nas.lan", "127.1",
     "2130706433", "0x7f.0.0.1", "017700000001", "[::1]", "10.0.0.1", "metadata.google.internal", "①②⑦.0.0.1",
     "127。0。0。1", "metadata", "nas", "[::ffff:169.254.169.254]", "0"],
)  # fmt: skip
def test_names_that_are_refused(name: str) -> None:
    assert refuse_name(name)


@pytest.mark.parametrize("name", ["news.pku.edu.cn", "localhost.example", "1.2.3.example", "8.8.8.8", "新闻.中国"])
def test_names_that_are_not(name: str) -> None:
    assert refuse_name(name) is None


class FakeResolver:
    """Resolves every name to the same addresses."""

    def __init__(self, *addresses: str) -> None:
        kind: Callable[[str], Any] = lambda a: (IPv6Address if ":" in a else IPv4Address)("TCP", a, 80)  # noqa: E731
        self.addresses = [kind(address) for address in addresses]

    def resolveHostName(self, receiver: Any, *_: Any, **__: Any) -> object:  # noqa: N802
        receiver.resolutionBegan(None)
        for address in self.addresses:
            receiver.addressResolved(address)
        receiver.resolutionComplete()
        return None


class Receiver:
    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.complete = False

    def resolutionBegan(self, _: object) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        self.complete = True


@pytest.mark.parametrize(
    ("found", "passed", "refusals"),
    [
        (["8.8.8.8", "127.0.0.1", "::1"], ["8.8.8.8"], []),
        (["127.0.0.1", "10.0.0.1"], [], ["10.0.0.1 is a private address"]),
        ([], [], []),
    ],
    ids=["some", "all", "none found"],
)
def test_a_name_is_connected_to_where_it_may(found: list[str], passed: list[str], refusals: list[str]) -> None:
    class Reactor:
        nameResolver = FakeResolver(*found)  # noqa: N815
        seconds = 7

    told: list[str] = []
    guarded = GuardedReactor(Reactor(), told.append)
    receiver = Receiver()
    guarded.nameResolver.resolveHostName(receiver, "rebound.example", portNumber=80)
    assert (receiver.addresses, receiver.complete, told) == (passed, True, refusals)
    assert guarded.seconds == 7


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433"])
def test_a_request_to_the_inside_is_an_exchange_out_of_scope(make_client: Callable[..., Client], host: str) -> None:
    client = make_client(CAPTURE_ALLOW_PRIVATE=False)
    with RawServer(answer(PAGE)) as server:
        exchange = client.exchange(server.uri(host=host))
        assert server.connections == []
    assert exchange.outcome == Outcome.OUT_OF_SCOPE
    assert exchange.error is not None
    assert exchange.error.endswith("is a loopback address, which only --allow-private lets the crawl reach")
    assert (exchange.request, exchange.response, exchange.ip) == (b"", b"", None)


def test_the_connected_address_is_looked_at_too(
    make_client: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = make_client(CAPTURE_ALLOW_PRIVATE=False)
    monkeypatch.setattr(
        "newsspider.capture.guard.refuse_address", lambda address: None
    )  # a resolver that is fooled
    with RawServer(answer(PAGE)) as server:
        exchange = client.exchange(server.uri())
        assert server.requests == []
    assert (exchange.outcome, exchange.request) == (Outcome.OUT_OF_SCOPE, b"")


def test_with_leave_it_is_fetched(make_client: Callable[..., Client]) -> None:
    client = make_client(CAPTURE_ALLOW_PRIVATE=True)
    with RawServer(answer(PAGE)) as server:
        assert client.exchange(server.uri(host="localhost")).response == PAGE
