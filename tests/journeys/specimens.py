"""What stands for the capitals of pages.PAGES: a small fictitious year, and one specimen of each kind in it."""

from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.core.management import call_command

from grants.applications import amending, correcting, many
from grants.applications.check_ledger import Inquiry
from grants.applications.extensions import ExtensionRequest
from grants.applications.inquiring import ADDRESSEE, ORDINANCE
from grants.applications.models import Application, Defect, Section
from grants.applications.versions import LatePaper
from grants.awards.models import Award
from grants.budget.calls import make_lines
from grants.budget.models import BudgetLine
from grants.completion import cutting
from grants.completion.models import CompletionReport
from grants.fitting import keeping
from grants.followup import filing
from grants.followup.models import Asset, Filing
from grants.payments import checking, results
from grants.payments.accounts import BankAccount
from grants.payments.models import Payment, PaymentBatch
from grants.payments.paying import make_batch, next_pay_day
from grants.programmes import outages
from grants.programmes.models import Call, IntakePeriod, Outage, Programme, Sketch
from grants.recovery import collecting
from grants.recovery.models import Recovery
from grants.reviews.models import Review, ReviewPanel, SelectionRecord
from grants.seats.models import Enrolment
from portal import clock
from portal.accounts import demo, people
from portal.accounts.models import FactorRemoval, Organisation, User
from portal.accounts.people import secret_hash
from portal.approvals.models import Approval
from portal.bulk import planning
from portal.bulk.models import Bulk, Outcome
from portal.cases.models import Case, Turn
from portal.closures import entering
from portal.closures.entering import Wanted
from portal.closures.models import Closure
from portal.correspondence import own_calendar, stopping
from portal.correspondence.models import Mail, Message
from portal.disposals.models import Disposal
from portal.documents.models import Document as StoredDocument
from portal.documents.models import StoredFile
from portal.firms.models import FirmClaim
from portal.notices.models import Notice
from portal.privacy.asking import draft, make
from portal.privacy.models import DataRequest
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.workflow.door import begin, defer, perform
from portal.workflow.drafts import keep
from reports.disclosure.binding import prepare
from reports.disclosure.receiving import receive
from reports.statistics.models import Release
from startups.challenges.models import Challenge, Question
from startups.concierge.models import Consultation
from startups.matching.models import Match
from startups.pilots.models import Booking, Evaluation, Incident, Indicator, Pilot, Reading
from startups.rollouts.models import Rollout, UseAnswer
from tests.attached import attached
from tests.conftest import draw_files
from tests.jobs import ended
from tools.demonstration.people import address, known_as
from tools.demonstration.rooms import budget, followup
from tools.demonstration.rooms import challenges as asking
from tools.demonstration.simulation import firms

# (application, name) → the number of its case, whose person signs in by the name from now on
Named = Callable[[Application, str], str]
NOT_SUBSIDIES = ("open_innovation", "pilot_support", "ai_training")


def people_the_year() -> None:
    """A sign-in for each of the year's people, and a job that failed."""
    call_command("make_demo_people")
    defer("send_mail", mail_id=0)
    ended("send_mail", "failed")


def _closure() -> Closure:
    """Proposed, over the deadline that runs out last, so that its page has something to say."""
    day = Turn.objects.filter(side="office", due_on__gte=clock.today()).latest("due_on").due_on
    return entering.propose(
        Wanted(
            municipality=Municipality.objects.get(pk=SAPPORO),
            starts_on=day or clock.today(),
            ends_on=day or clock.today(),
            reason="庁舎の停電",
        ),
        by=demo.accounts().get(email=address("kitagawa")),
    )


def _outage() -> Outage:
    """Proposed, in the hours before the last closing moment that has passed."""
    until = IntakePeriod.objects.filter(closes_at__lt=clock.now()).latest("closes_at").closes_at
    with clock.at(until):
        return outages.propose(
            outages.Wanted(
                since=until - timedelta(hours=1),
                until=until,
                reason="データベースの障害のため。",
                known_by="警報",
            ),
            by=demo.accounts().get(email=address("kitagawa")),
        )


def _bulk(*cases: Case, done: bool = False) -> Bulk:
    """A return of several cases with one remark, planned or done; one of them cannot be returned."""
    officer = demo.accounts().get(email=address("kitagawa"))
    plan = planning.plan(officer, "return", many.RETURN, cases, "/inbox/?tab=mine")
    if done:
        plan.rows.update(outcome=Outcome.REFUSED, at=clock.now())
        plan.started_at = plan.ended_at = clock.now()
        plan.save()
    return plan


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
    firms.prove(firm, user, 2)
    draft = begin(Application, by=user, call=call, organisation=firm)
    return {
        "SEATS": call.code,
        "COURSE": str(unasked.application.call_id),
        "SEATED": person(unasked.application, "seated"),
        "SURVEY": str(unasked.pk),
        "SEATING": draft.case.number,
    }


def _amending(*, beside: Application) -> Application:
    """Handed in, with a paper that is to follow, and being written anew: where there is one, within its
    intake.
    """
    rows = Application.objects.filter(state="submitted", corrected_at=None, case__on_paper=False)
    rows = rows.exclude(call__programme__code__in=NOT_SUBSIDIES).exclude(pk=beside.pk)
    sorted_rows = list(rows.order_by("-arrived_at"))
    found = next((row for row in sorted_rows if not amending.refusals(row)), sorted_rows[0])
    Application.objects.filter(pk=found.pk).update(amending_since=clock.now())
    sent = set(found.case.documents.values_list("key", flat=True))
    keys = sorted((wanted.key for wanted in found.stated.documents), key=sent.__contains__)
    LatePaper.objects.get_or_create(
        application=found, key=keys[0], defaults={"until": clock.today()}
    )
    return rows.get(pk=found.pk)


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
    asking = (
        Application.objects.filter(state="returned")
        .exclude(pk=returned.pk)
        .exclude(call__programme__code__in=NOT_SUBSIDIES)[0]
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
    anew = _amending(beside=submitted)
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
    mikami = demo.accounts().get(email=address("mikami"))
    keeping.keep(mikami, {"q": "在宅勤務"})
    own_calendar.renew(mikami)
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
        | _lost_factors()
        | _contacts(submitted.case)
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
            "UNPROVED": str(Organisation.objects.filter(proved_how="")[0].pk),
            "CLAIM": str(FirmClaim.objects.get().pk),
            "FIRM": str(award.case.organisation_id),
            **_people_of(award.case.organisation),
            "AWARDED": award.case.number,
            "DRAFT": person(other, "drafter"),
            "SUBMITTED": submitted.case.number,
            "ACCEPTED": first("accepted").case.number,
            "RETURNED": person(returned, "corrector"),
            "ASKING": person(asking, "delayed"),
            "AMENDING": person(anew, "amender"),
            "EXTENSION": str(_extension(asking).pk),
            "REJECTED": person(first("rejected"), "refused"),
            "DOCUMENT": str(submitted.case.documents.all()[0].pk),
            "APPROVAL": str(Approval.objects.all()[0].pk),
            "SENT_BACK": str(_sent_back(beside=submitted).pk),
            "LETTERS": str(_circulated(beside=submitted).pk),
            **_attached(beside=submitted),
            "APPLICATION": str(submitted.pk),
            "BULK": str(_bulk(submitted.case, returned.case).pk),
            "DONE_BULK": str(_bulk(submitted.case, returned.case, done=True).pk),
            "SELF": str(award.application_id),
            "REVIEWER": review.reviewer.email.split("@")[0],
            "REVIEW": str(review.pk),
            "OPENER": waiting.reviewer.email.split("@")[0],
            "OPEN": str(waiting.pk),
            "PANEL": str(panel.pk),
            "PAPER": paper.case.number,
            "ATTEMPT": str(attempt.pk),
            "ASKED": _own_request().number,
            "INQUIRY": str(_asked(submitted).pk),
            "COMPETITIVE": str(panel.call_id),
            "SELECTION": str(SelectionRecord.objects.all()[0].pk),
            "FIRSTCOME": str(calls.filter(programme__code="telework")[0].pk),
            "EMPTY": str((Call.objects.filter(applications__isnull=True).first() or calls[0]).pk),
            "CLOSING": str(Call.objects.filter(state="announced", listed=True)[0].pk),
            "BEGUN_CALL": str(_begun(panel.call).pk),
            "PROGRAMME": str(panel.call.programme_id),
            "SKETCH": str(_sketched(panel.call.programme).pk),
            "BEGUN_SKETCH": str(_sketched_anew().pk),
            "RELEASE": Release.objects.current()[0].number,
            "LINE": str(BudgetLine.objects.all()[0].pk),
            "MONEY": str(_classified().pk),
            "CLOSURE": str(_closure().pk),
            "OUTAGE": str(_outage().pk),
            "nobody": newcomer.email.split("@")[0],
        }
    )


def _people_of(firm: Organisation) -> dict[str, str]:
    """Who belongs to a firm, and who acts for it."""
    owner = firm.memberships.get(role="representative", left_at=None)
    joined = User.objects.create_user(address("joined"), None, name="同僚　一郎")
    today = clock.today()
    mandate = people.delegate(
        firm, adviser=joined, by=owner.user, starts_on=today, ends_on=today + timedelta(days=90)
    )
    return {
        "OWNER": str(owner.pk),
        "ROLE": str(User.objects.get(email__startswith="kanri2@").staff_roles.get().pk),
        "MEMBER": str(firm.memberships.create(user=joined, role="member").pk),
        "MANDATE": str(mandate.pk),
        "INVITED": people.invite(
            firm,
            email=joined.email,
            role="adviser",
            by=owner.user,
            ends_on=today + timedelta(days=90),
        ),
    }


def _lost_factors() -> dict[str, str]:
    """A removal that its owner may stop, and one that was stopped: the secrets of their links."""
    staff = {known_as(user): user for user in demo.accounts()}
    for secret, person, outcome in (
        ("waiting-secret", "officer", ""),
        ("stopped-secret", "approver", "stopped"),
    ):
        FactorRemoval.objects.create(
            person=staff[person],
            how="card",
            ground="本庁の窓口で、職員証と顔を見比べた。携帯電話をなくしたとのこと。",
            proposed_by=staff["second_administrator"],
            waits_until=clock.now(),
            stop_hash=secret_hash(secret),
            outcome=outcome,
            closed_by=staff["administrator"] if outcome else None,
            closed_at=clock.now() if outcome else None,
        )
    return {"OBJECTING": "waiting-secret", "OBJECTED": "stopped-secret"}


def _contacts(case: Case) -> dict[str, str]:
    """The links of two contacts of a case, the second of whom wants no more mails."""
    links = {}
    for name in ("STOPPING", "NOMORE"):
        address = f"{name.lower()}@firms.example"
        mail = Mail.objects.create(case=case, address=address, subject="受け付けました")
        links[name] = stopping.address_for(case, address).split("/")[-2]
    stopping.stop([mail])
    mail.state, mail.answer, mail.unreached_at = Mail.UNREACHED, "5.1.1", clock.now()
    mail.save()
    return links


def _classified() -> BudgetLine:
    """A line in yen with its 予算科目."""
    line = BudgetLine.objects.filter(unit="yen")[0]
    staff = {known_as(user): user for user in demo.accounts()}
    said = budget.classification("telework")
    budget.classify(line, said, staff)
    return line


def _sketched(programme: Programme) -> Sketch:
    staff = {known_as(user): user for user in demo.accounts()}
    return begin(Sketch, by=staff["officer"], base=programme, seen=programme.version)


def _sketched_anew() -> Sketch:
    """Of a programme that there was not, of which hardly anything is written."""
    staff = {known_as(user): user for user in demo.accounts()}
    text = 'code = "robot"\n'
    return begin(
        Sketch, by=staff["officer"], code="robot", text=text, municipality_codes=["011002"]
    )


def _begun(like: Call) -> Call:
    """A call that is not announced, and not approved either."""
    staff = {known_as(user): user for user in demo.accounts()}
    call = begin(
        Call,
        by=staff["officer"],
        programme=like.programme.in_force,
        fiscal_year=like.fiscal_year,
        round_no=9,
        periods=[(p.opens_at, p.closes_at) for p in like.periods.all()],
        decision_on=like.decision_on,
        project_ends_on=like.project_ends_on,
    )
    frames = call.stated.frames
    make_lines(call, [(f.key, "yen", f.budget or 1) for f in frames], by=staff["officer"])
    return call


def _own_request() -> DataRequest:
    """Of mikami about their own data, drafted."""
    person = demo.accounts().get(email=address("mikami"))
    made = make(kind="correct", about="役員の名簿", wanted="住所が古い", by=person)
    officer = demo.accounts().get(email=address("kitagawa"))
    return draft(made, outcome="part", reason="提出の後の変更のため", by=officer)


def _extension(application: Application) -> ExtensionRequest:
    """Its firm cannot make the day of the correction, and waits for an answer."""
    return begin(
        ExtensionRequest,
        by=application.case.organisation.memberships.order_by("pk")[0].user,
        application=application,
        asked_until=max(clock.today(), application.correct_by or clock.today())
        + timedelta(days=10),
        reason="納税証明書の発行に2週間かかると言われたため。",
    )


def _asked(application: Application) -> Inquiry:
    """The police are asked about its officers, and have not answered."""
    return Inquiry.objects.create(
        application=application,
        addressee=ADDRESSEE,
        ordinance=ORDINANCE,
        people=2,
        sent_by=demo.accounts().get(email=address("kitagawa")),
    )


def _sent_back(*, beside: Application, nth: int = 1) -> Approval:
    """A draft that came back to kitagawa; its reason is still to be written."""
    approval = _circulated(beside=beside, nth=nth, reason="")
    by = approval.steps.get().person
    return perform(approval, "send_back", by=by, reason="理由を書いてください。")


def _attached(*, beside: Application) -> dict[str, str]:
    """A draft of kitagawa's with a file."""
    approval = _sent_back(beside=beside, nth=2)
    row = attached(approval, by=approval.drafted_by)
    return {"ATTACHED": str(approval.pk), "ATTACHMENT": str(row.pk)}


def _circulated(*, beside: Application, nth: int = 0, reason: str = "要件外のため。") -> Approval:
    """A draft of kitagawa's on its way to the director."""
    staff = {known_as(user): user for user in demo.accounts()}
    submitted = Application.objects.filter(state="submitted").exclude(pk=beside.pk)
    application = submitted.exclude(call__programme__code__in=NOT_SUBSIDIES).order_by("-pk")[nth]
    approval = begin(
        Approval,
        by=staff["officer"],
        act="declare_inadmissible",
        title="却下（1件）",
        note="要件を満たしません。",
        rows=[(application, {"reason": reason})],
        steps=[("decide", staff["director"])],
    )
    return perform(approval, "circulate", by=staff["officer"])


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
            application__call__programme__code__in=NOT_SUBSIDIES
        ).exclude(
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
    staff = {known_as(user): user for user in demo.accounts()}
    recovery = Recovery.objects.get(award=revoked)
    receipt = collecting.receive(
        recovery, amount=1_000, paid_on=clock.today(), by=staff["accountant"]
    )
    ready = perform(
        make_batch(staff["treasurer"], pay_on=next_pay_day(), payments=[waiting]),
        "lock",
        by=staff["treasurer"],
    )
    accounting = staff["accounting_officer"]
    checking.clear(ready, list(ready.payments.all()), by=accounting)
    ready = perform(ready, "export", by=accounting)
    handed, doubted = PaymentBatch.objects.filter(state="locked").order_by("pk")[:2]
    doubtful = doubted.payments.get()
    perform(
        doubtful,
        "send_back",
        by=accounting,
        doubts=["complete"],
        reason="検査調書の写しが添えられていません。",
    )
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
        columns=results.standard(),
        report=[[2, "paid", ""], [3, "wrong", "この振込データに99行目はありません。"]],
    )
    unread = ready.imports.create(
        name="とても長い名前の銀行の結果のファイル_令和8年度_第3回.csv",
        text="明細番号,銀行,店番,口番,振込金額,処理結果\n1,0116,101,1234567,280000,0\n",
        total=0,
        started_by=staff["accountant"],
    )
    cut = cutting.cut(
        report("submitted").completion_report,
        by=staff["officer"],
        item="1",
        amount=1_000,
        cite="要綱 第4条",
        reason="送料は対象外です",
    )
    used = _followed_up(paid)
    _over()
    return used | {
        "ACTIVE": person(running.application, "reporter"),
        "PAID": paid.case.number,
        **_disclosed(paid.case, staff["officer"]),
        "REVOKED": person(revoked.application, "debtor"),
        "MENDING": person(report("returned").application, "mender"),
        "MENDED": str(report("returned").completion_report.pk),
        "BLANK": person(blank.application, "starter"),
        "REPORTED": report("submitted").case.number,
        "REPORT": str(report("submitted").completion_report.pk),
        "CUT": str(cut.pk),
        "INSPECTED": report("inspected").case.number,
        "PAID_AWARD": str(paid.pk),
        "PAYEE": str(paid.case.organisation_id),
        "payee": person(paid.application, "payee") and "payee",
        "FIXED": person(fixed.application, "claimant"),
        "BATCH": str(sent.pk),
        "SENT": str(ready.pk),
        "HANDED": str(handed.pk),
        "ORDER": str(handed.payments.get().pk),
        "ORDER_CLAIM": str(handed.payments.get().claim_id),
        "RETURNED_ORDER": doubtful.case.number,
        "RESULT": str(taken.pk),
        "UNREAD": str(unread.pk),
        "RECOVERY": str(recovery.pk),
        # sent as it is, its form books the whole debt
        "SETTLED": str(Recovery.objects.exclude(pk=recovery.pk)[0].pk),
        "RECEIPT": str(receipt.pk),
    }


def _over() -> None:
    """Records whose time is over: the year holds none that are old enough."""
    for case in Case.objects.filter(application__state="withdrawn", disposal=None)[:2]:
        begin(Disposal, by=User.objects.system(), case=case, kept_until=clock.today())


def _disclosed(case: Case, officer: User) -> dict[str, str]:
    """A request for disclosure, and a file of it whose pages can be looked at."""
    draw_files(case)
    row = receive(
        case,
        by=officer,
        request_number="札総請第12号",
        asked="交付の決定に関する文書",
        received_on=clock.today(),
    )
    drawn = [
        n
        for n, file in enumerate(row.files)
        if file["file"] and not StoredFile.objects.get(pk=file["file"]).is_being_drawn
    ]
    prepare(row, drawn[0])
    return {"DISCLOSURE": row.number, "SHEET": str(drawn[0])}


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
        others = (
            Award.objects.select_related(
                "application__call", "case__organisation", "completion_report"
            )
            .filter(state="closed")
            .exclude(pk=award.pk)
        )
        other, due = next(
            (other, row)
            for other in others
            for row in filing.still_wanted(other, list(other.filings.all()))
            if row.kind == "effect"
        )
        staff = {known_as(user): user for user in demo.accounts()}
        read = followup.file(staff, other, due, clock.now(), accepted=False)
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
