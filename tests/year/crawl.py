"""Walks the portal as people do: from the first page along every link, pressing every button that a page offers.

A page of each kind is opened once by each person. The kind of an address is its route; of a case's own page also the
states of everything that hangs on it, so that two cases that stand alike are one kind. Nothing of what a button does is kept.
"""

import time
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import parse_qsl, urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.workflow.graph import LifeCycle, life_cycles
from tools.demonstration.simulation import paper

Marks = dict[str, str]
OURS = ("", "testserver", "localhost")
# what ends the walk: one's own sign-out, the demonstration's change of person, the other language (opened by another test)
NOT_FOLLOWED = ("/accounts/logout/", "/demo/", "/en/", "/static/", "/i18n/")
REFUSED = (400, 403, 404, 405)
MODEL_OF = {  # route → model of its `pk`, where the page is another one in each state
    "approval": "approval",
    "batch": "paymentbatch",
    "call_staff": "call",
    "programme_page": "programme",
    "review": "review",
    "release_staff": "release",
}
NUMBERED = {
    "challenge": "challenge",
    "challenge_staff": "challenge",
    "consultation": "consultation",
}
BY_STATE = {"case", "do", *MODEL_OF, *NUMBERED}


def marks() -> Marks:
    """What a case is a specimen of: its kind, its state and those of all life-cycle rows that hang on it."""
    states: dict[int, set[str]] = {}
    for model in life_cycles():
        if any(f.name == "case" for f in model._meta.concrete_fields):
            for case, state in model._default_manager.values_list("case", "state"):  # type: ignore[misc]
                states.setdefault(case, set()).add(f"{model.__name__}:{state}")
    rows = Case.objects.values_list("pk", "number", "kind", "state")
    return {
        number: f"{kind} {state} {' '.join(sorted(states.get(pk, ())))}"
        for pk, number, kind, state in rows
    }


def specimens(known: Marks, *, all_kinds: bool) -> list[str]:
    """Numbers of cases to begin with: one of each kind, or as many as it takes to meet every state that occurs."""
    found: list[str] = []
    met: set[str] = set()
    for number, mark in sorted(known.items()):
        parts = {mark} if all_kinds else {" ".join(mark.split(" ")[:2]), *mark.split(" ")[2:]}
        if not parts <= met:
            found.append(number)
            met |= parts
    return found


@cache
def _model(name: str) -> type[LifeCycle]:
    return next(m for m in life_cycles() if m._meta.model_name == name)


def _state(model: str, **where: object) -> str:
    found = _model(model)._default_manager.filter(**where).first()
    return f"{model} {found.state}" if found else "?"


def kind_of(address: str, known: Marks) -> str | None:
    """What an address is a specimen of; None for one that leads out of the portal or to what is not followed."""
    parts = urlsplit(address)
    if (
        parts.netloc not in OURS
        or parts.scheme not in ("", "http")
        or parts.path.startswith(NOT_FOLLOWED)
    ):
        return None
    try:
        match = resolve(parts.path)
    except Resolver404:
        return parts.path
    name, given = match.url_name or "?", match.kwargs
    whole = known.get(str(given.get("number")), "*")
    where = [whole if name == "case" else " ".join(whole.split(" ")[:2])]
    if name == "do":
        where = [given["model"], given["name"]]
    elif name in MODEL_OF and "pk" in given:
        where = [_state(MODEL_OF[name], pk=given["pk"])]
    elif name in NUMBERED and "number" in given:
        where = [_state(NUMBERED[name], number=given["number"])]
    elif "key" in given or "section" in given:
        where.append(str(given.get("key", given.get("section"))))
    query = [
        f"{key}={'#' if value in known or value.isdigit() else value}"
        for key, value in parse_qsl(parts.query)
    ]
    return " ".join([name, *where, *sorted(set(query))])


@dataclass
class Walk:
    """One person's walk: `faults` says what failed, in words; `opened` what was seen, by kind."""

    person: User | None
    known: Marks
    faults: list[str] = field(default_factory=list)
    opened: set[str] = field(default_factory=set)
    pressed: set[str] = field(default_factory=set)
    routes: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=True)
        if self.person is not None:
            self.client.force_login(self.person)
            session = self.client.session
            session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
            session.save()

    @property
    def name(self) -> str:
        return self.person.email.split("@")[0] if self.person else "anonymous"

    def go(self, *starts: str) -> "Walk":
        """Follow everything that is offered from these pages on."""
        queue = deque((start, "the start") for start in starts)
        met = set[str]()
        while queue:
            address, came_from = queue.popleft()
            if address in met:  # asking for its kind reads the database
                continue
            met.add(address)
            kind = kind_of(address, self.known)
            if kind is None or kind in self.opened:
                continue
            self.opened.add(kind)
            route = kind.split(" ")[0]
            self.routes[route] += 1
            if self.routes[route] > self._most(address):
                continue
            page = self._get(address, came_from)
            if page is not None:
                queue.extend((link, address) for link in links(page, address))
                for form in page.iter("form"):
                    self._press(form, address)
        return self

    def _most(self, address: str) -> int:
        """How many kinds of a route this person opens: cases and acts in every state; lists in some of
        their filters and orders; public pages are the same for all, so one visitor opens them widely.
        """
        try:
            match = resolve(urlsplit(address).path)
        except Resolver404:
            return 1
        if getattr(match.func, "access", "anyone") == "anyone":
            return 40 if self.person is None else 1
        return 40 if match.url_name in BY_STATE else 12

    def _get(self, address: str, came_from: str) -> html.HtmlElement | None:
        answer = self._ask("get", address, came_from, follow=True)
        if answer is None or not answer.headers.get("Content-Type", "").startswith("text/html"):
            return None
        return html.fromstring(answer.content)

    def _ask(
        self,
        method: str,
        address: str,
        came_from: str,
        data: Mapping[str, object] | None = None,
        **options: object,
    ) -> HttpResponse | None:
        """The answer read to its end and its writes undone; None where it failed."""
        client = self.client
        if method == "post":  # what it changes of the visit is not kept, either
            client = Client(raise_request_exception=True)
            client.cookies.update(self.client.cookies)
        try:
            with transaction.atomic():
                answer = getattr(client, method)(address, data, **options)
                if answer.streaming:
                    b"".join(answer.streaming_content)
                transaction.set_rollback(True)
        except Exception as error:
            trace = error.__traceback__
            while trace and trace.tb_next:
                trace = trace.tb_next
            where = (
                f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
                if trace
                else ""
            )
            self.faults.append(
                f"{self.name}: {method} {address} (from {came_from}): {type(error).__name__}: {str(error)[:200]} at {where}"
            )
            return None
        if answer.status_code in REFUSED or answer.status_code >= 500:
            last = (
                answer.redirect_chain[-1][0] if getattr(answer, "redirect_chain", None) else address
            )
            self.faults.append(
                f"{self.name}: {method} {address} (from {came_from}): {answer.status_code} at {last}"
            )
            return None
        read: HttpResponse = answer
        return read

    def _press(self, form: html.HtmlElement, address: str) -> None:
        """Send a form as a person would who fills every field that asks for something; once for each of its buttons."""
        target = urljoin(address, form.get("action") or address)
        kind = kind_of(target, self.known)
        method = (form.get("method") or "get").lower()
        if kind is None or method == "dialog":  # a dialog's form closes it, nothing is sent
            return
        if method != "post":
            data = {name: value for name, value in filled(form) if isinstance(value, str)}
            if kind + " get" not in self.pressed:
                self.pressed.add(kind + " get")
                self._ask("get", target.split("?")[0], address, data, follow=True)
            return
        for button in [b for b in form.iter("button") if b.get("type", "submit") == "submit"] or [
            None
        ]:
            name = button.get("name") if button is not None else None
            press = f"{kind} {name}={button.get('value') if name and not (button.get('value') or '').isdigit() else ''}"
            if press in self.pressed:
                continue
            self.pressed.add(press)
            typed = dict_of(filled(form))
            if name:
                typed[name] = button.get("value") or ""
            self._ask(
                "post",
                button.get("formaction") or target if button is not None else target,
                address,
                typed,
                follow=True,
            )


def links(page: html.HtmlElement, address: str) -> Iterator[str]:
    """Every address inside the portal that a page leads to or shows, without the place in the page."""
    for element, attribute in (
        ("a", "href"),
        ("img", "src"),
        ("iframe", "src"),
        ("object", "data"),
    ):
        for found in page.iter(element):
            value = found.get(attribute)
            if value and not value.startswith(("#", "mailto:", "tel:", "data:")):
                yield urljoin(address, value.partition("#")[0])


def filled(form: html.HtmlElement) -> Iterable[tuple[str, object]]:
    """What a person would send: what stands there, and where nothing does, something plausible."""
    chosen: set[str] = set()
    for control in form.iter("input", "select", "textarea"):
        name, kind = control.get("name"), control.get("type", "text")
        if (
            not name
            or control.get("disabled") is not None
            or kind in ("submit", "button", "reset", "image")
        ):
            continue
        if control.tag == "select":
            options = [o.get("value", "") for o in control.iter("option")]
            picked = [
                o.get("value", "")
                for o in control.iter("option")
                if o.get("selected") is not None and o.get("value")
            ]
            values = picked or [o for o in options if o][:1]
            yield from ((name, value) for value in values)
        elif control.tag == "textarea":
            yield name, control.text or "確かめました。"
        elif kind == "radio":
            if control.get("checked") is not None or name not in chosen:
                chosen.add(name)
                yield name, control.get("value", "on")
        elif kind == "checkbox":
            yield name, control.get("value", "on")
        elif kind == "file":
            yield name, SimpleUploadedFile("書類.pdf", paper(name), "application/pdf")
        else:
            yield name, control.get("value") or _typed(name, kind)


def _typed(name: str, kind: str) -> str:
    today = clock.today()
    ends = {"_y": today.year, "_m": today.month, "_d": today.day}
    if name[-2:] in ends:
        return str(ends[name[-2:]])
    if kind == "hidden":
        return ""
    return {
        "email": "a@firms.example",
        "date": today.isoformat(),
        "number": "1",
        "tel": "011-000-0000",
    }.get(kind, "1")


def dict_of(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Pairs as the test client takes them: a list where a name comes more than once."""
    values: dict[str, list[object]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return {name: found if len(found) > 1 else found[0] for name, found in values.items()}
