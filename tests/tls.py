"""A machine that is reached over TLS, under a certificate of a name of one's choice."""

import datetime
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

Prelude = Callable[[socket.socket], None]


def certificate(folder: Path, name: str) -> Path:
    """A file with a certificate for the host `name`, signed by itself, and its key."""
    key = generate_private_key(SECP256R1())
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = folder / f"{name}.pem"
    path.write_bytes(private + signed.public_bytes(Encoding.PEM))
    return path


@contextmanager
def speaking(pem: Path, prelude: Prelude) -> Iterator[tuple[int, list[str]]]:
    """(port, the TLS versions under which it was told anything) of a machine that first says
    `prelude` in the clear. Some shake hands before they look at the name, and then say nothing.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    told: list[str] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                link, _address = listening.accept()
            except OSError:
                return
            with link:
                link.settimeout(5)
                try:
                    prelude(link)
                    with context.wrap_socket(link, server_side=True) as safe:
                        if safe.recv(1):
                            told.append(str(safe.version()))
                except OSError:
                    continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listening.getsockname()[1], told
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join(10)
