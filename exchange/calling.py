"""Calls to addresses that users gave: never into our own network, never longer or larger than we allow.

By the standard library, which is kept with Python itself: what is needed is one POST, without redirects, proxies,
cookies and pools, over a connection to an address that was checked. A name is resolved once, every address it has is
checked, and the connection goes to one of them: there is no second look-up in which it could be another.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils import timezone

from exchange.errors import BadAddress

ANSWER_BYTES = 64 * 1024
"""Of an answer so much is read at most; the rest is cut off."""
LONGEST_PAUSE = 3600.0
"""Seconds that a receiver's Retry-After may ask for; what is longer counts as this."""
EMBEDDING = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"), ip_network("::/96"))
"""IPv6 addresses that stand for an IPv4 address in their last 32 bits (RFC 6052, RFC 8215, RFC 4291)."""

Address = IPv4Address | IPv6Address


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call. status: HTTP, None where there was no answer; then `trouble` says why."""

    status: int | None
    milliseconds: int
    trouble: str = ""
    pause: float | None = None
    """Seconds after which the receiver asks to be called again."""

    @property
    def took_it(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def checked_url(url: str) -> SplitResult:
    """The parts of an address that may be called, as far as can be told without asking for its name.

    Raises BadAddress.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise BadAddress("it cannot be read.") from None
    if parts.scheme not in ("https", "http") or not host:
        raise BadAddress("it has to begin with https:// and name a host.")
    if parts.username is not None or parts.password is not None:
        raise BadAddress("it must not hold a user name or a password. The signature shows who calls.")
    if parts.fragment or any(ord(character) <= 32 or ord(character) > 126 for character in url):
        raise BadAddress("it must be plain ASCII without spaces and without a part behind #.")
    literal = _literal(host)
    if literal is not None:
        check(literal, plain=parts.scheme == "http")
    elif host == "localhost" or host.endswith(".localhost"):
        check(ip_address("127.0.0.1"), plain=parts.scheme == "http")
    elif parts.scheme == "http" and not settings.WEBHOOK_NETWORKS:
        raise BadAddress("it has to begin with https://.")
    return parts


def check(address: Address, *, plain: bool) -> None:
    """Raises BadAddress for an address of a private, local or otherwise special network, unless the setting allows it.

    plain: without TLS, which only networks of the setting may be called.
    """
    inner = _unwrapped(address)
    if any(candidate in network for network in allowed_networks() for candidate in (address, inner)):
        return
    special = inner.is_multicast or (isinstance(inner, IPv6Address) and inner.is_site_local)
    if special or not inner.is_global:
        raise BadAddress("it leads into a private network. An administrator can allow networks (WEBHOOK_NETWORKS).")
    if plain:
        raise BadAddress("it has to begin with https://.")


def allowed_networks() -> list[IPv4Network | IPv6Network]:
    return [ip_network(network) for network in settings.WEBHOOK_NETWORKS]


def _unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, or else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if any(address in network for network in EMBEDDING) and int(address) > 1:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _literal(host: str) -> Address | None:
    """The address that `host` is, in any way that system calls read one: also 127.1, 0x7f000001 and 2130706433."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None


def resolve(host: str, port: int, *, plain: bool) -> list[str]:
    """The addresses of a host, each of them checked. Raises BadAddress and OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        check(ip_address(address.partition("%")[0]), plain=plain)
    return addresses


class CheckedConnection(http.client.HTTPConnection):
    """To one of the addresses that were checked; with TLS for the host's name."""

    def __init__(self, parts: SplitResult, deadline: float) -> None:
        self.default_port = 443 if parts.scheme == "https" else 80
        # Without a port the library would take the end of an IPv6 address for one.
        port = parts.port or self.default_port
        super().__init__(str(parts.hostname), port, timeout=settings.WEBHOOK_CONNECT_SECONDS)
        self.secure = parts.scheme == "https"
        self.deadline = deadline
        self.watch: Timer | None = None
        self.guard: socket.socket | None = None

    def connect(self) -> None:
        addresses = resolve(self.host, self.port, plain=not self.secure)
        raw = _first_that_answers(addresses, self.port, self.deadline)
        # Each read has its time-out, and all of them together have this: no drop-by-drop answer holds a worker.
        self.guard = raw.dup()
        self.watch = Timer(max(self.deadline - time.monotonic(), 0), _cut, [self.guard])
        self.watch.daemon = True
        self.watch.start()
        raw.settimeout(settings.WEBHOOK_READ_SECONDS)
        self.sock = raw  # closed with the connection, also when the handshake fails
        if self.secure:
            self.sock = ssl.create_default_context().wrap_socket(raw, server_hostname=self.host)

    def close(self) -> None:
        if self.watch is not None:
            self.watch.cancel()
        if self.guard is not None:
            self.guard.close()
        super().close()


def _first_that_answers(addresses: list[str], port: int, deadline: float) -> socket.socket:
    """Raises the OSError of the last one."""
    for address in addresses[:-1]:
        try:
            return socket.create_connection((address, port), _left(deadline))
        except OSError:
            continue
    return socket.create_connection((addresses[-1], port), _left(deadline))


def _left(deadline: float) -> float:
    return float(max(min(settings.WEBHOOK_CONNECT_SECONDS, deadline - time.monotonic()), 0.01))


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """POST once, without following redirects. Never raises for what the receiver or the network does."""
    started = time.monotonic()
    status, trouble, pause = None, "", None
    try:
        connection = CheckedConnection(checked_url(url), started + settings.WEBHOOK_TOTAL_SECONDS)
        try:
            status, pause = _ask(connection, urlsplit(url), body, headers)
        finally:
            connection.close()
    except BadAddress as error:
        trouble = str(error)
    except (OSError, http.client.HTTPException, UnicodeError) as error:
        trouble = _in_words(error, time.monotonic() - started)
    return Answer(status, round((time.monotonic() - started) * 1000), trouble, pause)


def _ask(
    connection: CheckedConnection, parts: SplitResult, body: bytes, headers: Mapping[str, str]
) -> tuple[int, float | None]:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection.request("POST", target, body, dict(headers))
    answer = connection.getresponse()
    answer.read(ANSWER_BYTES)
    return answer.status, _pause(answer.headers.get("Retry-After"))


def _pause(said: str | None) -> float | None:
    """Seconds to wait, of a Retry-After header (RFC 9110, 10.2.3: seconds or a date)."""
    if said is None:
        return None
    try:
        seconds = float(int(said)) if said.isascii() and said.isdigit() else _seconds_until(said)
    except ValueError:
        return None
    return min(max(seconds, 0.0), LONGEST_PAUSE)


def _seconds_until(said: str) -> float:
    moment = parsedate_to_datetime(said)
    return float((moment - timezone.now()).total_seconds()) if moment.tzinfo else 0.0


def _in_words(error: Exception, seconds: float) -> str:
    if seconds >= settings.WEBHOOK_TOTAL_SECONDS or isinstance(error, TimeoutError):
        return f"No answer within {seconds:.1f} seconds."
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"Its certificate is not good: {error.verify_message}."
    if isinstance(error, ssl.SSLError):
        return "It does not speak TLS as it should."
    if isinstance(error, socket.gaierror):
        return "Its name is not known."
    if isinstance(error, ConnectionRefusedError):
        return "Nobody listens there."
    return f"The connection broke ({type(error).__name__})."
