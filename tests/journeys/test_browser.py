"""Journeys in a real browser, with JavaScript and without, and axe on every named page in each of its states."""

import hashlib
import random
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client
from moto.server import ThreadedMotoServer
from pytest_django import Settings

from grants.applications import correcting
from grants.applications.models import Application, Defect, Section
from grants.awards.models import Award
from grants.budget.models import BudgetLine
from grants.completion.models import CompletionReport
from grants.followup import filing
from grants.followup.models import Asset, Filing
from grants.payments.accounts import BankAccount
from grants.payments.models import Payment, PaymentBatch
from grants.payments.paying import make_batch, next_pay_day
from grants.programmes.models import Call
from grants.recovery.models import Recovery
from grants.reviews.models import Review, ReviewPanel
from grants.seats.models import Enrolment
from portal import clock
from portal.accounts import demo
from portal.accounts.models import Organisation, User
from portal.approvals.models import Approval
from portal.cases.models import Case
from portal.correspondence.models import Message
from portal.documents import store
from portal.documents.models import Document as StoredDocument
from portal.notices.models import Notice
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.typed import keep
from reports.statistics.models import Release
from startups.challenges.models import Challenge, Question
from startups.concierge.models import Consultation
from startups.matching.models import Match
from startups.pilots.models import Booking, Evaluation, Incident, Indicator, Pilot, Reading
from startups.rollouts.models import Rollout, UseAnswer
from tests.architecture.test_house import FLOORS, routes
from tests.journeys import browser as driver
from tests.journeys.browser import Visit
from tests.journeys.pages import NO_PAGE, PAGES
from tools.demonstration import simulation, year
from tools.demonstration.people import address
from tools.demonstration.rooms import challenges as asking
from tools.demonstration.rooms import followup

pytestmark = driver.needs_browser


def people_the_world() -> None:
    """A small year, and a sign-in for each of its people."""
    year.run(60, 3)
    call_command("make_demo_people")


def apply(firm: driver.Visitor, sample: Path, title: str) -> str:
    """From the public list to the receipt, as the representative; returns the case number."""
    firm.go("/programmes/?q=テレワーク&open=on")
    firm.page.locator(".call__name a").first.click()
    firm.follow("申請する")
    firm.press("始める")
    number = firm.page.url.rstrip("/").rsplit("/", 1)[-1]
    firm.go(f"/apply/{number}/organisation/")
    firm.page.locator("input[name=has_sapporo_office][value=yes]").check()
    firm.press("保存して次へ")
    firm.fill(
        {
            "#id_name": "三上 健一",
            "#id_phone": "０１１－０００－０００１",
            "#id_email": address("representative"),
        }
    )
    firm.press("保存して次へ")
    firm.fill(
        {
            "#id_p-0-name": "三上 健一",
            "#id_p-0-kana": "みかみ けんいち",
            "#id_p-0-address": "札幌市",
        }
    )
    for part, value in zip("ymd", ("1970", "4", "1"), strict=True):
        firm.page.locator(f"[name=p-0-born_on_{part}]").fill(value)
    firm.page.locator("[name=p-0-sex]").select_option("X")
    firm.press("保存して次へ")
    for name, value in (("tax_paid", "yes"), ("no_antisocial", "yes"), ("received_before", "no")):
        firm.page.locator(f"input[name={name}][value={value}]").check()
    firm.press("保存して次へ")
    firm.fill(
        {
            "#id_title": title,
            "#id_q_purpose": "通勤の負担を減らす",
            "#id_q_plan": "端末と勤怠の仕組みを入れる",
            "#id_q_people": "３",
        }
    )
    firm.press("保存して次へ")
    day = Application.objects.get(case__number=number).call.project_ends_on
    firm.page.locator("input[name=frame][value=standard]").check()
    firm.fill({"#id_item-0-what": "ノートパソコン 3台", "#id_item-0-amount": "４２０，０００"})
    for part, number_of in zip("ymd", (day.year, day.month, day.day), strict=True):
        firm.page.locator(f"[name=item-0-order_on_{part}]").fill(str(number_of))
    firm.press("保存して次へ")
    firm.go(f"/apply/{number}/costs/")
    assert "280,000" in firm.text()
    firm.go(f"/apply/{number}/consent/")
    for name in ("tax_lookup", "registry_lookup"):
        firm.page.locator(f"input[name={name}][value=yes]").check()
    firm.press("保存して次へ")
    firm.attach(str(sample), "quote")
    firm.go(f"/apply/{number}/review/")
    for name in ("truth", "rules", "antisocial"):
        firm.page.locator(f"[name={name}]").check()
    firm.press("申請する")
    assert firm.sees("受付番号")
    return number


def clear(officer: driver.Visitor, number: str) -> None:
    """The officer fills the ledger and accepts."""
    for n in range(5):
        officer.go(f"/cases/{number}/")
        row = officer.page.locator("#ledger tbody tr").nth(n)
        row.locator("input[name=evidence]").fill("照会の回答")
        with officer.page.expect_navigation():
            row.locator("button").click()
    officer.go(f"/cases/{number}/")
    officer.follow("受理する")
    officer.press("受理する")


@pytest.mark.parametrize(
    ("javascript", "language"),
    [(True, "ja"), (False, "ja"), (True, "en")],
    ids=["script", "no-script", "english"],
)
def test_from_the_first_visit_to_the_award(
    visit: Visit, sample: Path, javascript: bool, language: str
) -> None:
    name = f"journey-{language}{int(javascript)}"
    way: Given = {"javascript": javascript, "language": language}
    world = simulation.World(
        random.Random(1),  # noqa: S311  no secret
        {},
        serial=900 + int(javascript) + 2 * (language == "en"),
    )
    _firm, person = simulation.organisation(world)
    person.email = address(name)
    person.save()
    firm = visit(name, **way)
    number = apply(firm, sample, "在宅勤務の導入")
    officer = visit("officer", **way)
    officer.go(f"/cases/{number}/")
    officer.page.locator("details.mark summary").first.click()
    officer.fill({"#cite-1": "要綱 第3条", "#text-1": "登記のとおりの名称にしてください。"})
    with officer.page.expect_navigation():
        officer.page.locator("details.mark form button").first.click()
    officer.go(f"/cases/{number}/")
    officer.follow("補正を依頼する")
    officer.press("補正を依頼する")
    firm.go(f"/cases/{number}/")
    assert "登記のとおりの名称にしてください。" in firm.text()
    firm.follow("直して提出する")
    firm.page.locator(".defect details summary").first.click()
    firm.fill({"#answer-1": "登記のとおりの名称です。"})
    firm.press("答えを保存する")
    firm.go(f"/apply/{number}/review/")
    for field in ("truth", "rules", "antisocial"):
        firm.page.locator(f"[name={field}]").check()
    firm.press("申請する")
    officer.go(f"/cases/{number}/")
    with officer.page.expect_navigation():
        officer.page.locator(f"button:has-text('{officer.say('直ったことにする')}')").click()
    clear(officer, number)
    officer.go(f"/approvals/new/?act=award&case={number}")
    officer.page.locator("#id_decider").select_option(label="佐々木 薫")
    officer.press("起案して回議に回す")
    approval = officer.page.url.rstrip("/").rsplit("/", 1)[-1]
    director = visit("director", **way)
    director.go(f"/approvals/{approval}/")
    director.follow("決裁する")
    director.press("決裁する")
    director.fill(
        {"#id_password": demo.PASSWORD}
    )  # a decision asks once more who it is, then goes on by itself
    with director.page.expect_navigation():
        director.page.locator("main form button").first.click()
    assert director.sees("決裁済み")
    firm.go(f"/cases/{number}/")
    assert firm.sees("交付が決まりました。事業を行い、終わったら実績を報告してください。")
    assert "280,000" in firm.text()
    with firm.page.expect_download() as download:
        firm.page.locator(f"a:has-text('{firm.say('補助金交付決定通知書')}')").first.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")


def test_what_is_typed_is_saved_by_itself_and_a_second_tab_is_told(visit: Visit) -> None:
    case = Case.objects.filter(state="draft", kind="application").first()
    assert case is not None
    person = case.organisation.memberships.order_by("pk")[0].user
    person.email = "typist@demo.example"
    person.save()
    one, two = visit("typist"), visit("typist")
    for tab in (one, two):
        tab.go(f"/apply/{case.number}/contact/")
    one.page.locator("#id_department").fill("総務部")
    one.page.locator("#id_department").press("Tab")
    one.page.wait_for_selector("text=（自動）")
    two.page.locator("#id_department").fill("経理部")
    two.page.locator("#id_department").press("Tab")
    two.page.wait_for_selector("text=先に保存しました")
    two.press("保存して次へ")
    assert "経理部" in two.text()
    assert two.page.locator("#id_department").input_value() == "総務部"


def test_a_file_goes_straight_to_the_storage_from_a_real_browser(
    visit: Visit, sample: Path, s3: ThreadedMotoServer, settings: Settings
) -> None:
    origin = settings.S3_DIRECT_ORIGIN
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": policy | {"connect-src": [*policy["connect-src"], origin]}
    }
    case = Case.objects.filter(state="draft", kind="application").first()
    assert case is not None
    person = case.organisation.memberships.order_by("pk")[0].user
    person.email = "sender@demo.example"
    person.save()
    sender = visit("sender")
    sender.go(f"/apply/{case.number}/documents/")
    sent: list[str] = []
    sender.page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    sender.attach(str(sample), "other")
    assert [line for line in sent if line.startswith(f"POST {origin}")] == [
        f"POST {origin}/documents"
    ]
    document = case.documents.get(key="other", name="見積書.pdf")
    assert document.file.sha256 == hashlib.sha256(sample.read_bytes()).hexdigest()
    store.remove(document, by=person)


def test_a_passkey_is_made_and_opens_the_door(visit: Visit) -> None:
    """Chromium's own authenticator: registered as a second factor, then signed in with, without a password."""
    officer = visit("approver")
    link = officer.context.new_cdp_session(officer.page)
    link.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "automaticPresenceSimulation": True}
    able = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    link.send("WebAuthn.addVirtualAuthenticator", {"options": options | able})
    officer.go("/accounts/2fa/webauthn/add/")
    officer.fill({"#id_password": demo.PASSWORD})
    with officer.page.expect_navigation():
        officer.page.locator("main form button").first.click()
    officer.fill({"#id_name": "執務室の端末"})
    officer.page.locator("#id_passwordless").check()
    with officer.page.expect_navigation():
        officer.page.locator("#mfa_webauthn_add").click()
    assert (
        Authenticator.objects.filter(user__email=address("approver"), type="webauthn").count() == 1
    )
    officer.context.clear_cookies()
    officer.go("/accounts/login/?next=/inbox/")
    with officer.page.expect_navigation():
        officer.page.locator("#passkey_login").click()
    officer.page.wait_for_url("**/inbox/")
    assert "わたしの番" in officer.text()


def test_a_keyboard_reaches_the_content_first(visit: Visit) -> None:
    person = visit()
    person.go("/")
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.activeElement.className") == "skip"
    person.page.keyboard.press("Enter")
    assert person.page.evaluate("document.activeElement.id") == "main"


def test_a_reviewer_declares_and_scores(visit: Visit) -> None:
    review = Review.objects.filter(state="assigned").first()
    assert review is not None
    reviewer = visit(review.reviewer.email.split("@")[0])
    reviewer.go(f"/reviews/{review.pk}/")
    reviewer.follow("利益相反はない")
    reviewer.press("利益相反はない")
    for fieldset in reviewer.page.locator(".score-form fieldset").all():
        fieldset.locator("input[type=radio]").last.check()
    for box in reviewer.page.locator(".score-form textarea").all():
        box.fill("根拠が数字で示されている")
    reviewer.press("採点を提出する")
    assert Review.objects.get(pk=review.pk).total == 100


# (application, name) → the number of its case, whose person signs in by the name from now on
Named = Callable[[Application, str], str]
NOT_SUBSIDIES = ("open_innovation", "pilot_support", "ai_training")


def _pilots() -> dict[str, str]:
    """A pilot at each stage, and roll-outs of the good one."""

    def firm(case: Case, name: str) -> str:
        user = case.organisation.memberships.order_by("pk")[0].user
        user.email = address(name)
        user.save()
        return case.number

    running, preparing = Pilot.objects.get(state="running"), Pilot.objects.get(state="preparing")
    good, stopped = Pilot.objects.get(verdict="adopt"), Pilot.objects.get(state="stopped")
    in_use, considered = (
        Rollout.objects.get(state="in_use"),
        Rollout.objects.get(state="considered"),
    )
    return {
        "RUNNING": firm(running.case, "piloting"),
        "PREPARING": firm(preparing.case, "preparing"),
        "GOOD": firm(good.case, "adopted"),
        "STOPPED": stopped.case.number,
        "TERMS": str(preparing.pk),
        "GATE": str(running.pk),
        "INCIDENT": str(running.incidents.all()[0].pk),
        "MONTH": f"{running.starts_on.year}/{running.starts_on.month}",
        "BOOKING": str(Booking.objects.get(state="asked").pk),
        "INUSE": in_use.case.number,
        "CONSIDERED": considered.case.number,
        "ROLLOUT": str(considered.pk),
    }


def _seats(person: Named) -> dict[str, str]:
    """Last year's course, and a draft to this year's."""
    unasked = Enrolment.objects.filter(state="completed", survey=None).select_related(
        "application__call"
    )[0]
    call = Call.objects.filter(programme__code="ai_training", state="announced").order_by("-pk")[0]
    user, _made = User.objects.get_or_create(
        email="seating@demo.example", defaults={"name": "席 待子"}
    )
    firm = Organisation.objects.create(kind="sole_proprietor", name="席待商店", is_fictitious=True)
    firm.memberships.create(user=user, role="representative", joined_at=clock.now())
    draft = begin(Application, by=user, call=call, organisation=firm)
    return {
        "SEATS": call.code,
        "COURSE": str(unasked.application.call_id),
        "SEATED": person(unasked.application, "seated"),
        "SURVEY": str(unasked.pk),
        "SEATING": draft.case.number,
    }


@cache
def named() -> dict[str, str]:
    """What stands for the capitals of `pages.PAGES` in the served world."""

    def person(application: Application, name: str) -> str:
        user = application.case.organisation.memberships.order_by("pk")[0].user
        user.email = address(name)
        user.save()
        return application.case.number

    def first(state: str, **more: object) -> Application:
        found = (
            Application.objects.filter(state=state, **more)
            .exclude(call__programme__code__in=NOT_SUBSIDIES)
            .select_related("case")
            .order_by("pk")
            .first()
        )
        assert found is not None, state
        return found

    returned = first("returned", correct_by__gte=clock.today())
    for defect in returned.defects.filter(resolved_at=None):
        correcting.answer(
            returned,
            defect.n,
            "説明のとおりです。",
            by=returned.case.organisation.memberships.order_by("pk")[0].user,
        )
    submitted, award = (
        first("submitted"),
        Award.objects.filter(
            case__organisation__memberships__user__email=address("representative")
        )[0],
    )
    review, waiting = (
        Review.objects.exclude(state="assigned")[0],
        Review.objects.filter(state__in=["declared", "reopened"]).first(),
    )
    if waiting is None:
        waiting = perform(
            review := Review.objects.filter(state="assigned")[0], "declare", by=review.reviewer
        )
    panel = ReviewPanel.objects.filter(state="convened").first() or ReviewPanel.objects.all()[0]
    paper = first("draft")
    attempt = paper.attempts.create(
        arrived_at=paper.case.opened_at,
        by=award.case.organisation.memberships.all()[0].user,
        draft_hash="x",
        outcome="failed",
    )
    drafts = Application.objects.filter(state="draft").exclude(
        call__programme__code__in=NOT_SUBSIDIES
    )
    other = drafts.exclude(pk=paper.pk)[0]
    Case.objects.filter(pk=paper.case_id).update(is_draft=False, on_paper=True)
    newcomer, _made = User.objects.get_or_create(
        email="newcomer@demo.example", defaults={"name": "新人"}
    )
    calls = Call.objects.filter(applications__isnull=False).distinct()
    proposals = Application.objects.filter(call__programme__code="open_innovation").order_by("pk")
    proposing, proposed = (
        proposals.filter(state="draft")[0],
        proposals.filter(state="submitted").order_by("-pk")[0],
    )
    asker, _made = User.objects.get_or_create(
        email="asker@demo.example", defaults={"name": "相談 する子"}
    )
    concierge = User.objects.get(email=address("concierge"))
    consulted = begin(
        Consultation,
        by=asker,
        kind="question",
        title="何から始めるか",
        text="受注をFAXから変えたい。",
    )
    consulted = perform(consulted, "answer", by=concierge, text="5社から始めましょう。")
    consulted = perform(
        consulted,
        "hand_over",
        by=concierge,
        call=Call.objects.filter(state="announced")[0],
        text="使えそうな制度です。",
    )
    matching = Match.objects.filter(state="interviewing", slot=None, municipality="011002")[0]
    return (
        _money(person)
        | _challenges()
        | _pilots()
        | _seats(person)
        | {
            "PROPOSING": person(proposing, "proposer"),
            "PROPOSED": person(proposed, "founder"),
            "CONSULTED": consulted.number,
            "CONSULTING": str(Consultation.objects.filter(state="asked")[0].pk),
            "MATCHING": person(matching.application, "matcher"),
            "MATCH": str(matching.pk),
            "MATCHED": Match.objects.filter(state="agreed")[0].case.number,
            "CALL": Call.objects.get(programme__code="telework", round_no=2).code,
            "CODE": Notice.objects.filter(kind="award")[0].code,
            "DECIDED": Call.objects.filter(state="decided")[0].code
            if Call.objects.filter(state="decided")
            else calls[0].code,
            "FIRM": str(award.case.organisation_id),
            "AWARDED": award.case.number,
            "DRAFT": person(other, "drafter"),
            "SUBMITTED": submitted.case.number,
            "RETURNED": person(returned, "corrector"),
            "REJECTED": person(first("rejected"), "refused"),
            "DOCUMENT": str(submitted.case.documents.all()[0].pk),
            "APPROVAL": str(Approval.objects.all()[0].pk),
            "APPLICATION": str(submitted.pk),
            "SELF": str(award.application_id),
            "REVIEWER": review.reviewer.email.split("@")[0],
            "REVIEW": str(review.pk),
            "OPENER": waiting.reviewer.email.split("@")[0],
            "OPEN": str(waiting.pk),
            "PANEL": str(panel.pk),
            "PAPER": paper.case.number,
            "ATTEMPT": str(attempt.pk),
            "COMPETITIVE": str(panel.call_id),
            "FIRSTCOME": str(calls.filter(programme__code="telework")[0].pk),
            "EMPTY": str((Call.objects.filter(applications__isnull=True).first() or calls[0]).pk),
            "PROGRAMME": str(panel.call.programme_id),
            "RELEASE": Release.objects.current()[0].number,
            "LINE": str(BudgetLine.objects.all()[0].pk),
            "nobody": newcomer.email.split("@")[0],
        }
    )


def _challenges() -> dict[str, str]:
    rows = Challenge.objects.order_by("pk")
    asked = rows.filter(questions__isnull=False)[0]
    handed_in = rows.filter(state="coordinating")[0]
    people = {name: User.objects.get(email=address(name)) for name in ("owner", "concierge")}
    twin = asking.handed_in(handed_in.call, people, "owner", asking.PAPERS)
    back = perform(
        twin, "send_back", by=people["concierge"], reason="本格導入の方法を決めてください。"
    )
    return {
        "CHALLENGE": asked.number,
        "QUIET": rows.filter(state="published", questions=None)[0].number,
        "HANDEDIN": handed_in.number,
        "BEGUN": rows.filter(state="draft")[0].number,
        "SENTBACK": back.number,
        "QUESTION": str(asked.questions.all()[0].pk),
    }


def _money(person: Named) -> dict[str, str]:
    """The second half's cases, each at its own point; awards of the present call stand in where the year has none."""

    def award(**more: object) -> Award:
        others = Award.objects.exclude(
            case__organisation__memberships__user__email=address("representative")
        )  # who keeps that name
        found = others.filter(**more).select_related("application", "case").order_by("pk").first()
        assert found is not None, more
        return found

    def report(state: str) -> Award:
        return award(completion_report__state=state, state="active")

    blank = award(state="active", completion_report=None, application__call__round_no=1)
    begin(
        CompletionReport, by=blank.case.organisation.memberships.order_by("pk")[0].user, award=blank
    )
    running = award(state="active", completion_report=None)
    fixed, paid, revoked = (
        award(state="amount_fixed", claims=None),
        award(state="closed", recoveries=None),
        award(state="revoked"),
    )
    sent = PaymentBatch.objects.order_by("pk")[0]
    waiting = Payment.objects.filter(state="ordered", batch=None)[0]
    staff = {user.email.split("@")[0]: user for user in demo.accounts()}
    ready = perform(
        make_batch(staff["treasurer"], pay_on=next_pay_day(), payments=[waiting]),
        "lock",
        by=staff["treasurer"],
    )
    ready = perform(ready, "export", by=staff["accountant"])
    PaymentBatch.objects.filter(pk=ready.pk).update(
        pay_on=clock.today()
    )  # its results are taken from the day of transfer on
    taken = sent.imports.create(
        name="結果.csv",
        text="",
        total=2,
        done=2,
        started_by=staff["accountant"],
        ended_at=sent.made_at,
        report=[[2, "paid", ""], [3, "wrong", "この振込データに99行目はありません。"]],
    )
    used = _followed_up(paid)
    return used | {
        "ACTIVE": person(running.application, "reporter"),
        "PAID": paid.case.number,
        "REVOKED": person(revoked.application, "debtor"),
        "MENDING": person(report("returned").application, "mender"),
        "BLANK": person(blank.application, "starter"),
        "REPORTED": report("submitted").case.number,
        "REPORT": str(report("submitted").completion_report.pk),
        "INSPECTED": report("inspected").case.number,
        "PAYEE": str(paid.case.organisation_id),
        "payee": person(paid.application, "payee") and "payee",
        "FIXED": person(fixed.application, "claimant"),
        "BATCH": str(sent.pk),
        "SENT": str(ready.pk),
        "RESULT": str(taken.pk),
        "RECOVERY": str(Recovery.objects.get(award=revoked).pk),
    }


def _followed_up(award: Award) -> dict[str, str]:
    """A closed award with an asset and each kind of report: fresh, half written, and one of another case for the office."""
    owner = award.case.organisation.memberships.order_by("pk")[0].user
    asset = Asset.objects.create(
        award=award,
        item=9,
        name="業務用サーバー",
        cost=900_000,
        acquired_on=award.awarded_on,
        life_years=5,
    )
    fresh = begin(Filing, by=owner, award=award, kind="use", period=24)
    using = begin(Filing, by=owner, award=award, kind="effect", period=3)
    keep(using, followup.ANSWERS["effect"], seen=using.version)
    disposing = begin(Filing, by=owner, award=award, kind="disposal", asset=asset)
    taxed = begin(Filing, by=owner, award=award, kind="vat")
    read = Filing.objects.filter(kind="effect", state="submitted").exclude(award=award).first()
    if read is None:
        other = (
            Award.objects.select_related(
                "application__call", "case__organisation", "completion_report"
            )
            .filter(state="closed")
            .exclude(pk=award.pk)[0]
        )
        staff = {user.email.split("@")[0]: user for user in demo.accounts()}
        read = followup.file(
            staff,
            other,
            next(
                w
                for w in filing.still_wanted(other, list(other.filings.all()))
                if w.kind == "effect"
            ),
            clock.now(),
            accepted=False,
        )
    twin = award.case.organisation.bank_accounts.get(state="confirmed")
    shared = (
        BankAccount.objects.exclude(organisation=award.case.organisation)
        .filter(state="confirmed")
        .first()
    )
    assert shared is not None
    BankAccount.objects.filter(pk=shared.pk).update(
        bank_code=twin.bank_code, branch_code=twin.branch_code, number=twin.number
    )
    return {
        "SIGNALLED": award.case.number,
        "USED": award.case.number,
        "user": "payee",
        "FRESH": str(fresh.pk),
        "USING": str(using.pk),
        "DISPOSING": str(disposing.pk),
        "TAXED": str(taxed.pk),
        "ASSET": str(asset.pk),
        "READING": str(read.pk),
        "READ": read.case.number,
    }


def lengthen() -> None:
    """Every text that people type, as long as it may be; words without a place to break among them."""
    for organisation in Organisation.objects.all():
        organisation.name = f"{organisation.pk}" + "株式会社長い名前の事業者" * 10
        organisation.address, organisation.kana = "北海道札幌市中央区" * 20, "ナガイ" * 40
        organisation.save()
    User.objects.filter(is_system=False).exclude(email__startswith="newcomer").update(
        office="とても長い名前の部署" * 8
    )
    Case.objects.update(title="Wordwithoutaplacetobreak" * 4 + "とても長い事業の名称" * 10)
    for challenge in Challenge.objects.exclude(content={}):
        challenge.title = challenge.title_en = "とても長い課題の問いかけを" * 6
        long = {
            name: text + "長い説明の文。" * 60
            for name, text in challenge.content.items()
            if name in ("background", "wished", "data_offered", "law", "adoption")
        }
        challenge.content |= long | {"department": "とても長い名前の部署" * 8}
        challenge.save()
    Question.objects.update(
        text="長い質問の文。" * 100 + "x" * 200, shown="長い質問の文。" * 100 + "x" * 200
    )
    for section in Section.objects.filter(key="plan"):
        section.data = {
            name: (value or "") + "長い説明の文。" * 120 for name, value in section.data.items()
        }
        section.save()
    for row in Message.objects.all():
        row.body = "長い連絡の文。" * 200 + "https://example.invalid/" + "x" * 200
        row.save()
    text = "とても長い文章が続きます。" * 40 + "x" * 120
    Pilot.objects.update(
        title="とても長い実証の名称" * 8,
        title_en="Wordwithoutaplacetobreak" * 6,
        summary=text,
        lessons=text,
        gate_text=text,
        terms={part: text for part in ("hypothesis", "plan", "data")},
    )
    Indicator.objects.update(
        name="とても長い指標の名前" * 6,
        unit="とても長い単位とても長い",
        method="長い測り方の説明" * 12,
    )
    Reading.objects.update(note="長い覚え書き" * 16)
    Incident.objects.update(text=text, settled=text)
    Evaluation.objects.update(text=text)
    Booking.objects.update(
        what="とても長い名前の場所" * 8, purpose="長い使いみち" * 40, answer="長い条件" * 60
    )
    Rollout.objects.update(
        department="とても長い名前の部署" * 8,
        specification=text,
        contractor="株式会社長い名前の事業者" * 10,
    )
    UseAnswer.objects.update(text=text)
    Enrolment.objects.update(name="とても長い名前の受講者" * 7, work="とても長い名前の仕事" * 8)
    Approval.objects.update(title="長い件名" * 50, note="長い伺いの文。" * 100)
    StoredDocument.objects.update(name="とても長いファイルの名前" * 8 + ".pdf")
    Defect.objects.update(
        text="直していただきたい所の長い説明。" * 30, part_label="長い部分の名前" * 12
    )


def send_form(person: driver.Visitor, which: int = 0) -> bool:
    """Send one of the page's own forms as it is, proving again who it is where asked; False where there is none."""
    if person.page.locator("main form[method=post]").count() == 0:
        return False
    with person.page.expect_navigation():
        person.page.evaluate(
            f"[...document.querySelectorAll('main form[method=post]')].at({which}).submit()"
        )
    if "/reauthenticate/" in person.page.url:
        person.fill({"#id_password": demo.PASSWORD})
        with person.page.expect_navigation():
            person.page.locator("main form button").first.click()
    return True


def open_all(
    visit: Visit, column: int, prefix: str = "", widths: tuple[int, ...] = (1280, 320)
) -> list[str]:
    """Open every page of one column once, send its form once where the row says so, and say what is wrong at each width."""
    names = named()
    visitors: dict[str, driver.Visitor] = {}
    faults: list[str] = []
    for name, row in PAGES.items():
        if row[column] == "-":
            continue
        text = row[column]
        for key in sorted(names, key=len, reverse=True):
            text = text.replace(key, names[key])
        path, _as, rest = text.partition(" as ")
        who = rest.split(" ")[0] if _as else ""
        path, send = path.split(" ")[0], " !" in text
        if who not in visitors:
            visitors[who] = visit(who, width=widths[0])
        person = visitors[who]
        person.page.set_viewport_size({"width": widths[0], "height": 900})
        answer = person.go(prefix + path)
        if send and not send_form(person, -1 if text.endswith("! last") else 0):
            faults.append(f"{name}: {path} has no form to send")
        if column == FILLED and answer.status != (404 if name == "not found" else 200):
            faults.append(f"{name}: {prefix}{path} answers {answer.status}")
        faults += [
            f"{name}: {prefix}{path} {fault}" for fault in looked_at(person, answer.status, widths)
        ]
    for person in visitors.values():
        person.close()
    return faults


def looked_at(person: driver.Visitor, status: int, widths: tuple[int, ...]) -> list[str]:
    """What is wrong with the page as it stands, at each width."""
    if status >= 500:
        return [str(status)]
    found = []
    for width in widths:
        person.page.set_viewport_size({"width": width, "height": 900})
        if (over := person.sideways()) > 0:
            found.append(f"runs {over}px sideways at {width}")
        found += [f"({width}) {fault}" for fault in person.axe()]
    return found


FILLED, EMPTY, ERROR = 0, 1, 2


@pytest.mark.parametrize("state", [FILLED, EMPTY, ERROR], ids=["filled", "empty", "error"])
def test_axe_finds_nothing_and_nothing_runs_sideways(visit: Visit, state: int) -> None:
    faults = open_all(visit, state)
    assert not faults, "\n".join(faults)


def test_axe_finds_nothing_on_the_english_pages(visit: Visit) -> None:
    faults = open_all(visit, FILLED, "/en", (320,))
    assert not faults, "\n".join(faults)


def test_the_longest_texts_break_nothing(visit: Visit) -> None:
    lengthen()
    faults = open_all(visit, FILLED)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(("width", "language"), [(1280, "ja"), (320, "en")])
def test_a_citizen_finds_what_reached_kiyota_in_three_clicks_without_javascript(
    visit: Visit, width: int, language: str
) -> None:
    """Menu, ward, programme: the sum, the firms that are public, and what came of it."""
    citizen = visit(javascript=False, width=width, language=language)
    citizen.go("/")
    if width == 320:
        citizen.page.locator(".site-footer").get_by_role(
            "link", name=citizen.say("成果と統計")
        ).click()
    else:
        citizen.page.locator("#site-nav").get_by_role(
            "link", name=citizen.say("成果と統計")
        ).click()
    citizen.page.locator("svg.tilemap a[href*='area=011100']").click()
    ward = citizen.page.locator("h1").inner_text()
    programme = citizen.page.locator("table.bars a[href*='programme=']").first
    if programme.count():
        programme.click()
    assert "area=011100" in citizen.page.url
    assert {"ja": "清田区", "en": "Kiyota"}[language] in ward
    assert citizen.sees("そのあと、事業者はどうなったか")
    assert citizen.sees("この数値の確かさ")


def test_the_table_of_pages_names_every_address_of_ours() -> None:
    ours = {
        entry.name
        for _route, entry in routes()
        if entry.callback.__module__.split(".")[0] in FLOORS
    }
    assert ours <= {name.split(" ")[0] for name in PAGES} | NO_PAGE


def test_a_visitor_without_a_session_is_led_to_the_sign_in(db: None, client: Client) -> None:
    assert client.get("/my/")["Location"] == "/accounts/login/?next=/my/"
