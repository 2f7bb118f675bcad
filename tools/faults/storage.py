"""An S3 server over HTTP (moto) that fails, slows, loses and changes what it is given, when told."""

import socket
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import boto3
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.late import Late

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment
    from moto.moto_server import werkzeug_app
    from moto.s3 import models as moto_s3
else:
    werkzeug_app, moto_s3 = Late("moto.moto_server.werkzeug_app"), Late("moto.s3.models")

BUCKET, REGION = "documents", "ap-northeast-1"
OTHER = b"other bytes"
_ACCOUNT = "123456789012"  # whose everything is in moto
_SENDS = ("PUT", "POST")


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Nothing: the campaign has a log of its own."""


class Storage:
    """`way`: what becomes of each request.

    | way | |
    |---|---|
    | "" | answered |
    | "fails" | 503 |
    | "slow" | answered two seconds later |
    | "hangs" | answered after half a minute |
    | "cut" | closed without an answer |
    | "loses" | what is sent is acknowledged, and thrown away |
    | "changes" | what is sent is acknowledged, and kept with other bytes |
    """

    WAYS = ("fails", "slow", "hangs", "cut", "loses", "changes")

    def __init__(self) -> None:
        self.way = ""
        self.app = werkzeug_app.DomainDispatcherApplication(werkzeug_app.create_backend_app)
        self.server = make_server(
            "127.0.0.1", 0, self._answer, threaded=True, request_handler=_Quiet
        )
        self.port = self.server.port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self._create_bucket()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def _create_bucket(self) -> None:
        self.client = boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="x",
            aws_secret_access_key="x",  # noqa: S106  of no account
        )
        self.client.create_bucket(
            Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION}
        )

    @property
    def objects(self) -> "dict[str, moto_s3.FakeKey]":
        """What is stored, by its key."""
        found: dict[str, moto_s3.FakeKey] = (
            moto_s3.s3_backends[_ACCOUNT]["aws"].buckets[BUCKET].keys
        )
        return found

    def take(self, key: str) -> bytes:
        """Away with it; what it held."""
        kept = bytes(self.objects[key].value)
        del self.objects[key]
        return kept

    def change(self, key: str) -> bytes:
        kept = bytes(self.objects[key].value)
        self.objects[key].value = OTHER  # type: ignore[misc]  # moto's setter
        return kept

    def put_back(self, key: str, kept: bytes) -> None:
        self.client.put_object(Bucket=BUCKET, Key=key, Body=kept)

    def end(self) -> None:
        self.server.shutdown()

    def _answer(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        way = self.way
        if way == "fails":
            start_response("503 Slow Down", [("Content-Length", "0")])
            return []
        if way == "cut":
            connection: socket.socket = environ["werkzeug.socket"]
            connection.shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError  # of which the server makes nothing
        if way in ("slow", "hangs"):
            self._wait(2 if way == "slow" else 30, way)
        is_sent = environ["REQUEST_METHOD"] in _SENDS and environ["PATH_INFO"].count("/") > 1
        if is_sent and way in ("loses", "changes"):
            return self._spoilt(way, environ, start_response)
        answer: Callable[..., Iterable[bytes]] = self.app
        return answer(environ, start_response)

    def _wait(self, seconds: int, way: str) -> None:
        """No longer than the fault lasts."""
        until = time.monotonic() + seconds
        while self.way == way and time.monotonic() < until:
            time.sleep(0.1)

    def _spoilt(
        self, way: str, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """Acknowledged like any other, and then taken away, or written over."""
        answered = list(self.app(environ, start_response))
        key = environ["PATH_INFO"].removeprefix(f"/{BUCKET}/")
        if key in self.objects:
            if way == "loses":
                del self.objects[key]
            else:
                self.objects[key].value = OTHER  # type: ignore[misc]  # moto's setter
        return answered
