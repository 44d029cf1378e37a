"""Ports that a test may serve on although several runs of the tests go on at once."""

import random
import socket


def find_ports(count: int = 3) -> tuple[int, ...]:
    """Return neighbouring free ports, below those that the system gives to outgoing connections."""
    while True:
        first = random.randrange(20_000, 31_000)
        ports = tuple(range(first, first + count))
        if all(map(is_free, ports)):
            return ports


def is_free(port: int) -> bool:
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
