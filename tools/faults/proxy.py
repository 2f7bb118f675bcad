"""What lies between browser and portal: it passes on what comes, and drops it when told."""

import random
import socket
import threading
import time
from contextlib import suppress

_PIECE = 65536


class Proxy:
    """`way`: what becomes of a connection that is opened now.

    | way | |
    |---|---|
    | "" | passed on |
    | "refused" | closed before anything is read |
    | "cut" | closed after a part of what was sent |
    | "unanswered" | passed on whole, and closed before the answer |
    | "slow" | passed on, each piece a moment later |
    """

    WAYS = ("refused", "cut", "unanswered", "slow")

    def __init__(self, target: tuple[str, int], seed: int) -> None:
        self.target, self.way = target, ""
        self.chance = random.Random(seed)  # noqa: S311  no secret
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def end(self) -> None:
        self.listening.close()

    def _accept(self) -> None:
        while True:
            try:
                browser, _from = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(browser, self.way), daemon=True).start()

    def _serve(self, browser: socket.socket, way: str) -> None:
        with browser, suppress(OSError):
            if way == "refused":
                return
            with socket.create_connection(self.target, 5) as portal:
                back = threading.Thread(
                    target=self._pass, args=(portal, browser, way, True), daemon=True
                )
                back.start()
                self._pass(browser, portal, way, False)
                back.join(120)

    def _pass(self, one: socket.socket, other: socket.socket, way: str, is_answer: bool) -> None:
        try:
            while piece := one.recv(_PIECE):
                if way == "slow":
                    time.sleep(0.3)
                if way == "cut" and not is_answer:
                    other.sendall(piece[: self.chance.randrange(len(piece))])
                    break
                if way == "unanswered" and is_answer:
                    break
                other.sendall(piece)
        except OSError:
            pass
        finally:
            for each in (one, other) if way in ("cut", "unanswered") else (other,):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR if each is one else socket.SHUT_WR)
