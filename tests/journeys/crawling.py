"""Which form stands where: the pages of the table of addresses are opened by people who may, and their forms read.

At any other address that takes what is sent, and for each transition, the form is learned from the view: it is
sent something, and what it looks up is noted.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import NamedTuple

import pytest
from django.apps import apps
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils.datastructures import MultiValueDict

from portal.accounts.models import User
from portal.cases.ports import loaders
from portal.workflow.access import may_enter
from portal.workflow.graph import LifeCycle
from portal.workflow.sent_forms import TOKEN
from tests.architecture.test_house import routes
from tests.conftest import World
from tests.journeys import forms
from tests.journeys.forms import Form
from tests.journeys.sending import post
from tests.journeys.test_urls import TABLE, paths
from tests.journeys.test_writing_rights import FILLED, is_shown, proved

# who opens the pages, in this order: whose form it is comes first
OPENERS = (
    "officer",
    "director",
    "accountant",
    "accounting_officer",
    "inspector",
    "reviewer",
    "owner",
    "concierge",
    "administrator",
    "second_administrator",
    "treasurer",
)


# by how many of those who may a page is opened: by two, but for
FEW = {"case": 20, "payment_desk": 3, "batch": 3}

# looked up whatever is sent
UNREAD = {TOKEN, "csrfmiddlewaretoken"}
TURNED_AWAY = (403, 404, 405)
TIMES = 3  # a form is sent to be learned: what is looked up once the first is there


class Found(NamedTuple):
    """A form, and who is shown it."""

    name: str
    client: Client
    form: Form


def openers(world: World) -> dict[User | None, Client]:
    people = [world.people["representative"], *(world.staff[name] for name in OPENERS)]
    return {
        **{user: proved(user) for user in people},
        world.outsider: proved(world.outsider),
        None: Client(),
    }


def named(path: str) -> str:
    """What an address is called here: that of a transition by its kind and its name."""
    match = resolve(path.partition("?")[0])
    more = [str(match.kwargs[key]) for key in ("model", "name")] if match.url_name == "do" else []
    return " ".join([str(match.url_name), *more])


def is_open(user: User | None, name: str) -> bool:
    return may_enter(user, name) if user is not None else name in PUBLIC


PUBLIC = {e.name for _route, e in routes() if getattr(e.callback, "access", "") == "anyone"}


def shown(everybody: Mapping[User | None, Client], pages: Mapping[str, str]) -> Iterator[Found]:
    """Each form of these pages once: those that ask for other fields are others."""
    known = set()
    for key, path in pages.items():
        if TABLE.get(key, "").startswith("405"):
            continue
        told = 0
        for user, client in everybody.items():
            if told == FEW.get(key.split()[0], 2) or not is_open(user, key.split()[0]):
                continue
            with undone():
                page = client.get(path)
            if page.status_code != 200:
                continue
            if not page.headers["Content-Type"].startswith("text/html"):
                break  # a paper, to all who may
            told += 1
            for form in forms.read(path, page.content.decode()):
                form.fields.pop(TOKEN, None)
                try:
                    name = named(form.action)
                except Resolver404:
                    continue
                if (what := (name, frozenset(form.fields))) not in known:
                    known.add(what)
                    yield Found(name, client, form)


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def on_pages(world: World, addresses: dict[str, str]) -> Iterator[Found]:
    yield from shown(openers(world), paths(addresses))


def learned(
    world: World, addresses: dict[str, str], known: set[str]
) -> Iterator[tuple[str, Found | None]]:
    """The form of each other address that takes one, by its key in the table or the transition's name;
    None where nobody is answered.
    """
    clients = openers(world)
    for key, path in paths(addresses).items():
        if (name := key.split()[0]) not in known and name != "do":
            may = [client for user, client in clients.items() if is_open(user, name)]
            form = Form(path, "post")
            if may and _ask(may[0], form) != 405:
                who = next((client for client in may if _is_answered(client, form)), None)
                yield key, Found(name, who, _learn(who, form)) if who else None
    for name, path, client in _transitions(clients):
        if name not in known:  # its page reads what is sent, then says why not
            yield name, Found(name, client, _learn(client, Form(path, "post")))


def _transitions(clients: Mapping[User | None, Client]) -> Iterator[tuple[str, str, Client]]:
    """(name, address, who) of each transition that has a page: of a row in a state in which it begins,
    else of any; of those who see the row somebody who may.
    """
    models = {model._meta.model_name: model for model in apps.get_models()}
    people = {user: client for user, client in clients.items() if user is not None}
    for kind, loader in loaders.items():
        model = models[kind]
        assert issubclass(model, LifeCycle)
        rows = {row.state: row for row in model._default_manager.order_by("-pk")}
        shown_to = {
            row: [user for user in people if is_shown(loader, user, row.pk)]
            for row in rows.values()
        }
        for spec in model.specs().values():
            standing = [rows[state] for state in spec.sources if state in rows]
            row = next(iter([*standing, *rows.values()]), None)
            if row is not None and shown_to[row] and not spec.internal:
                who = min(shown_to[row], key=lambda one: len(spec.permission.reasons(one, row)))
                yield f"do {kind} {spec.name}", f"/do/{kind}/{row.pk}/{spec.name}/", people[who]


def _is_answered(client: Client, form: Form) -> bool:
    if _ask(client, form) not in TURNED_AWAY:
        return True
    with as_before(client), undone():
        return client.get(form.action).status_code not in TURNED_AWAY


def _learn(client: Client, form: Form) -> Form:
    for _time in range(TIMES):
        known = len(form.fields)
        _ask(client, form)
        if len(form.fields) == known:
            break
    return form


def _ask(client: Client, form: Form) -> int:
    """Send the form as far as it is known; it gets the fields that are looked up."""
    sent = {name: list(one.held) for name, one in form.fields.items() if one.kind == "text"}
    with as_before(client), undone(), noted(form):
        return post(client, form.action, sent).status_code


@contextmanager
def as_before(client: Client) -> Iterator[None]:
    """Whatever becomes of the cookies."""
    cookies = dict(client.cookies)
    yield
    client.cookies.clear()
    client.cookies.update(cookies)


class Files(MultiValueDict[str, object]):
    """Those of a request: its kind is the library's for much else, too."""


@contextmanager
def noted(form: Form) -> Iterator[None]:
    """Each name that is looked up among what was sent becomes a field of the form."""

    def noting(kind: str, look: Callable[..., object]) -> Callable[..., object]:
        def lookup(this: object, name: str, *more: object, **how: object) -> object:
            if name not in UNREAD and name not in form.fields:
                held = [FILLED.get(name, "1")] if kind == "text" else []
                form.add(name, kind).held = held
            return look(this, name, *more, **how)

        return lookup

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.http.request.MultiValueDict", Files)
        for kind, sent in (("text", QueryDict), ("file", Files)):
            for look in ("__getitem__", "__contains__", "_getlist"):
                patch.setattr(sent, look, noting(kind, getattr(sent, look)), raising=False)
        yield
