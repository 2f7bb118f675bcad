"""Who reads where: everybody asks for every address about rows that are not theirs, and no answer names one of them.

Pages of the public are left out: what stands there is for everybody.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pypdfium2
from django.apps import apps
from pytest_django import Settings

from portal import clock
from portal.accounts.models import Organisation, StaffRole, User
from portal.cases import interests
from portal.cases.models import Case
from portal.cases.ports import closed_matters, loaders
from portal.workflow.access import may_enter
from portal.workflow.graph import LifeCycle
from tests.architecture.test_house import routes
from tests.beginning import begins
from tests.conftest import World
from tests.journeys.test_urls import TABLE, addresses, entered, named, paths
from tests.journeys.test_writing_rights import (
    NOWHERE,
    OFFICE,
    colleagues,
    everybody,
    holding,
    is_shown,
)

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as TestResponse

__all__ = ["addresses"]  # a fixture of the table of addresses

# addresses that name rows of others, and to whom: a firm lies in no programme, and whoever keeps its
# town looks at it; an adviser reads for whom they act; what was tried in public is adopted by any municipality
OPEN = {
    "firm_desk": {"officer of another municipality", "office with an interest"},
    "firm_staff": {"office with an interest"},
    "firm_claim_staff": {"office with an interest"},
    "desk": {"adviser for another programme"},
    # for which firms they act, and to which they belonged
    "own_data": {"adviser for another programme", "representative of another firm"},
    "own_data_copy": {"representative of another firm"},
    "sign_ins": {"representative of another firm"},
    "rollout_new": {"office of another programme", "office with an interest"},
}
TELLING = (200, 403, 409, 422)  # answers with words: a refusal, too
# addresses that tell colleagues of the office of cases beyond their own: what a roll-out rests on
# names its pilot
SHARED = {"rollout_evidence": {"finance_officer"}}


def readers(world: World) -> dict[str, User]:
    """Those to whom none of the rows is open, two more among them: who once held every role here, and
    who holds each and has an interest in every case.
    """
    yesterday = clock.today() - timedelta(days=1)
    return everybody(world) | {
        "office until yesterday": holding(world, *OFFICE, ends_on=yesterday, programme_code=""),
        "office with an interest": interested(world),
    }


def interested(world: World) -> User:
    person = holding(world, *OFFICE)
    for case in Case.objects.all():
        interests.declare(case, by=person, detail="親族の会社")
    return person


def text_of(answer: "TestResponse") -> str:
    """The words of a page, a paper, a spreadsheet or a parcel, without their spaces."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    if body.startswith(b"%PDF"):
        with suppress(pypdfium2.PdfiumError):  # a specimen of a file, which has no pages
            pages = pypdfium2.PdfDocument(io.BytesIO(body))
            body = "".join(page.get_textpage().get_text_bounded() for page in pages).encode()
        text = body.decode(errors="replace")
    elif body.startswith(b"PK"):
        parcel = zipfile.ZipFile(io.BytesIO(body))
        text = "".join(parcel.read(name).decode(errors="replace") for name in parcel.namelist())
    else:
        text = body.decode(errors="replace")
    return "".join(text.split())


def named_by(row: Case) -> Iterator[str]:
    yield from filter(None, (row.number, row.receipt_number))
    yield "".join(row.organisation.name.split())


def others(user: User) -> set[str]:
    """What names the cases that are not the person's: their numbers, and whose they are."""
    own = Organisation.objects.filter(memberships__in=user.memberships.filter(left_at=None))
    rows = Case.objects.exclude(organisation__in=own).select_related("organisation")
    return {name for row in rows for name in named_by(row)}


@begins(named)
def test_nobody_reads_about_what_is_not_theirs(
    world: World, addresses: dict[str, str], settings: Settings
) -> None:
    settings.API_PER_MINUTE = 10_000
    public = {e.name for _route, e in routes() if getattr(e.callback, "access", "") == "anyone"}
    asked = {key: path for key, path in paths(addresses).items() if key.split()[0] not in public}
    wrong = []
    for who, user in readers(world).items():
        client, secret = entered(user), others(user)
        for key, path in asked.items():
            name = key.split()[0]
            if not may_enter(user, name) or who in OPEN.get(name, ()):
                continue
            answer = client.get(path)
            if answer.status_code not in TELLING:
                continue
            # the address that was typed may stand in the page again
            told = text_of(answer).replace(path, "")
            if found := sorted(word for word in secret if word in told):
                wrong.append(f"{key} ({path}) tells {who} {', '.join(found[:3])}")
    assert not wrong, "\n".join(wrong)


@begins(named)
def test_a_colleague_reads_nothing_of_a_case_that_their_role_is_not_brought_before(
    world: World, addresses: dict[str, str], settings: Settings
) -> None:
    settings.API_PER_MINUTE = 10_000
    public = {e.name for _route, e in routes() if getattr(e.callback, "access", "") == "anyone"}
    asked = {key: path for key, path in paths(addresses).items() if key.split()[0] not in public}
    wrong = []
    for role, (user, theirs) in colleagues(world).items():
        cases = Case.objects.select_related("organisation")
        own = {name for row in cases.filter(theirs) for name in named_by(row)}
        secret = {name for row in cases.exclude(theirs) for name in named_by(row)} - own
        client = entered(user)
        for key, path in asked.items():
            if not may_enter(user, key.split()[0]) or role in SHARED.get(key.split()[0], ()):
                continue
            answer = client.get(path)
            if answer.status_code in TELLING:
                told = text_of(answer).replace(path, "")
                if found := sorted(word for word in secret if word in told):
                    wrong.append(f"{key} ({path}) tells {role} {', '.join(found[:3])}")
    assert not wrong, "\n".join(wrong)


def one_of_each() -> Iterator[tuple[str, LifeCycle]]:
    """The newest row of each kind whose transitions have a page."""
    models = {model._meta.model_name: model for model in apps.get_models()}
    for name in loaders:
        model = models[name]
        assert issubclass(model, LifeCycle)
        for row in model._default_manager.order_by("-pk")[:1]:
            yield name, row


@begins(named)
def test_the_page_of_a_transition_tells_nothing_to_whom_it_is_refused(
    world: World, addresses: dict[str, str]
) -> None:
    people = {role: user for role, (user, _cases) in colleagues(world).items()}
    wrong, asked = [], 0
    for name, row in one_of_each():
        for who, user in people.items():
            if not is_shown(loaders[name], user, row.pk):
                continue
            for spec in type(row).specs().values():
                if spec.internal or not spec.permission.reasons(user, row):
                    continue
                answer = entered(user).get(f"/do/{name}/{row.pk}/{spec.name}/")
                asked += 1
                main = answer.content.partition(b"<main")[2].partition(b"</main>")[0]
                assert main, answer.status_code
                if b"<dl" in main or b'class="kicker"' in main:
                    wrong.append(f"do {name} {spec.name} tells {who}")
    assert asked
    assert not wrong, "\n".join(wrong)


@begins(named)
def test_what_is_closed_in_the_record_is_closed_at_its_transitions(
    world: World, addresses: dict[str, str]
) -> None:
    people = {role: user for role, (user, _cases) in colleagues(world).items() if role in OFFICE}
    closed = {name: readers for names, readers in closed_matters.values() for name in names}
    rows = dict(one_of_each())
    assert {"claim", "payment", "bankaccount", "recovery", "laterrequest"} <= closed.keys()
    wrong = [
        f"{name} is shown to {role}"
        for name in closed.keys() & rows.keys()
        for role, user in people.items()
        if role not in closed[name] and is_shown(loaders[name], user, rows[name].pk)
    ]
    assert not wrong, "\n".join(sorted(wrong))


@begins(named)
def test_a_page_of_one_duty_is_not_opened_by_another_role_on_the_case(
    world: World, addresses: dict[str, str], settings: Settings
) -> None:
    """Somebody holds every role elsewhere and one here: the page of a role that they hold elsewhere
    names no case that they see by the other.
    """
    settings.API_PER_MINUTE = 10_000
    marks = {e.name: getattr(e.callback, "access", "") for _route, e in routes()}
    secret = {name for row in Case.objects.select_related("organisation") for name in named_by(row)}
    wrong = []
    for role, (user, _cases) in colleagues(world).items():
        if role not in OFFICE:
            continue
        before = {key for key in TABLE if may_enter(user, key.split()[0])}
        for other in OFFICE:
            if other != role:
                also(world, user, other)
        client = entered(User.objects.get(pk=user.pk))
        for key, path in paths(addresses).items():
            if key in before | ADOPTING or not marks[key.split()[0]].startswith("staff:"):
                continue
            answer = client.get(path)
            if answer.status_code in TELLING:
                told = text_of(answer).replace(path, "")
                if found := sorted(word for word in secret if word in told):
                    wrong.append(f"{key} ({path}) tells {role} {', '.join(found[:3])}")
    assert not wrong, "\n".join(wrong)


# what was tried in public is adopted by any town; forms of a ledger that who reads it may look at
ADOPTING = {"rollout_new rollout_new", "rollout_confirm rollout_confirm"} | {
    "pilot_indicator pilot_indicator"
}


def also(world: World, user: User, role: str) -> None:
    StaffRole.objects.create(
        person=user,
        role=role,
        programme_code=NOWHERE,
        starts_on=clock.today() - timedelta(days=90),
        granted_by=world.staff["administrator"],
    )
