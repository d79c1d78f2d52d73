from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address

import pytest

from exchange.calling import CheckedConnection, check, checked_url, post
from exchange.errors import BadAddress
from exchange.signing import secret_of, sign
from tests.exchange.receiver import LOCAL, Receiver, drips, hangs, listening, says


@pytest.fixture
def receiver(settings) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = [LOCAL]
    settings.WEBHOOK_READ_SECONDS = 0.3
    settings.WEBHOOK_TOTAL_SECONDS = 0.8
    with listening() as receiver:
        yield receiver


def send(receiver: Receiver) -> object:
    return post(receiver.url, b"{}", {"Content-Type": "application/json"})


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.8.8.8",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 -- an address to be refused
        "255.255.255.255",
        "224.0.0.1",
        "192.0.2.1",
        "::1",
        "::",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.1.2.3",
        "64:ff9b::7f00:1",
        "64:ff9b:1::a00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "fe80::1",
        "fec0::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "2001:db8::1",
    ],
)
def test_no_private_or_special_address_is_called(address: str):
    with pytest.raises(BadAddress, match="private network"):
        check(ip_address(address), plain=False)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_internet_are_called_with_tls_only(address: str):
    check(ip_address(address), plain=False)

    with pytest.raises(BadAddress, match="https://"):
        check(ip_address(address), plain=True)


def test_a_setting_opens_single_networks_also_without_tls(settings):
    settings.WEBHOOK_NETWORKS = ["10.1.0.0/16", "fd00:1::/32"]

    check(ip_address("10.1.2.3"), plain=True)
    check(ip_address("::ffff:10.1.2.3"), plain=True)
    check(ip_address("fd00:1::5"), plain=True)
    with pytest.raises(BadAddress):
        check(ip_address("10.2.0.1"), plain=True)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "https://",
        "https:///path",
        "example.org/hook",
        "https://user:secret@example.org/",
        "https://example.org/#part",
        "https://example.org/a b",
        "https://example.org/\r\nX: y",
        "https://exämple.org/",
        "https://example.org:99999/",
        "https://[::1/",
        "http://example.org/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://localhost/",
        "https://Api.LocalHost/",
    ],
)
def test_addresses_that_cannot_be_called_are_refused_at_once(url: str):
    with pytest.raises(BadAddress):
        checked_url(url)


def test_a_plain_public_address_is_taken():
    assert checked_url("https://cms.example.org:8443/hooks?of=1").hostname == "cms.example.org"


def test_a_name_with_one_private_address_among_public_ones_is_not_called(monkeypatch):
    answers(monkeypatch, [["93.184.216.34", "10.0.0.7"]])

    answer = post("https://cms.example.org/", b"{}", {})

    assert answer.status is None
    assert "private network" in answer.trouble


def test_a_name_is_resolved_once_and_the_connection_goes_to_the_checked_address(receiver: Receiver, monkeypatch):
    asked = answers(monkeypatch, [["127.0.0.1"], ["10.0.0.7"]])
    port = receiver.url.split(":")[2].split("/")[0]

    answer = post(f"http://rebinding.example.org:{port}/hook", b"{}", {})

    assert answer.status == 204
    assert asked == ["rebinding.example.org"]
    assert receiver.calls[0].headers["host"] == f"rebinding.example.org:{port}"


@pytest.mark.parametrize(
    ("url", "port"), [("https://[2606:4700::1111]/x", 443), ("https://[2606:4700::1]:8443/", 8443)]
)
def test_the_end_of_an_ipv6_address_is_no_port(url, port):
    connection = CheckedConnection(checked_url(url), deadline=0)

    assert (connection.host, connection.port) == (url[9:].partition("]")[0], port)


def answers(monkeypatch, found: list[list[str]]) -> list[str]:
    """Have names resolve to these, one after the other; returns the names asked for, as they are."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def fake(host, port, *args, **kwargs):
        if host[0].isdigit():
            return real(host, port, *args, **kwargs)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found[len(asked) - 1]]

    monkeypatch.setattr(socket, "getaddrinfo", fake)
    return asked


def test_the_body_arrives_as_it_was_sent(receiver: Receiver):
    answer = post(receiver.url, '{"é": 1}'.encode(), {"Content-Type": "application/json", "webhook-id": "x"})

    assert (answer.status, answer.took_it, answer.trouble) == (204, True, "")
    [call] = receiver.calls
    assert (call.body, call.headers["webhook-id"]) == ('{"é": 1}'.encode(), "x")


def test_redirects_are_not_followed(receiver: Receiver):
    receiver.moods = [says(302, Location=receiver.url)]

    assert send(receiver).status == 302
    assert len(receiver.calls) == 1


def test_a_receiver_that_hangs_is_left_after_a_while(receiver: Receiver):
    receiver.moods = [hangs(receiver.over)]

    answer = send(receiver)

    assert answer.status is None
    assert answer.trouble.startswith("No answer within")


def test_a_receiver_that_answers_drop_by_drop_is_left_after_a_while(receiver: Receiver):
    receiver.moods = [drips(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 1000, 0.1, receiver.over)]

    answer = send(receiver)

    assert answer.status is None
    assert answer.trouble.startswith("No answer within")


def test_of_an_endless_answer_only_the_beginning_is_read(receiver: Receiver):
    def endless(handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not receiver.over.is_set():
            handler.wfile.write(b"x" * 65536)

    receiver.moods = [endless]

    assert send(receiver).took_it


def test_nobody_listening_and_names_that_are_not_known_are_said_in_words(receiver: Receiver, monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = post(f"http://127.0.0.1:{unused.getsockname()[1]}/", b"{}", {})
    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    assert (closed.status, closed.trouble) == (None, "Nobody listens there.")
    assert post("https://nowhere.example.org/", b"{}", {}).trouble == "Its name is not known."


def unknown(*_args, **_kwargs):
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


@pytest.mark.parametrize(
    ("said", "pause"),
    [("7", 7.0), ("999999", 3600.0), ("soon", None), ("-1", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)],
)
def test_retry_after_is_understood_within_limits(said: str, pause: float | None, receiver: Receiver):
    receiver.moods = [says(503, Retry_After=said)]

    answer = send(receiver)

    assert (answer.status, answer.pause) == (503, pause)


def test_signatures_are_those_of_the_specification():
    """The example in the Standard Webhooks libraries' own tests."""
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'

    made = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_depends_on_its_salt_and_on_the_installation():
    assert len({secret_of("a"), secret_of("b"), secret_of("a", installation="another")}) == 3
    assert secret_of("a") == secret_of("a")
