"""A server that puts on the socket exactly the bytes it is told to, and remembers them.

A *script* is a function that is called with each :class:`Connection`, in a thread of its own. Pauses are events,
never sleeps: a script that must not go on waits for ``connection.released``, which is set when the server stops.
"""

import fcntl
import select
import socket
import ssl
import struct
import termios
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

Script = Callable[["Connection"], None]


class Connection:
    """One accepted connection."""

    def __init__(self, sock: socket.socket, released: threading.Event) -> None:
        self.socket = sock
        self.released = released
        self.sent = bytearray()
        self.requests: list[bytes] = []
        self.is_stuck = False
        """Whether nothing more will come of it."""
        self._ahead = bytearray()
        """What was read and not asked for yet."""

    def read_request(self) -> bytes:
        """Read one request without a body; empty where the client closed the connection."""
        while (end := self._ahead.find(b"\r\n\r\n") + 4) < 4:
            more = self.socket.recv(65536)
            if not more:
                return b""
            self._ahead += more
        self.requests.append(self.read(end))
        return self.requests[-1]

    def read(self, size: int) -> bytes:
        """Read exactly that many bytes."""
        while len(self._ahead) < size and (more := self.socket.recv(size - len(self._ahead))):
            self._ahead += more
        data = bytes(self._ahead[:size])
        del self._ahead[:size]
        return data

    def send(self, *pieces: bytes) -> None:
        """Send each piece in a packet of its own."""
        for piece in pieces:
            self.sent += piece  # first: the client may have read it before this thread runs on
            self.socket.sendall(piece)

    def pump(self, other: socket.socket) -> bool:
        """Pass on what comes next, in either direction; False where one side has closed."""
        ready, _, _ = select.select([self.socket, other], [], [])
        data = ready[0].recv(65536)
        (other if ready[0] is self.socket else self.socket).sendall(data)
        return bool(data)

    def drain(self) -> None:
        """Wait until the client's machine has everything: a reset would take back what is under way."""
        unsent = struct.pack("i", 1)
        while struct.unpack("i", unsent)[0]:
            unsent = fcntl.ioctl(self.socket, termios.TIOCOUTQ, struct.pack("i", 0))

    def reset(self) -> None:
        """Close the connection with RST."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def hold(self) -> None:
        """Do nothing until the server stops."""
        self.released.wait()

    def drip(self, beginning: bytes, drop: bytes) -> None:
        """Send a beginning, and then a drop now and then, until the client has had enough."""
        self.send(beginning)
        self.is_stuck = True
        try:
            while not self.released.wait(0.05):
                self.send(drop)
        finally:
            self.is_stuck = False

    def wait_for_the_end(self) -> None:
        """Send nothing more until the client has had enough."""
        self.is_stuck = True
        try:
            while self.socket.recv(65536):
                pass
        finally:
            self.is_stuck = False


class RawServer:
    """Listens on loopback while it is used as a context manager."""

    def __init__(
        self, script: Script, *, tls: ssl.SSLContext | None = None, address: str = "127.0.0.1", port: int = 0
    ) -> None:
        self._script, self._tls = script, tls
        self._listener = socket.create_server((address, port), family=_family(address))
        self._listener.settimeout(None)
        self._released = threading.Event()
        self._threads: list[threading.Thread] = []
        self._errors: list[Exception] = []
        self.connections: list[Connection] = []
        self.port: int = self._listener.getsockname()[1]

    def uri(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}{path}"

    @property
    def sent(self) -> bytes:
        """What was sent over all connections, in the order in which they were accepted."""
        return b"".join(bytes(connection.sent) for connection in self.connections)

    @property
    def requests(self) -> list[bytes]:
        return [request for connection in self.connections for request in connection.requests]

    def all_closed(self) -> bool:
        """Wait until the scripts of all connections have ended by themselves; False if one does not."""
        for thread in self._threads[1:]:
            thread.join(20)
        return not any(thread.is_alive() for thread in self._threads[1:])

    def release(self) -> None:
        """Let go what holds, so that many servers stop at once."""
        self._released.set()

    def close(self) -> None:
        """Give back the port of a server that is not to run."""
        self._listener.close()

    def __enter__(self) -> "RawServer":
        thread = threading.Thread(target=self._accept, daemon=True)
        thread.start()
        self._threads.append(thread)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._released.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self.connections:
            with suppress(OSError):
                connection.socket.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        if self._errors and error is None:
            raise self._errors[0]

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, sock: socket.socket) -> None:
        connection = Connection(sock, self._released)
        self.connections.append(connection)
        try:
            # The client may close, or refuse our certificate: that is its right, and not the script's business.
            with suppress(OSError):
                if self._tls:
                    connection.socket = self._tls.wrap_socket(sock, server_side=True)
                self._script(connection)
        except Exception as error:  # noqa: BLE001  (told to the test when the server stops)
            self._errors.append(error)
        finally:
            with suppress(OSError):
                connection.socket.close()


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def answer(*pieces: bytes) -> Script:
    """Return the script that answers one request with these pieces and closes the connection."""

    def script(connection: Connection) -> None:
        if connection.read_request():
            connection.send(*pieces)

    return script


def answers(*responses: bytes) -> Script:
    """Return the script that answers one request after the other over the same connection."""

    def script(connection: Connection) -> None:
        for response in responses:
            if not connection.read_request():
                return
            connection.send(response)
        connection.read_request()

    return script
