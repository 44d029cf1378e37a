"""Which addresses are not of the public Internet, by number and by name."""

import ipaddress
import socket

LOCAL_NAMES = ("localhost", "local", "internal", "lan")
"""Top-level names that never leave a local network (RFC 6761, 6762, 8375), and two that are used as if."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052 §2.1: the last 32 bits are the IPv4 address that is reached."""
INTERNET = ipaddress.ip_network("2000::/3")
"""All of the Internet that IPv6 has (IANA, «Global Unicast»): site-local, IPv4-compatible and local NAT64 (RFC 8215)
addresses lie outside, and Python knows not all of them."""
PRIVATE = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))
"""RFC 1918 and 4193: what people call private. Python calls more so, and other ranges in each version."""
CLOUD = frozenset(map(ipaddress.ip_address, ("168.63.129.16", "192.0.0.192")))
"""Metadata services that look public, of Azure and Oracle; those of others are link-local, private or shared."""
ONLY_WITH_LEAVE = "which only --allow-private lets the crawl reach"
"""What a person is told after the reason."""


def refuse_address(address: str) -> str | None:
    """Return why a numeric address is refused, or None for one of the public Internet.

    >>> refuse_address("169.254.169.254"), refuse_address("::ffff:10.0.0.1"), refuse_address("202.112.7.13")
    ('169.254.169.254 is a link-local address', '10.0.0.1 is a private address', None)
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or (ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in NAT64 else ip)
    kind = next(
        (
            name
            for name, applies in (
                ("loopback", ip.is_loopback),
                ("link-local", ip.is_link_local),
                ("multicast", ip.is_multicast),
                ("private", any(ip in network for network in PRIVATE)),
                ("metadata", ip in CLOUD),
                ("reserved", ip.is_private or not ip.is_global or (ip.version == 6 and ip not in INTERNET)),
            )
            if applies
        ),
        None,
    )
    return f"{ip} is a {kind} address" if kind else None


def is_host_name(host: str) -> bool:
    """Tell whether a resolver can be asked for it: Twisted's never comes back from an overlong or empty label."""
    try:
        return bool(host.encode("idna"))
    except UnicodeError:
        return False


def refuse_name(host: str) -> str | None:
    """Return why a host, name or number in any notation, is refused where somebody else resolves it.

    ``host`` is one that :func:`is_host_name` holds for.

    >>> refuse_name("0x7f.1"), refuse_name("nas.local"), refuse_name("news.example.edu.cn")
    ('127.0.0.1 is a loopback address', 'nas.local is a name of a local network', None)
    """
    name = host.strip("[]").encode("idna").decode("ascii").rstrip(".").lower()  # ①②⑦。1 is a number too
    try:
        return refuse_address(name)
    except ValueError:
        pass
    try:
        return refuse_address(socket.inet_ntoa(socket.inet_aton(name)))
    except OSError:
        pass
    # No name of the public Internet is without a dot (SAC 053): the proxy would look for it beside itself.
    if "." not in name or name.rpartition(".")[2] in LOCAL_NAMES or name.endswith(".home.arpa"):
        return f"{host} is a name of a local network"
    return None
