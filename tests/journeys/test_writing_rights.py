"""Who writes where: everybody sends the form of every address about rows that are not theirs, and no row is written. Neither a field that is missing nor a password asked again may stand before the right.

Asked are those whom the gate of the address lets in (the table of test_urls.py shows that it keeps the others out):
behind it each view and each loader decides for itself.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import timedelta
from typing import NamedTuple

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import is_mfa_enabled
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.test import Client
from django.urls import reverse

from grants.applications.models import Application
from grants.awards.models import Award
from portal import clock
from portal.accounts.models import Delegation, StaffRole, User
from portal.approvals.ports import acts
from portal.cases.models import Case
from portal.cases.ports import bulk_acts, loaders
from portal.registry.codes import SAPPORO
from portal.ui import limits
from portal.workflow.access import may_enter
from portal.workflow.graph import LifeCycle
from startups.matching.models import Match
from startups.pilots.entries import Partner
from startups.pilots.models import Pilot
from startups.rollouts.models import Rollout
from tests import absences
from tests.architecture.test_house import routes
from tests.beginning import begins
from tests.conftest import World
from tests.journeys.test_urls import TABLE, addresses, entered, named, paths
from tools.demonstration import simulation

__all__ = ["addresses"]  # a fixture of the table of addresses

# what a refusal itself keeps: how often somebody asked, who read what it was about, their session
KEPT_OF_REFUSALS = frozenset(
    {"portal_ui_use", "portal_cases_reading", "portal_audit_print", "django_session"}
)
FIRMS = (
    "outsider",
    "representative of another firm",
    "adviser for another programme",
)
OFFICES = (
    "office of another programme",
    "officer of another municipality",
    "officer of other cases",
    "officer until yesterday",
)
# addresses at which some of them write for themselves, and who
THEIRS = {
    "application_start": set(FIRMS) | {"officer until yesterday"},  # one of their own
    "rollout_new": {"office of another programme"},  # what one town tried, another may adopt
    "save_view": set(OFFICES),  # their own list
    "firm_claim": {"outsider"},  # it is their claim
    "firm_claim_withdraw": {"outsider"},
    "challenge_follow": {*FIRMS, *OFFICES},  # what is published is followed by whoever likes
    "own_calendar_renew": {*FIRMS, *OFFICES},  # the address of one's own calendar
    "challenge_ask": {*FIRMS, "officer until yesterday"},  # and asked about by firms
}
# addresses at which nobody is answered, and why
UNANSWERED = {
    "api_nothing nothing": "says that there is no such address",
    "approval_draft": "its cases are named in what is sent: `lists` below",
    "document_instead draft_instead": "the programme of the tests' world lets no document follow or lie elsewhere",
    "document_issued draft_issued": "the programme of the tests' world asks for no day of issue",
    "factor_removal_stop secret": "its secret is known from a mail alone",
    "failed_job_again nothing_failed": "no work has failed; administrators alone are let in",
    "openid_connect_callback provider": "the tests' world has no provider of sign-ins",
    "openid_connect_login provider": "the tests' world has no provider of sign-ins",
    "firm_namesake firm_pair": "no two firms of the tests' world have one name",
    "health_metrics": "whoever shows the token alone",
    "invitation_accept invited_accept": "whoever has the address that is invited",
    "maintenance_call_off maintenance": "none is announced in the tests' world; administrators alone are let in",
    "mails_stop said": "its link is known from a mail alone",
    "own_calendar_file secret": "its secret is known to one person alone",
    "signal_dismiss money": "the signal is named in the query",
    "sketch_row_move sketch_row_move": "where the row goes is named in what is sent (tests/grants/test_sketch_pages.py)",
    "upload_ticket case": "the tests' storage takes no files straight from a browser",
}
# what the forms ask, as somebody would fill them in
FILLED = {
    **dict.fromkeys(("reason", "text", "body", "words", "note", "opinion", "answer"), "x"),
    **dict.fromkeys(("ground", "title", "name", "comment", "detail", "minutes"), "x"),
    **dict.fromkeys(("value", "what"), "x"),
    **dict.fromkeys(("amount", "count", "version", "person", "case", "cases", "ticked"), "1"),
    **dict.fromkeys(("internal", "agree", "confirmed", "sure", "declared"), "on"),
    "email": "x@firms.example",
    "role": "member",
    "outcome": "refuse",
    "matter": "belongs",
    "kind": "question",
    "key": "x",
}
DAY = 24 * 60 * 60  # seconds
# where one proves anew who one is
PROOFS = ("/accounts/", "/second-factor/")
NOWHERE = "no_such"  # a programme in which nothing of the world lies
FAR = "013048"  # a municipality in which nothing of it lies
OFFICE = (
    "programme_officer",
    "approver",
    "reviewer",
    "inspector",
    "finance_officer",
    "accounting_officer",
    "challenge_owner",
    "concierge",
)


def everybody(world: World) -> dict[str, User]:
    """People whose none of the rows is. What no right should come of is given to one of them together:
    each more walks all addresses.
    """
    yesterday = clock.today() - timedelta(days=1)
    elsewhere = holding(world, *OFFICE, programme_code=NOWHERE)
    # whoever is away has a step in a draft; that their deputy could act on it is beyond this one's roles
    absences.deputised(world.director, elsewhere)
    return {
        "outsider": world.outsider,
        "representative of another firm": former(world, simulation.organisation(world.sim)[1]),
        "adviser for another programme": adviser(world),
        "office of another programme": elsewhere,
        "officer of another municipality": holding(world, "programme_officer", municipality_id=FAR),
        "officer of other cases": holding(world, "programme_officer", assigned_only=True),
        "officer until yesterday": holding(world, "programme_officer", ends_on=yesterday),
    }


def colleagues(world: World) -> dict[str, tuple[User, Q]]:
    """People of the very programme and municipality, each with one role, and which cases that role
    brings before them: all others are not theirs. The inspector would stand in for somebody who is
    there; and one belongs to the firm, but is not the one who applied.
    """
    owner = world.people["representative"]
    firm = owner.memberships.get(left_at=None).organisation
    awarded, adopted, tried, matched = (
        Q(pk__in=model.objects.values("case")) for model in (Award, Rollout, Pilot, Match)
    )
    supported = Q(pk__in=Partner.objects.exclude(application=None).values("application__case"))
    proposals = Application.objects.filter(call__programme__code="open_innovation")
    theirs = {
        "reviewer": Q(pk__in=[]),  # asked to review none
        "inspector": awarded,
        "finance_officer": awarded | adopted,
        "accounting_officer": awarded,
        "challenge_owner": matched | tried | adopted | supported,
        "concierge": Q(pk__in=proposals.values("case")) | tried | adopted | supported,
    }
    found = {
        role: (holding(world, role, municipality_id=SAPPORO), cases)
        for role, cases in theirs.items()
    }
    absences.named(world.staff["inspector"], found["inspector"][0], role="inspector")
    return found | {"second member": (world.people["member"], Q(organisation=firm))}


def person(name: str) -> User:
    """With a second factor, without which whoever works for the office is led to set one up."""
    made = User.objects.create(email=f"{name}-{User.objects.count()}@writing.example", name=name)
    TOTP.activate(made, "A" * 32)
    return made


def adviser(world: World) -> User:
    """They act for the firm whose rows these are, in a programme of which it has none."""
    owner = world.people["representative"]
    made = person("adviser")
    Delegation.objects.create(
        adviser=made,
        organisation=owner.memberships.get(left_at=None).organisation,
        programme_code=NOWHERE,
        may_submit=True,
        starts_on=clock.today(),
        ends_on=clock.today() + timedelta(days=30),
        granted_by=owner,
    )
    return made


def former(world: World, made: User) -> User:
    """Who belonged to the firm whose rows these are, and acted for it, until lately."""
    owner = world.people["representative"]
    firm = owner.memberships.get(left_at=None).organisation
    firm.memberships.create(user=made, role="representative", left_at=clock.now())
    Delegation.objects.create(
        adviser=made,
        organisation=firm,
        may_submit=True,
        starts_on=clock.today() - timedelta(days=60),
        ends_on=clock.today() - timedelta(days=1),
        granted_by=owner,
    )
    return made


def holding(world: World, *roles: str, **terms: object) -> User:
    made = person("-".join(terms))
    for role in roles:
        StaffRole.objects.create(
            person=made,
            role=role,
            starts_on=clock.today() - timedelta(days=90),
            granted_by=world.staff["administrator"],
            **terms,
        )
    return made


class Form(NamedTuple):
    key: str
    path: str
    asked: set[str]  # of everybody
    version: int = 1  # of the row that its sender saw
    # whom the right of a transition refuses; its page may name another fault first (422)
    without_right: frozenset[str] = frozenset()


def pages(addresses: dict[str, str], people: dict[str, User]) -> Iterator[Form]:
    """Every address about a row, or for sending alone, that is not the public's."""
    public = {e.name for _route, e in routes() if getattr(e.callback, "access", "") == "anyone"}
    for key, path in paths(addresses).items():
        name, _space, argument = key.partition(" ")
        if name not in public and (argument or TABLE[key].startswith("405")):
            let_in = {who for who, user in people.items() if may_enter(user, name)}
            yield Form(key, path, let_in - THEIRS.get(name, set()))


def transitions(people: dict[str, User]) -> Iterator[Form]:
    """Every transition of one row of each kind that has such pages, for those whom its loader shows it."""
    models = {model._meta.model_name: model for model in apps.get_models()}
    for name, loader in loaders.items():
        model = models[name]
        assert issubclass(model, LifeCycle)
        for row in model._default_manager.order_by("-pk")[:1]:
            readers = {who for who, user in people.items() if is_shown(loader, user, row.pk)}
            for spec in model.specs().values():
                path = f"/do/{name}/{row.pk}/{spec.name}/"
                refused = frozenset(
                    who for who in readers if spec.permission.reasons(people[who], row)
                )
                yield Form(f"do {name} {spec.name}", path, readers, row.version, refused)


def is_shown(loader: Callable[[User, int], LifeCycle], user: User, pk: int) -> bool:
    try:
        loader(user, pk)
    except (Http404, PermissionDenied):
        return False
    return True


def written() -> dict[str, int]:
    """Rows written in this transaction by table, also those that were rolled back."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return {name: n for name, n in cursor.fetchall() if name not in KEPT_OF_REFUSALS}


def press(client: Client, form: Form) -> tuple[int, str]:
    """The answer to the form and where it leads; then all is as it was."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        answer = client.post(form.path, FILLED | {"seen": str(form.version)})
        transaction.set_rollback(True)
    client.cookies = cookies
    return answer.status_code, answer.headers.get("Location", "")


def faults(form: Form, clients: Mapping[str, Client]) -> Iterator[str]:
    """Who of those asked is not turned away, or writes, and to which tables."""
    before = written()
    for who in clients.keys() & form.asked:
        status, led_to = press(clients[who], form)
        if status == 405:
            return
        if (status == 422 or led_to.startswith(PROOFS)) and who not in form.without_right:
            yield f"{form.key} ({form.path}) as {who}: {status} {led_to}, before the right was asked"
        if (after := written()) != before:
            changed = sorted(name for name, n in after.items() if n != before.get(name))
            yield f"{form.key} ({form.path}) as {who}: {status}, written: {', '.join(changed)}"
        before = after


def proved(user: User) -> Client:
    """Signed in with both factors so lately that none is asked again."""
    if not is_mfa_enabled(user):
        TOTP.activate(user, "A" * 32)
    client = entered(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time() + DAY, "reauthenticated": True}
        for method in ("password", "mfa")
    ]
    session.save()
    return client


@pytest.fixture
def unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many forms in a moment: a limit would refuse before the rights do."""
    for limit in limits.TABLE:
        for kind in ("person", "address", "named"):
            if getattr(limit, kind) is not None:
                monkeypatch.setitem(limit.__dict__, kind, limits.Rate(10**9, limits.DAY))


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    undraw(monkeypatch)


def undraw(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the pages show is for other tests: drawing them takes most of the time."""
    monkeypatch.setattr("django.template.loader.render_to_string", lambda *_args, **_more: "")


def insiders(world: World) -> list[User]:
    """Whose the rows are, and the office that works on them."""
    return [world.people["representative"], world.outsider, *world.staff.values()]


def is_answered(client: Client, form: Form) -> bool:
    """A page, or a form that is read: neither refused nor sent nowhere."""
    refused = (403, 404, 405)
    return press(client, form)[0] not in refused or client.get(form.path).status_code not in refused


@begins(named)
def test_every_address_names_a_row_about_which_somebody_may_ask(
    world: World, addresses: dict[str, str], unlimited: None, undrawn: None
) -> None:
    """Else all are told 404 alike, and the right behind the address is never asked."""
    clients = {user: proved(user) for user in insiders(world)}
    silent = set()
    for key, path in paths(addresses).items():
        may = [client for user, client in clients.items() if may_enter(user, key.split()[0])]
        form = Form(key, path, set())
        if not any(is_answered(client, form) for client in may):
            silent.add(key)
    assert sorted(silent) == sorted(UNANSWERED), "\n".join(sorted(silent))


@begins(named)
def test_nobody_writes_about_what_is_not_theirs(
    world: World, addresses: dict[str, str], unlimited: None, undrawn: None
) -> None:
    people = everybody(world)
    clients = {who: proved(user) for who, user in people.items()}
    forms = (*pages(addresses, people), *transitions(people))
    wrong = [fault for form in forms for fault in faults(form, clients)]
    assert not wrong, "\n".join(wrong)


# what an auditor may write about a case, and what is written and undone again
AUDITING = {
    "dossier_file",  # the whole of a case, bound for them
    "case_interest",  # their own interest, which closes the case to them
    "record_verify",  # the record, checked again
    "approval_letter",  # rehearsed
    "approval_letter_paper",
    "budget_confirm",  # refused inside the door, after the duty was noted
    "classification_confirm",
    "pilot_start",  # refused inside the door, after its case was made
}


@begins(named)
def test_a_role_elsewhere_writes_nothing_about_what_another_role_shows(
    world: World, addresses: dict[str, str], unlimited: None, undrawn: None
) -> None:
    """Who audits here and holds every other role elsewhere; also of what came on paper, which the office
    writes for its applicants.
    """
    Case.objects.update(on_paper=True, is_draft=False)
    user = holding(world, *OFFICE, programme_code=NOWHERE)
    StaffRole.objects.create(
        person=user,
        role="auditor",
        starts_on=clock.today() - timedelta(days=90),
        granted_by=world.staff["administrator"],
    )
    people = {"office of another programme": User.objects.get(pk=user.pk)}
    clients = {who: proved(one) for who, one in people.items()}
    forms = (*pages(addresses, people), *transitions(people))
    wrong = [
        fault
        for form in forms
        for fault in faults(form, clients)
        if "written" in fault and form.key.split()[0] not in AUDITING
    ]
    assert not wrong, "\n".join(wrong)


def about(cases: QuerySet[Case], forms: Iterable[Form]) -> Iterator[Form]:
    """Those forms whose address names one of these cases."""
    numbers = set(cases.values_list("number", flat=True))
    yield from (form for form in forms if numbers & set(form.path.split("/")))


@begins(named)
def test_a_colleague_writes_nothing_about_a_case_that_their_role_is_not_brought_before(
    world: World, addresses: dict[str, str], unlimited: None, undrawn: None
) -> None:
    wrong = []
    for role, (user, theirs) in colleagues(world).items():
        others, client = Case.objects.exclude(theirs), {role: proved(user)}
        wrong += [
            fault
            for form in about(others, pages(addresses, {role: user}))
            for fault in faults(form, client)
        ]
        keys = set(others.values_list("pk", flat=True))
        shown = (form.path.split("/") for form in transitions({role: user}) if form.asked)
        wrong += [
            f"{model} {pk} is shown to {role}"
            for _empty, _do, model, pk, *_rest in shown
            if keys & {case.pk for case in loaders[model](user, int(pk)).touched_cases()}
        ]
    assert not wrong, "\n".join(sorted(set(wrong)))


def lists(plan: str) -> Iterator[tuple[str, dict[str, object]]]:
    """Forms that name their rows in what is sent alone: each act on every case that there is, or on
    those of another's plan.
    """
    numbers = list(Case.objects.values_list("number", flat=True))
    bulk, draft = reverse("case_bulk"), reverse("approval_draft")
    for name in (*dict(bulk_acts.items()), *(f"act:{name}" for name in acts)):
        yield bulk, {"do": name, "pick": numbers}
        yield bulk, {"do": name, "all": "on", "next": "/cases/"}
    for name in acts:
        yield draft, {"act": name, "case": numbers}
        yield draft, {"act": name, "bulk": plan}


def told(client: Client, path: str, sent: dict[str, object]) -> str:
    """The page that follows the form; then all is as it was."""
    cookies = deepcopy(client.cookies)
    with transaction.atomic():
        text = client.post(path, FILLED | sent, follow=True).content.decode()
        transaction.set_rollback(True)
    client.cookies = cookies
    return text


@begins(named)
def test_nobody_acts_on_many_cases_that_are_not_theirs(
    world: World, addresses: dict[str, str], unlimited: None
) -> None:
    names = set(Case.objects.values_list("number", "organisation__name"))
    words = {word for pair in names for word in pair}
    forms = list(lists(addresses["plan"]))
    wrong = []
    for who, user in everybody(world).items():
        client, before = proved(user), written()
        for path, sent in forms:
            text = told(client, path, sent)
            if named := sorted(word for word in words if word in text):
                wrong.append(f"{path} {sent} names {named[:3]} to {who}")
            if (after := written()) != before:
                wrong.append(f"{path} {sent} by {who} is written")
            before = after
    assert not wrong, "\n".join(wrong[:20])
    # to whom they are open, both name them
    officer = proved(world.officer)
    open_to = {
        path for path, sent in forms if any(word in told(officer, path, sent) for word in words)
    }
    assert open_to == {path for path, _sent in forms}
