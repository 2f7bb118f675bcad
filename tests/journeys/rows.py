"""Rows that addresses name beside their case: what waits for a second person, and parts of what is handed in."""

from datetime import timedelta

from allauth.mfa.totp.internal.auth import TOTP

from grants.applications.versions import LatePaper
from grants.awards.models import Award
from grants.budget import changes, classifying, owing
from grants.budget.models import BudgetLine
from grants.completion import cutting
from grants.completion.inspecting import KEY
from grants.completion.models import CompletionReport
from grants.completion.reporting import EVIDENCE
from grants.fitting import keeping
from grants.followup.models import Asset, Filing
from grants.payments import bank_words
from grants.programmes.finding import adding
from grants.programmes.models import Call
from portal import clock
from portal.accounts import absences, duty_exceptions, lost_factors, people, roles
from portal.accounts.models import Invitation, Organisation, User
from portal.approvals import rules
from portal.approvals.ruling import Rule
from portal.cases.models import Case
from portal.correspondence.models import Mail
from portal.privacy import asking
from portal.registry.models import Municipality
from portal.workflow import duties
from portal.workflow.door import begin, perform
from reports.disclosure import tables
from reports.disclosure.grounds import SHIPPED
from startups.challenges.models import Challenge
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.grants.test_completion import awarded, reported
from tests.grants.test_corrections import returned
from tests.grants.test_followup import asked_disposal
from tests.startups.test_pilots import accepted as agreed_matches
from tools.demonstration.rooms import budget
from tools.demonstration.simulation import paper
from tools.demonstration.simulation.files import attach

MONTH = timedelta(days=30)
CITY, EBETSU = "011002", "012173"


def proposals(world: World, line: BudgetLine) -> dict[str, str]:
    """What one person of the office proposed and another confirms."""
    administrator, soon = world.staff["administrator"], clock.today() + MONTH
    city = Municipality.objects.get(pk=CITY)
    member = world.people["member"]
    TOTP.activate(member, "A" * 32)
    role = roles.propose(
        world.staff["spare_reviewer"], "reviewer", by=administrator, starts_on=soon
    )
    removal = lost_factors.propose(member, how="counter", ground="x", by=world.officer)
    rule = rules.propose(city, [Rule("", None, "section_chief")], by=administrator)
    ground = tables.propose(city, SHIPPED, soon, by=administrator)
    deputy = absences.name(world.approver, "approver", world.director, by=administrator)
    change = changes.propose(
        line, "appropriation", 1_000, by=world.staff["accountant"], note="補正予算"
    )
    exception = duty_exceptions.propose(
        Municipality.objects.get(pk=EBETSU),
        list(duties.may_be_excepted())[:1],
        ground="x",
        starts_on=clock.today(),
        ends_on=soon,
        by=administrator,
    )
    placed = classifying.propose(
        line,
        budget.classification(line.programme_code),
        by=world.staff["accountant"],
        whole_call=False,
    )
    debt = owing.propose(
        line.call.programme,
        fiscal_year=line.fiscal_year,
        spent_in=line.fiscal_year + 1,
        limit_amount=1_000,
        ground="x",
        by=world.staff["accountant"],
    )
    return {
        "duty_exception": str(exception.pk),
        "role_proposal": str(role.pk),
        "factor_removal": str(removal.pk),
        "rule": str(rule.pk),
        "ground": str(ground.pk),
        "search_word": str(adding.add("サブスク", "digitalisation", by=world.officer).pk),
        "deputy": str(deputy.pk),
        "budget_change": str(change.pk),
        "classification": str(placed.pk),
        "debt": str(debt.pk),
    }


def own(world: World) -> dict[str, str]:
    """What somebody of the office keeps for themself."""
    officer, first = world.officer, clock.today() + 2 * MONTH
    absence = absences.enter(officer, starts_on=first, ends_on=first, by=officer)
    view = officer.saved_views.create(page="inbox", name="x", query="")
    return {
        "role": str(officer.staff_roles.get().pk),
        "absence": str(absence.pk),
        "list_view": str(view.pk),
        "search": str(keeping.keep(officer, {"q": "在宅勤務"}).pk),
    }


def answered(world: World, person: User) -> dict[str, str]:
    """A request about one's own data with its answer."""
    request = asking.make(kind="disclose", about="x", wanted="", by=person)
    request = asking.draft(request, outcome="whole", reason="", by=world.officer)
    return {
        "answered_request": asking.decide(
            request, by=world.director, seen=request.draft_print
        ).number
    }


def people_of(world: World, firm: Organisation, owner: User) -> dict[str, str]:
    """Who belongs to the firm, who acts for it, and who is invited."""
    today = clock.today()
    member = firm.memberships.create(user=world.people["member"], role="member")
    delegation = people.delegate(
        firm, adviser=world.people["adviser"], by=owner, starts_on=today, ends_on=today + MONTH
    )
    secret = people.invite(firm, email="invited@firms.example", role="member", by=owner)
    invitation = Invitation.objects.get(organisation=firm)
    return {
        "firm_member": f"{firm.pk}/members/{member.pk}/end",
        "firm_person": f"{firm.pk}/members/{member.pk}/letter",
        "firm_pair": f"{firm.pk}/namesakes/{firm.pk}",
        "firm_delegation": f"{firm.pk}/delegations/{delegation.pk}/end",
        "invited": secret,
        "invited_accept": f"{secret}/accept",
        "firm_invitation": f"{firm.pk}/invitations/{invitation.pk}/take-back",
    }


def remarked(world: World, firm: Organisation) -> dict[str, str]:
    """An application that was sent back with a remark, and has promised a paper."""
    application = returned(world, "plan.title")[0]
    case = application.case
    case.organisation = firm
    case.save()
    LatePaper.objects.create(application=application, key="quote", until=clock.today() + MONTH)
    return {
        "late": case.number,
        "late_one": f"{case.number}/papers/quote/set-aside",
        "late_move": f"{case.number}/papers/quote/later",
        "remark": f"{case.number}/remarks/1",
        "extension": case.number,
        "defect": f"{case.number}/defects/1/resolve",
    }


def sent_back(world: World, firm: Organisation) -> dict[str, str]:
    """A report that is to be corrected by a day."""
    award, person = awarded(world)
    perform(
        reported(world, award, person),
        "return_for_correction",
        by=world.officer,
        reason="x",
        correct_by=clock.today() + MONTH,
    )
    award.case.organisation = firm
    award.case.save()
    return {"returned_report": award.case.number}


def handed_in(world: World) -> dict[str, str]:
    """A report that is looked at, with a cut and a photograph of the inspection."""
    award, person = awarded(world)
    report = reported(world, award, person)
    made = cutting.cut(report, by=world.officer, item="1", amount=1, cite="x", reason="x")
    inspector = world.staff["inspector"]
    photograph = attach(
        award.case, key=KEY, name="検査.pdf", data=paper("検査"), by=inspector, internal=True
    )
    number = award.case.number
    return {
        "handed_in": number,
        "cut": f"{number}/report/cuts/1",
        "recut": f"{number}/report/cuts/{made.pk}/anew",
        "uncut": f"{number}/report/uncut/{made.pk}",
        "inspection_autosave": f"{number}/report/inspection/autosave",
        "inspection_remove": f"{number}/report/inspection/{photograph.pk}/remove",
    }


def drafted(report: CompletionReport, filing: Filing, person: User) -> dict[str, str]:
    """Papers of what is not handed in yet."""
    evidence = attached(report.award, f"{EVIDENCE}1", person)
    filed = attached(filing.award, f"filing_{filing.pk}", person)
    return {
        "report_document": f"{report.case.number}/report/documents/{evidence}/remove",
        "filing_remove": f"{filing.case.number}/filings/documents/{filed}/remove",
    }


def attached(award: Award, key: str, person: User) -> int:
    return attach(award.case, key=key, name="x.pdf", data=paper(key), by=person).pk


def refused(world: World) -> dict[str, str]:
    """A batch of transfers that the bank refused whole, with its word; and one about a transfer."""
    award, person = payments.fixed(world)
    payments.account(world, person)
    payment = payments.ordered(world, award, person)
    batch = payments.batched(world, payment)
    word = bank_words.keep(payment, ("x.pdf", b"%PDF-"), by=world.staff["accounting_officer"])
    perform(batch, "ask_void", by=world.staff["accounting_officer"], **payments.REFUSED_WHOLE)
    return {"refused": str(batch.pk), "word": str(word.pk)}


def asked(world: World, award: Award, person: User) -> dict[str, str]:
    """What is asked about an asset, and lies with the office."""
    asset = Asset.objects.create(
        award=award, item=2, name="机", cost=420_000, acquired_on=award.awarded_on, life_years=4
    )
    filing = asked_disposal(world, person, asset)
    return {"asked": f"{award.case.number}/filings/{filing.pk}/check"}


def startups(world: World, call: Call) -> dict[str, str]:
    """A challenge that is being written, and a proposal agreed to but not begun."""
    planned = begin(Challenge, by=world.staff["owner"], call=call, municipality_codes=[CITY])
    match = agreed_matches(world)[0]
    return {
        "planned": planned.number,
        "agreed": f"{match.case.number}/pilots/{match.challenge.number}/start",
    }


def came_back(case: Case, person: User) -> Mail:
    """A mail to an applicant that a mail server gave back."""
    return Mail.objects.create(
        case=case,
        to=person,
        address=person.email,
        subject="市から連絡が届きました",
        state=Mail.UNREACHED,
        answer="5.1.1",
        unreached_at=clock.now(),
    )
