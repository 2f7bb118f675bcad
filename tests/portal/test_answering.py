"""What waits of an answer for its reader."""

import select
import socket
from collections.abc import Iterator

import pytest

from portal.answering import Answering

WHOLE = 8 * 1024 * 1024  # bytes: more than a kernel keeps
# bytes, by somebody who reads 7 kB a second, in less than the patience of the loop
TAKEN = 96 * 1024


@pytest.fixture
def line() -> Iterator[tuple[Answering, socket.socket]]:
    """The server's side, and a reader whose own side keeps little."""
    with socket.create_server(("127.0.0.1", 0)) as door, socket.socket() as reader:
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32 * 1024)
        reader.connect(door.getsockname())
        reader.settimeout(10)
        with Answering(door.accept()[0], lambda: None) as server:
            yield server, reader


def test_the_loop_hears_of_everybody_who_reads(line: tuple[Answering, socket.socket]) -> None:
    """The kernel keeps too little of an answer to hide for minutes that somebody takes it."""
    server, reader = line
    server.sendall(bytes(WHOLE))
    assert server.waits
    taken = 0
    while taken < TAKEN:
        taken += len(reader.recv(16 * 1024))
    _reads, writes, _errors = select.select([], [server], [], 5)
    assert writes == [server]
    assert server.send_on()
