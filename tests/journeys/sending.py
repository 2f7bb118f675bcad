"""Forms filled in: as somebody fills them who means it, and as nobody does. What is drawn is sent byte for byte, as no browser would."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from random import Random
from typing import TypeAlias
from urllib.parse import urlencode

from django.http import HttpResponseBase
from django.test import Client

from portal import clock
from tests.journeys.forms import BUTTONS, Field, Form
from tools.demonstration.simulation import paper

# stands in every text that is drawn, so that a log that repeats one is found
MARK = "zq7typed"
NUL = (
    f"{MARK}\x00b"  # turned away for all pages, so that it stands beside nothing else that is tried
)
TEXTS = (
    "",
    " \u3000\t\r\n",
    f"{MARK}\ud83d",
    f"\u202e{MARK}逆",
    f"\u200b{MARK}\u2066",
    f"{MARK}\ue000\U000f0000",
    f"=1+1+{MARK}",
    f"@SUM({MARK})",
    f"<script>alert('{MARK}')</script>",
    f"'; DROP TABLE {MARK} --",
    f"{{{{ 7*7 }}}}{{% {MARK} %}}%s%n%(x)s{{0}}",
    f"../../etc/{MARK}",
    f"{MARK}\r\nX-Injected: 1",
    f"https://evil.example/{MARK}",
    f"{MARK}@firms.example, other@firms.example",
    "𰻞" * 300,
    MARK * 9_000,
)
NUMBERS = (
    "9" * 30,
    "9" * 5_000,
    "9223372036854775808",
    "2147483648",
    "-1",
    "0",
    "NaN",
    "1e999",
    "1e400",
    "-0.5",
    "1" * 13 + ".5",
    "１２３",
    "²",
    "٣",
    "〇",
    "0x10",
    "1_000",
    "9999",
    "10000",
    "32",
    "13",
    "令和99",
    "平成0",
    "明治元",
    "明治1年1月1日",
    "0001-01-01",
    "10" + "0" * 30,
    "9999-12-31",
    "0000-00-00",
    "[]",
    "null",
)
VALUES = TEXTS + NUMBERS
# file name and bytes
FILES = (
    (f"{MARK}.pdf", b""),
    (f"../../{MARK}.pdf", b"%PDF-1.7"),
    (f"{MARK}.pdf", b"%PDF-1.7\n%%EOF"),
    (f"{MARK}\u202efdp.exe", b"MZ\x90\x00"),
    (MARK * 60 + ".pdf", b"%PDF-"),
    ("=cmd|zq7typed.csv", b"=1+1,\xff\xfe\x00"),
    ("", b"x"),
    (f"{MARK}.zip", b"PK\x03\x04" + b"\x00" * 40),
    (f"{MARK}.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    (f"{MARK}.csv", "番号,金額\n".encode("cp932") * 3),
)
Value: TypeAlias = "str | tuple[str, bytes]"  # a text, or a file
Sent: TypeAlias = "dict[str, list[Value]]"

# what stands in a field that holds nothing, by how its name ends
MEANT = {
    "email": "x@firms.example",
    "phone": "011-211-2111",
    "number": "1",
    "amount": "1",
    "code": "0001",
    "kana": "カナ",
    "url": "https://firms.example/",
    "postal_code": "0608611",
}


def meant(form: Form) -> Sent:
    """As somebody fills it in who means it; of its buttons the first."""
    sent: Sent = {}
    pressed = False
    for one in form.fields.values():
        if one.kind in BUTTONS:
            if not pressed:
                sent[one.name], pressed = [one.choices[0]], True
        elif values := filled(one):
            sent[one.name] = values
    return sent


def filled(one: Field) -> list[Value]:
    if one.kind == "file":
        return [("見積書.pdf", paper("x"))]
    if one.held:
        return list(one.held)
    if one.choices:
        return [next(filter(None, one.choices), "")]
    if one.kind in ("hidden", "checkbox", "radio", "select"):
        return [""]
    return [
        of_day(one.name) or next((v for end, v in MEANT.items() if one.name.endswith(end)), "1")
    ]


def of_day(name: str) -> str:
    """The part of a day that lies a month ahead."""
    day = clock.today() + timedelta(days=30)
    parts = {"_y": day.year, "_m": day.month, "_d": day.day}
    return str(parts[name[-2:]]) if name[-2:] in parts else ""


def hostile(one: Field, chance: Random) -> list[Value]:
    """What nobody sends: a value that makes no sense, none, or several where one is meant."""
    values: Sequence[Value] = FILES if one.kind == "file" else VALUES
    return chance.choices(values, k=chance.choice((1, 1, 1, 1, 0, 2)))


def post(client: Client, path: str, sent: Mapping[str, Iterable[Value]]) -> HttpResponseBase:
    if any(isinstance(value, tuple) for values in sent.values() for value in values):
        return client.post(
            path, in_parts(sent), content_type=f"multipart/form-data; boundary={MARK}"
        )
    texts = {name: [as_sent(str(v)) for v in values] for name, values in sent.items()}
    body = urlencode({as_sent(name): values for name, values in texts.items()}, doseq=True)
    return client.post(path, body, content_type="application/x-www-form-urlencoded")


def as_sent(text: str) -> bytes:
    """A lone surrogate is three bytes that are no text."""
    return text.encode("utf-8", "surrogatepass")


def in_parts(sent: Mapping[str, Iterable[Value]]) -> bytes:
    parts = []
    for name, values in sent.items():
        for value in values:
            is_file = isinstance(value, tuple)
            said = f'; filename="{value[0]}"' if is_file else ""
            head = f'--{MARK}\r\nContent-Disposition: form-data; name="{name}"{said}\r\n'
            kind = "Content-Type: application/octet-stream\r\n" if is_file else ""
            body = value[1] if isinstance(value, tuple) else as_sent(value)
            parts.append(as_sent(f"{head}{kind}\r\n") + body + b"\r\n")
    return b"".join(parts) + f"--{MARK}--\r\n".encode()
