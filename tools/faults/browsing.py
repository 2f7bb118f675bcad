"""A browser without scripts: it reads a page's forms, and sends one with what it holds and what is typed."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode, urljoin, urlsplit

import requests
from lxml import html

TIMEOUT = 40  # seconds, after which a person gives up on an answer
FAULTS_OF_OURS = 500  # statuses from here on
TOO_MANY = 429
PRESSES_TWICE = 0.15  # of all presses
_UNSENT = ("submit", "image", "button", "reset", "file")
File = tuple[str, bytes]
Sent = Iterable[tuple[str, str]]


class Unanswered(Exception):
    """No answer came, or one that says that the fault is the portal's: whether it was done is not known."""


class NotThere(Exception):
    """The page has no such form: it was done already, or may not be done yet."""


@dataclass
class Form:
    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


@dataclass
class Page:
    url: str
    status: int
    text: str
    leads_to: str = ""

    @property
    def is_done(self) -> bool:
        """It leads on, and not to where one proves who one is."""
        return self.status in (302, 303) and not any(
            word in self.leads_to for word in ("/login", "reauthenticate", "second-factor")
        )

    @property
    def said(self) -> str:
        """What is wrong, as the page says it."""
        tree = html.fromstring(self.text or "<p/>")
        found = tree.xpath("//*[contains(@class,'error') or contains(@class,'callout')]")
        return " ".join(" ".join(each.text_content().split()) for each in found)[:300]

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def forms(self) -> Iterable[Form]:
        tree = html.fromstring(self.text)
        for found in tree.iter("form"):
            form = Form(
                urljoin(self.url, found.get("action") or self.url),
                (found.get("method") or "get").lower(),
            )
            controls = [*found.iter("input", "select", "textarea", "button")]
            if name := found.get("id"):
                controls += tree.xpath("//*[@form=$name]", name=name)
            for control in controls:
                if control.get("form") in (None, found.get("id")):
                    _take(form, control)
            yield form

    def form(self, action: str) -> Form:
        """The first that is sent by POST to an address that holds this. Raises NotThere."""
        for form in self.forms():
            if form.method == "post" and action in form.action:
                return form
        raise NotThere(f"{self.path} ({self.status}): {action}")


def found(page: Page, is_it: Callable[[Form], bool]) -> Form:
    """The first form of a page that is it. Raises NotThere."""
    for form in page.forms():
        if is_it(form):
            return form
    raise NotThere(f"{page.path} ({page.status})")


def _take(form: Form, control: html.HtmlElement) -> None:
    name, kind = control.get("name"), control.get("type", "")
    if not name or control.get("disabled") is not None:
        return
    form.names.add(name)
    if control.tag == "button" or kind in _UNSENT:
        if control.tag == "button" or kind == "submit":
            form.buttons.append((name, control.get("value", "")))
        return
    if control.tag == "select":
        form.fields += [
            (name, option.get("value", ""))
            for option in control.iter("option")
            if option.get("selected") is not None
        ]
    elif control.tag == "textarea":
        form.fields.append((name, control.text or ""))
    elif kind not in ("radio", "checkbox") or control.get("checked") is not None:
        form.fields.append((name, control.get("value", "on" if kind == "checkbox" else "")))


class Browser:
    """Of one person, for one story. Each request has a connection of its own: it meets what the way to
    the portal is now.
    """

    def __init__(self, base: str, cookie: str, seed: int = 0) -> None:
        self.base = base
        self.chance = random.Random(seed)  # noqa: S311  no secret
        self.session = requests.Session()
        self.session.headers["Connection"] = "close"
        self.session.headers["Referer"] = base
        self.session.cookies.set("sessionid", cookie)

    def open(self, path: str) -> Page:
        """A page, wherever its address leads."""
        return self._page(self._asked("GET", path, follow=True))

    def read(self, path: str) -> bytes:
        """A paper or a file; nothing where it is not there."""
        answer = self._asked("GET", path, follow=True)
        return answer.content if answer.ok else b""

    def send(
        self,
        form: Form,
        typed: Mapping[str, str] | None = None,
        files: Mapping[str, File] | None = None,
        more: Sent = (),
    ) -> Page:
        """With what it holds, but for what is typed; `more`: of names that have several values. Where
        the answer leads is not gone to: that it leads on says that it was done.
        """
        given = dict(typed or {})
        sent = [(name, value) for name, value in form.fields if name not in given]
        sent += [*given.items(), *more]

        def press() -> Page:
            return self._page(self._asked("POST", form.action, sent, files))

        return _by_two(press) if self.chance.random() < PRESSES_TWICE else press()

    def _page(self, answer: requests.Response) -> Page:
        text = answer.text if "html" in answer.headers.get("Content-Type", "") else ""
        return Page(answer.url, answer.status_code, text, answer.headers.get("Location", ""))

    def _asked(
        self,
        method: str,
        path: str,
        sent: Sent = (),
        files: Mapping[str, File] | None = None,
        *,
        follow: bool = False,
    ) -> requests.Response:
        mark, body = _encoded(sent, files) if files else ("", urlencode(list(sent)).encode())
        kind = (
            f"multipart/form-data; boundary={mark}" if mark else "application/x-www-form-urlencoded"
        )
        try:
            answer = self.session.request(
                method,
                urljoin(self.base, path),
                data=body if method == "POST" else None,
                headers={"Content-Type": kind} if method == "POST" else {},
                timeout=TIMEOUT,
                allow_redirects=follow,
            )
        except requests.RequestException as fault:
            raise Unanswered(f"{method} {urlsplit(path).path}: {type(fault).__name__}") from fault
        if answer.status_code >= FAULTS_OF_OURS or answer.status_code == TOO_MANY:
            raise Unanswered(f"{method} {urlsplit(path).path}: {answer.status_code}")
        return answer


def _by_two(press: Callable[[], Page]) -> Page:
    """Pressed twice at once; the answer that says it was done, where one does. Raises Unanswered where
    neither came.
    """
    with ThreadPoolExecutor(2) as both:
        pressed = [both.submit(press), both.submit(press)]
    answers = [one.result() for one in pressed if one.exception() is None]
    return next((page for page in answers if page.is_done), (answers or [pressed[0].result()])[0])


def _encoded(sent: Sent, files: Mapping[str, File]) -> tuple[str, bytes]:
    """Names of files as browsers write them: in UTF-8."""
    mark = uuid.uuid4().hex
    body = b""
    for name, value in sent:
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        body += f"{head}{value}\r\n".encode()
    for name, (called, data) in files.items():
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{called}"\r\n'
        body += f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + data + b"\r\n"
    return mark, body + f"--{mark}--\r\n".encode()
