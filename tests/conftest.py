"""Fixtures of the whole suite: real PostgreSQL, people with names, and a small world to act in."""

import gc
import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

import boto3
import hypothesis
import pytest
import requests
from allauth.account.internal.flows.login import record_authentication
from django.contrib.auth.signals import user_logged_in
from django.core import mail
from django.core.mail import EmailMessage
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponseBase
from django.template import Context, RequestContext, Template
from django.test import TestCase, TransactionTestCase
from django.test.signals import storages_changed, template_rendered
from django.utils.safestring import SafeString
from django.utils.translation import override
from pytest_django import DjangoDbBlocker, Settings

from grants.applications import drafts, submit
from grants.applications.models import Application
from grants.budget.calls import make_lines
from grants.programmes import loading
from grants.programmes.models import Call, CallChange, Programme
from portal import clock, fiscal
from portal.accounts import demo
from portal.accounts.models import Organisation, User
from portal.approvals.models import Approval
from portal.cases.models import Case
from portal.closures import calendars
from portal.correspondence.jobs import send_mail
from portal.correspondence.models import Mail
from portal.documents.jobs import check_file, draw_pages
from portal.documents.models import StoredFile
from portal.late import Late
from portal.registry import reference
from portal.registry.codes import SAPPORO
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.graph import LifeCycle
from tests import beginning, databases, fictitious
from tests.beginning import Bring, T
from tests.ledger import all_clear
from tests.lines import Lines, kept
from tests.markup import one_line
from tools.demonstration import people, senders, simulation
from tools.demonstration.people import known_as

if TYPE_CHECKING:
    from moto import server as moto_server
else:
    moto_server = Late("moto.server")

# a slow machine says nothing about the code
hypothesis.settings.register_profile(
    "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")

# what takes a worker half a minute or more goes first, so that no worker ends long after the other
LONG = (
    "test_run.py",
    "test_money_promises.py",
    "test_promises.py",
    "test_urls.py",
    "test_every_form.py",
    "test_outage.py",
    "test_audit.py",
    "test_states.py",
    "test_blind.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Groups that one worker does as a whole, then long modules, then all others in their order."""

    def rank(item: pytest.Item) -> int:
        if item.get_closest_marker("xdist_group"):
            return 0
        return 1 if item.path.name in LONG else 2

    items.sort(key=rank)


def pytest_collection_finish() -> None:
    """What was imported and collected lives to the end: looking through it for what nothing holds took
    a fifth of a worker's time. What tests leave is looked for seldom, though still.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A file among the parameters is named by its place: its bytes differ from worker to worker."""
    return argname if isinstance(val, bytes) else None


def _drawn(self: Template, context: Context) -> SafeString:
    """Django's own copies the context of every template for tests to look at; of a page its parts, fields
    and icons are hundreds. Here that of the page itself is kept: all that tests ask for by its name.
    """
    if context.template is self and isinstance(context, RequestContext):
        template_rendered.send(sender=self, template=self, context=context)
    return self.nodelist.render(context)


@pytest.fixture(scope="session", autouse=True)
def _pages_alone(django_test_environment: None) -> None:
    Template._render = _drawn  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    django_test_environment: None,
    django_db_modify_db_settings: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """The databases of this worker, as tests/databases.py tells; `--create-db` migrates anew."""
    with django_db_blocker.unblock():
        databases.begin(anew=request.config.option.create_db)
    yield
    with django_db_blocker.unblock():
        databases.end()


@pytest.fixture
def _database(
    request: pytest.FixtureRequest,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    names = set(request.fixturenames)
    bring = beginning.of(request.node)
    if "year" in names:
        with django_db_blocker.unblock():
            fictitious.choose(tmp_path_factory)
        return

    def go_on() -> None:
        assert bring
        files = tmp_path_factory.mktemp(beginning.name(bring)) / "documents"
        beginning.build(World(), bring, files)

    with django_db_blocker.unblock():
        databases.choose(
            world=World.build if names & {"world", "committed_world"} else None,
            then=go_on if bring else None,
            which=f"_{beginning.name(bring)}" if bring else "",
            alone="own" if "transactional_db" in names else "",
        )


@pytest.fixture
def db(_database: None, db: None) -> None:
    """Rolled back at the end; with `world`, the world stands in it."""
    calendars.renew()


@pytest.fixture
def transactional_db(
    _database: None, monkeypatch: pytest.MonkeyPatch, transactional_db: None
) -> None:
    """For what commits: a database of the test's own, not emptied but thrown away."""
    calendars.renew()
    monkeypatch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: None)


@receiver(user_logged_in)
def _came_in_by_both(*, request: HttpRequest, user: User, **_given: object) -> None:
    """`Client.force_login`, whose request came from nowhere, stands for password and second factor."""
    if request.method is None:
        for method in ("password", "mfa"):
            record_authentication(request, user, method)


@pytest.fixture(autouse=True)
def _in_japanese() -> Iterator[None]:
    """A page asked for in English leaves that language behind in the thread; the next test begins in Japanese."""
    with override("ja"):
        yield


@pytest.fixture(autouse=True)
def _codes_outlive_their_half_minute(settings: Settings) -> None:
    """A code drawn in the last moment of its thirty seconds is still taken by the request that follows."""
    settings.MFA_TOTP_TOLERANCE = 1


@pytest.fixture
def standing_clock() -> Iterator[None]:
    """The clock stands, so that no window of a limit ends in the middle of the test."""
    with clock.at(clock.now()):
        yield


@pytest.fixture(autouse=True)
def _storage(request: pytest.FixtureRequest, settings: Settings, tmp_path: Path) -> None:
    if request.node.get_closest_marker("browser"):
        return  # the served world keeps one folder for its module
    settings.STORAGES = settings.STORAGES | {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "documents"},
        },
    }


OUTSIDER = "outsider@firms.example"


class World:
    """Named people, calls, and the means to bring a case to any point.

    `World.build` makes it in the database, once; `World()` finds what stands there, `bring` being
    what a test begins with (tests/beginning.py).
    """

    def __init__(self, bring: Bring | None = None) -> None:
        everybody = {known_as(user): user for user in demo.accounts()}
        self.staff = {key: everybody[key] for key in people.STAFF}
        self.people = {key: everybody[key] for key in people.APPLICANTS}
        self.outsider = User.objects.get(email=OUTSIDER)
        self.sim = simulation.World(random.Random(7), self.staff)  # noqa: S311  no secret
        self.calls = {
            call.programme.code: call for call in Call.objects.select_related("programme")
        }
        self.officer, self.approver, self.director = (
            self.staff[n] for n in ("officer", "approver", "director")
        )
        self.brought = bring
        if bring:
            beginning.go_on(self, bring)

    def begun(self, bring: Callable[["World"], T]) -> T:
        """The case that this test begins with."""
        assert bring is self.brought, "the test is not marked so"
        return beginning.found(bring)

    @classmethod
    def build(cls, codes: tuple[str, ...] = ("telework",)) -> Self:
        """Areas, industries, banks, holidays, people and programmes, with an open call of each of these codes."""
        reference._areas()
        reference._industries()
        reference._banks()
        reference._holidays()
        calendars.renew()
        with clock.at(simulation.at(clock.today() - timedelta(days=40))):
            staff = people.staff()
            people.applicants()
            senders.enter(staff)
            loading.load_programmes(
                loading.DATA, by=staff["officer"], approved_by=staff["approver"]
            )
        User.objects.create_user(OUTSIDER, None, name="外の人")
        world = cls()
        world.calls = {code: world.call(code) for code in codes}
        return world

    def call(
        self,
        code: str,
        *,
        round_no: int = 1,
        days: int = 20,
        decided_after: int = 30,
        budgets: list[tuple[str, str, int]] | None = None,
    ) -> Call:
        programme = Programme.objects.get(code=code, state="approved")
        today = clock.today()
        year = fiscal.fiscal_year(today)
        decision = calendars.office(SAPPORO).next_open(today + timedelta(days=days + decided_after))
        call = begin(
            Call,
            by=self.staff["officer"],
            programme=programme,
            fiscal_year=year,
            round_no=round_no,
            periods=[
                (
                    simulation.at(today - timedelta(days=30), 9),
                    simulation.at(today + timedelta(days=days), 17),
                )
            ],
            decision_on=decision,
            project_ends_on=min(decision + timedelta(days=60), fiscal.fiscal_year_end(year)),
        )
        lines = budgets
        if lines is None:
            lines = [(f.key, "yen", f.budget or 50_000_000) for f in programme.stated.frames]
            lines += [(f.key, "slots", f.slots) for f in programme.stated.frames if f.slots]
        make_lines(call, lines, by=self.staff["officer"])
        call = perform(call, "approve", by=self.staff["approver"])
        return perform(call, "announce", by=self.staff["officer"])

    def draft(
        self, code: str = "telework", *, call: Call | None = None, complete: bool = True
    ) -> tuple[Application, User]:
        firm, person = simulation.organisation(self.sim)
        application = begin(
            Application, by=person, call=call or self.calls[code], organisation=firm
        )
        if complete:
            simulation.fill(self.sim, application, person, complete=True)
        return application, person

    def submitted(
        self, code: str = "telework", *, call: Call | None = None
    ) -> tuple[Application, User]:
        application, person = self.draft(code, call=call)
        return submit.submit(application, by=person), person

    def accepted(
        self, code: str = "telework", *, call: Call | None = None
    ) -> tuple[Application, User]:
        application, person = self.submitted(code, call=call)
        all_clear(application, by=self.officer)
        return perform(application, "accept", by=self.officer), person

    def called_off(self, call: Call, public_reason: str = "予算がなくなったため。") -> Call:
        """Proposed by the officer, approved by the director."""
        fresh = Call.objects.get(pk=call.pk)
        change = begin(
            CallChange, by=self.officer, call=fresh, public_reason=public_reason, calls_off=True
        )
        perform(change, "approve", by=self.director)
        return Call.objects.get(pk=call.pk)

    @contextmanager
    def after_intake(self, call: Call) -> Iterator[None]:
        """The morning after the call's last intake period."""
        last = max(period.closes_at for period in call.periods.all())
        with clock.at(simulation.at(clock.day_of(last) + timedelta(days=1))):
            yield

    def approval(
        self, act: str, subjects: Sequence[LifeCycle], given: Given | None = None
    ) -> Approval:
        """Drafted by the officer and in circulation, the director deciding."""
        rows = [(subject, given or {}) for subject in subjects]
        approval = begin(
            Approval,
            by=self.officer,
            act=act,
            title="件名",
            rows=rows,
            steps=[("decide", self.director)],
        )
        return perform(approval, "circulate", by=self.officer)

    def decided(
        self, act: str, subjects: Sequence[LifeCycle], given: Given | None = None
    ) -> Approval:
        return perform(self.approval(act, subjects, given), "approve", by=self.director)


def costs_of(
    application: Application, *amounts: int, category: str = "equipment", frame: str = "standard"
) -> dict[str, str]:
    """Typed cost rows with these amounts in yen."""
    day = application.call.decision_on + timedelta(days=3)
    typed = {
        "own_funds": "cash",
        "frame": frame,
        "item-TOTAL_FORMS": str(len(amounts)),
        "item-INITIAL_FORMS": "0",
    }
    for n, amount in enumerate(amounts):
        typed |= {
            f"item-{n}-what": f"機器{n}",
            f"item-{n}-category": category,
            f"item-{n}-amount": str(amount),
        }
        typed |= {
            f"item-{n}-order_on_{p}": str(v)
            for p, v in (("y", day.year), ("m", day.month), ("d", day.day))
        }
    return typed


def set_costs(application: Application, person: User, *amounts: int, **options: str) -> None:
    seen = drafts.stored(application, "costs")
    drafts.save(
        application,
        "costs",
        costs_of(application, *amounts, **options),
        by=person,
        page=drafts.Page(seen.version if seen else 0),
    )


@pytest.fixture
def world(request: pytest.FixtureRequest, db: None) -> World:
    return World(beginning.of(request.node))


@pytest.fixture
def committed_world(request: pytest.FixtureRequest, transactional_db: None) -> World:
    return World(beginning.of(request.node))


@pytest.fixture
def post() -> Callable[[], list[EmailMessage]]:
    """Deliver what is queued, as the worker does, and give all that was sent."""

    def deliver() -> list[EmailMessage]:
        for queued in Mail.objects.exclude(state="sent").order_by("pk"):
            send_mail(mail_id=queued.pk)
        return list(mail.outbox)

    return deliver


def check_files() -> None:
    """Look into what has arrived, as the worker of the files' queue does."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        for file in StoredFile.objects.filter(checked_at=None).order_by("pk"):
            check_file(file.pk)


def draw_files(case: Case) -> None:
    """Draw the pages of a case's files, as that worker does."""
    for file in StoredFile.objects.filter(documents__case=case).order_by("pk"):
        draw_pages(file.pk)


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What the log says of this test."""
    with kept() as said:
        yield said


@pytest.fixture
def firm(world: World) -> Organisation:
    return simulation.organisation(world.sim)[0]


@pytest.fixture
def s3(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator["moto_server.ThreadedMotoServer"]:
    """A real S3 server over HTTP as the portal's storage; browsers may send to it straight."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    server = moto_server.ThreadedMotoServer(port=0)
    server.start()
    endpoint = f"http://127.0.0.1:{server.get_host_and_port()[1]}"
    requests.post(f"{endpoint}/moto-api/reset", timeout=10)
    boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1").create_bucket(
        Bucket="documents"
    )
    options = {
        "bucket_name": "documents",
        "endpoint_url": endpoint,
        "region_name": "us-east-1",
        "file_overwrite": False,
    }
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    }
    settings.S3_DIRECT_ORIGIN = endpoint
    storages_changed(setting="STORAGES")
    yield server
    server.stop()


def seen_on(page: HttpResponseBase) -> str:
    """The fingerprint that a page of review carries: what a person who presses its button has looked over."""
    found = re.search(r'name="seen" value="(\w+)"', one_line(page))
    assert found is not None
    return found.group(1)
