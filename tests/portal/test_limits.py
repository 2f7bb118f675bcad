"""The table of limits: what it holds, that it is on the pages, and what a refused request answers."""

import inspect
import logging
import re
from collections import Counter
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import Client, RequestFactory
from pytest_django import Settings

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Either, Office, System
from portal.approvals.stations import Named
from portal.cases.ports import loaders
from portal.documents.models import Document
from portal.ui import jobs, limits
from portal.ui.limits import HOUR, MINUTE, Limit, Rate
from portal.ui.models import Use
from portal.workflow.graph import LifeCycle, life_cycles
from startups.concierge.models import Answerer
from startups.pilots.models import Pilot
from tests.architecture.test_house import routes
from tests.conftest import World
from tools.demonstration.simulation import paper

pytestmark = pytest.mark.usefixtures("standing_clock")

# every address that a limit is put on; uploads and their bytes are counted where files are taken in
PAGES = {
    "drafts": {"application_start", "pilot_support"},
    "presses": {"do"},
    "amendments": {"application_amend"},
    "uploads": {"upload_ticket", "approval_attach"},
    "organisations": {"organisation_new"},
    "hand_ins": {"application_review"},
    "changes": {"asset_dispose", "bank_account", "change_new"},
    "saves": {
        "application_section",
        "application_autosave",
        "application_officers",
        "filing",
        "survey",
        "completion",
        "completion_autosave",
        "review_autosave",
        "inspection_autosave",
    },
    "claims": {"firm_proof", "firm_claim_new", "firm_claim", "firm_number", "organisation"},
    "messages": {
        "application_sharing",
        "completion_extension",
        "extension_ask",
        "firm_claim_answer",
        "firm_passing_object",
        "message_write",
        "pilot_book",
        "pilot_incident",
        "pilot_measure",
        "pilot_settle",
        "pilot_status",
        "recovery_ask_later",
        "remark_answer",
    },
    "consultations": {"consultation_new", "challenge_ask"},
    "data_requests": {"data_request_new"},
    "invitations": {"organisation_invite"},
    "kept_searches": {"search_keep"},
    "searches": {
        "call_list",
        "programme_list",
        "case_list",
        "inbox",
        "pilot_list",
        "challenge_list",
        "statistics",
        "firm_desk",
        "reading_list",
    },
    "checks": {"call_check", "call_money", "notice_verify", "programme_past", "sketch_past"},
    "papers": {
        "notice_paper",
        "application_pdf",
        "notice_twin",
        "rollout_evidence",
        "release_draft_report",
        "programme_specimen",
        "selection_record_pdf",
        "approval_letter",
        "approval_letter_paper",
        "disclosure_copy",
        "approval_document",
        "data_request_letter",
    },
    "zips": {"case_zip", "dossier_file"},
    "exports": {
        "programme_past_csv",
        "programme_past_xlsx",
        "sketch_past_csv",
        "sketch_past_xlsx",
        "case_export",
        "case_workbook",
        "completion_workbook",
        "costs_workbook",
        "approval_rows_csv",
        "approval_rows_xlsx",
        "budget_accounting_csv",
        "budget_book_csv",
        "recovery_list_csv",
        "budget_book_xlsx",
        "budget_csv",
        "settlement_csv",
        "settlement_xlsx",
        "budget_xlsx",
        "bulk_report",
        "case_officers_csv",
        "own_data_copy",
        "statistics_live_csv",
        "statistics_live_xlsx",
        "disposal_csv",
    },
    "verifications": {"record_verify"},
    "reads": {
        "stages_csv",
        "stages_json",
        "pilot_readings",
        "release_report",
        "release_table",
        "release_chart",
        "opendata_seals",
        "awards_360",
        "awards_gbizinfo",
        "call_feed",
        "call_feed_topic",
        "own_calendar_file",
    },
}

# every other page of ours on which the public or a firm sends something → what bounds what comes of it
BOUNDED = {
    "files are counted where they are taken in": {
        "application_documents",
        "completion_documents",
        "filing_documents",  # handed in once, until the office sends it back or another is begun
        "late_papers",
        "passbook",
        "document_reuse",
    },
    "once, until the office or a page with a limit makes it possible again": {
        "application_amend_stop",
        "application_discard",
        "claim_new",
        "completion_review",
        "completion_start",
        "data_request",
        "factor_removal_stop",
        "filing_start",
        "firm_claim_withdraw",
        "invitation_accept",
        "invitation_take_back",
        "late_paper_move",
        "mail_settle",
    },
    "writes to nobody but who sent it": {
        "asset",
        "challenge_follow",
        "completion_document_remove",
        "document_instead",
        "document_issued",
        "document_remove",
        "filing_document_remove",
        "fitting_aims",
        "fitting_hide",
        "fitting_remind",
        "fitting_take_back",
        "keys",
        "mails_stop",
        "news_settings",
        "own_calendar_renew",
        "own_calendar_stop",
        "search_remove",
    },
    "ways in, which have limits by what is named": {"demo", "second_factor_now"},
}
SENDS = re.compile(r"\bPOST\b|\b(write|send|press|trying)\(")


def test_every_page_of_a_firm_that_writes_has_a_limit_or_a_reason() -> None:
    found = {
        str(entry.name)
        for _route, entry in routes()
        if getattr(entry.callback, "access", "") in ("anyone", "signed_in")
        and not hasattr(entry.callback, "limit")
        and SENDS.search(inspect.getsource(inspect.unwrap(entry.callback)))
    }
    assert found == set().union(*BOUNDED.values())


# what a firm may press again, since its row stays in its state → why it does not tell the office each time
AGAIN = {
    "match.pick": "the time that is picked is refused, and presses are limited",
    "pilot.consent": "refused until another draft is written",
    "pilot.assess_firm": "writes to nobody",
    "pilot.agree_to_extension": "refused until another extension is proposed",
    "pilot.drop_extension": "refused until another extension is proposed",
}


def of_firm(permission: object) -> bool:
    """Is it for somebody else than the office?"""
    if isinstance(permission, Either):
        return any(of_firm(option) for option in permission.options)
    return not isinstance(permission, Office | System | Named | Answerer)


def around(model: type[LifeCycle]) -> list[str]:
    """The presses at `do` by which a firm alone comes back to where it pressed."""
    steps = [spec for spec in model.specs().values() if of_firm(spec.permission)]

    def reached(state: str) -> set[str]:
        found = {state}
        while more := {s.target for s in steps if found & set(s.sources)} - found:
            found |= more
        return found

    return [s.name for s in steps if not s.internal and reached(s.target) & set(s.sources)]


def test_what_a_firm_may_press_again_is_bounded() -> None:
    """Each other press leads on: the same is possible again once the office did something."""
    at_do = [model for model in life_cycles() if model._meta.model_name in loaders]
    loops = {f"{model._meta.model_name}.{name}" for model in at_do for name in around(model)}
    assert loops == set(AGAIN)
    assert "assess_firm" not in Pilot.OUTGOING


def test_the_limits_stand_on_these_pages() -> None:
    found: dict[str, set[str]] = {}
    for _route, entry in routes():
        if limit := getattr(entry.callback, "limit", None):
            found.setdefault(limit.name, set()).add(str(entry.name))
    assert found == PAGES


BY_NAME = {limit.name: limit for limit in limits.TABLE}


@pytest.fixture
def tight(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every limit of a person lets two through."""
    for limit in limits.TABLE:
        if limit.person is not None:
            monkeypatch.setitem(limit.__dict__, "person", Rate(2, limit.person.seconds))


def asked(world: World, what: str) -> tuple[User, str, str, dict[str, str]]:
    """(who, method, path, what is sent) of a page with this limit."""
    application, person = world.submitted()
    draft, writer = world.draft(complete=False)
    case, firm = application.case.number, application.case.organisation_id
    return {
        "drafts": (person, "post", f"/programmes/{world.calls['telework'].code}/apply/", {}),
        "presses": (person, "post", f"/do/application/{application.pk}/withdraw/", {"reason": "a"}),
        "amendments": (person, "post", f"/apply/{case}/amend/", {"seen": "<開いたとき>"}),
        "hand_ins": (writer, "post", f"/apply/{draft.case.number}/review/", {"truth": "on"}),
        "changes": (person, "post", f"/cases/{case}/change/", {"reason": "<機器>が変わる"}),
        "organisations": (person, "post", "/organisations/new/", {"corporate_number": "12"}),
        "saves": (
            writer,
            "post",
            f"/apply/{draft.case.number}/plan/autosave/",
            {"title": "<勤務>"},
        ),
        "claims": (person, "post", "/organisations/claims/new/", {"words": "わたしの会社です"}),
        "messages": (person, "post", f"/cases/{case}/messages/", {"body": "よろしく<お願い>\n"}),
        "consultations": (person, "post", "/consult/new/", {"title": "何から始めるか"}),
        "data_requests": (person, "post", "/my-data/requests/", {"about": "名簿の住所"}),
        "invitations": (person, "post", f"/organisations/{firm}/invite/", {"email": "x"}),
        "kept_searches": (person, "post", "/my/searches/keep/", {"q": "在宅勤務"}),
        "searches": (world.officer, "get", "/cases/?q=a", {}),
        "checks": (person, "get", f"/programmes/{world.calls['telework'].code}/check/?size=x", {}),
        "papers": (person, "get", f"/notices/{application.case.notices.get().pk}.pdf", {}),
        "reads": (person, "get", "/pilots.csv", {}),
        "zips": (person, "get", f"/cases/{case}/case.zip", {}),
        "verifications": (world.staff["auditor"], "post", "/staff/record/verify/", {}),
        "exports": (world.officer, "get", "/cases/export.csv", {}),
    }[what]


@pytest.mark.parametrize("what", sorted(set(PAGES) - {"uploads"}))
def test_what_is_asked_too_often_is_refused_and_kept(
    world: World, tight: None, caplog: pytest.LogCaptureFixture, what: str
) -> None:
    who, method, path, sent = asked(world, what)
    client, colleague = Client(), Client()
    client.force_login(who)
    for _ in range(2):
        status = getattr(client, method)(path, sent).status_code
        assert status != 429
        if (
            status == 422 and BY_NAME[what].is_of_a_day
        ):  # of a limit of the day nothing is used up by a faulty form
            limits.spend(request_of(who), BY_NAME[what])
    with caplog.at_level(logging.WARNING, "portal.events"):
        answer = getattr(client, method)(path, sent)
    page = answer.content.decode()
    assert (answer.status_code, int(answer["Retry-After"]) > 0) == (429, True)
    assert "また続けられます" in page
    assert all(f'name="{name}"' in page for name in sent)
    facts = [record.facts for record in caplog.records if record.message == "rate.limited"]  # type: ignore[attr-defined]
    assert [(line["code"], line["user"]) for line in facts] == [(what, who.pk)]
    colleague.force_login(world.outsider)  # from the same address
    assert getattr(colleague, method)(path, sent).status_code != 429


@pytest.mark.parametrize(
    "what", ["organisations", "claims", "consultations", "data_requests", "invitations"]
)
def test_a_faulty_form_uses_up_nothing_of_the_day(world: World, tight: None, what: str) -> None:
    who, method, path, sent = asked(world, what)
    client = Client()
    client.force_login(who)
    said = [getattr(client, method)(path, sent).status_code for _ in range(5)]
    assert said == [422] * 5


def test_uploads_are_limited_by_number_and_by_bytes(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, person = world.draft(complete=False)
    client.force_login(person)
    path = f"/apply/{application.case.number}/documents/"

    def send(text: str) -> int:
        file = SimpleUploadedFile("見積書.pdf", paper(text))
        return client.post(path, {"key": "quote", "file": file}).status_code

    size = len(paper("a"))
    monkeypatch.setitem(limits.BYTES.__dict__, "person", Rate(size * 3, limits.DAY))
    assert [send(text) for text in "abcd"] == [302, 302, 302, 429]
    monkeypatch.setitem(limits.BYTES.__dict__, "person", Rate(size * 30, limits.DAY))
    monkeypatch.setitem(limits.UPLOADS.__dict__, "person", Rate(4, HOUR))
    assert send("e") == 429
    assert Document.objects.filter(case=application.case, name="見積書.pdf").count() == 3


def test_a_page_asked_for_as_data_is_refused_as_data(world: World, tight: None) -> None:
    who, _method, path, sent = asked(world, "messages")
    client = Client()
    client.force_login(who)
    for _ in range(3):
        answer = client.post(path, sent, headers={"Accept": "application/json"})
    assert (answer.status_code, list(answer.json())) == (429, ["message"])


def test_no_password_stands_on_a_page_that_refuses(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.SIGN_UPS.__dict__, "address", Rate(2, HOUR))
    sent = {"name": "三上 遥", "email": "h@firms.example", "password1": "snow-lilac-lamp-7"}
    client = Client()
    for _ in range(3):
        answer = client.post("/accounts/signup/", sent)
    assert answer.status_code == 429
    assert "snow-lilac" not in answer.content.decode()


def test_what_the_sign_in_library_refuses_is_answered_in_the_same_words(
    world: World, client: Client
) -> None:
    client.force_login(world.outsider)
    for _ in range(6):
        answer = client.post("/accounts/password/change/", {"oldpassword": "himitsu-no-kotoba"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    page = answer.content.decode()
    assert "この操作の回数が上限を超えました。60秒後に、また続けられます。" in page
    assert "himitsu" not in page


def request_of(person: User | None = None, address: str = "203.0.113.50") -> HttpRequest:
    request = RequestFactory().post("/", REMOTE_ADDR=address)
    request.user = person  # type: ignore[assignment]
    return request


def test_a_window_ends_and_is_forgotten(world: World) -> None:
    limit = Limit("x", "x", Rate(2, HOUR))
    request, now = request_of(world.officer), clock.now()
    with clock.at(now):
        first = [limits.used(request, limit)[0] for _ in range(3)]
        seconds = limits.used(request, limit, -1)[1]
        assert (limits.used(request, limit, 0)[0], limits.forget()) == (0, 0)
    with clock.at(now + timedelta(seconds=seconds)):
        again = limits.used(request, limit)[0]
        jobs.forget_rate_windows(timestamp=0)
    assert (first, again) == ([1, 0, -1], 1)
    assert 0 < seconds <= HOUR
    assert Use.objects.count() == 1
    assert "person" not in Use.objects.get().who  # a keyed hash of "person:" and the number


def test_a_day_begins_at_midnight_in_sapporo(world: World) -> None:
    limit = Limit("x", "x", Rate(2, limits.DAY))
    evening = (
        clock.now().astimezone(clock.JST).replace(hour=23, minute=59, second=30, microsecond=0)
    )
    with clock.at(evening):
        assert limits.used(request_of(world.officer), limit)[1] == 30


@pytest.mark.parametrize(
    ("seconds", "words"), [(30, "30秒後に"), (MINUTE * 5 - 9, "5分後に"), (HOUR * 3, "時00分に")]
)
def test_the_sentence_says_when(seconds: int, words: str) -> None:
    with clock.at(clock.now().replace(minute=0)):
        assert words in limits.TooOften(limits.MESSAGES, seconds).sentence


PEOPLE = 2000


RUSH, LAST = 1000, 80  # in one minute; those who come by requests


def test_the_last_of_a_thousand_in_a_minute_behind_one_proxy_are_let_in(
    world: World, settings: Settings
) -> None:
    """Of one address of the city: each signs in, one in ten mistypes before, and one in twenty asks what
    fits and for a page of its own. Those before the last are counted, and these come by requests.
    """
    settings.TRUSTED_PROXIES = 1
    word = "snow-lilac-lamp-7"
    known = {"password": make_password(word), "factor_offered_at": clock.now()}
    people = User.objects.bulk_create(
        User(email=f"person{n}@firms.example", name="三上 遥", **known) for n in range(LAST)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True)
        for person in people
    )
    limits.spend(request_of(), limits.SIGN_INS, (RUSH - LAST) * 11 // 10)
    limits.spend(request_of(), limits.GUESSES_OF_ADDRESS, (RUSH - LAST) // 10)
    said = Counter[tuple[str, int]]()
    here = {"X-Forwarded-For": "198.51.100.1, 203.0.113.50", "X-Forwarded-Proto": "https"}
    for n, person in enumerate(people):
        client = Client(headers=here)
        typed = {"login": person.email, "password": word}
        if n % 10 == 0:
            wrong = typed | {"password": "wrong-password-1"}
            said["mistyped", client.post("/accounts/login/", wrong).status_code] += 1
        said["came in", client.post("/accounts/login/", typed).status_code] += 1
        if n % 20 == 0:
            said["looked", client.get("/programmes/", {"q": "補助"}).status_code] += 1
            said["own", client.get("/my/").status_code] += 1
    assert said == {
        ("mistyped", 200): LAST // 10,
        ("came in", 302): LAST,
        ("looked", 200): LAST // 20,
        ("own", 200): LAST // 20,
    }


def test_closing_day_behind_one_proxy(world: World, settings: Settings) -> None:
    """As many people of one address: each signs in once, and does what it takes, in half an hour."""
    settings.TRUSTED_PROXIES = 1
    began = clock.now()
    for n in range(PEOPLE):
        with clock.at(began + timedelta(seconds=n * HOUR / 2 / PEOPLE)):
            person = User(pk=10_000_000 + n)
            for limit, times in (
                (limits.SIGN_INS, 2),
                (limits.SIGN_UPS, 1),
                (limits.KEYS, 1),
                (limits.DRAFTS, 1),
                (limits.UPLOADS, 12),
                (limits.ORGANISATIONS, 2),
                (limits.MESSAGES, 1),
                (limits.SEARCHES, 5),
                (limits.CHECKS, 3),
                (limits.PAPERS, 2),
            ):
                limits.spend(request_of(person), limit, times)
            if n % 10 == 0:  # who mistypes
                limits.spend(request_of(), limits.GUESSES_OF_ADDRESS)
