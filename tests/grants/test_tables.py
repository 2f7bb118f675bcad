"""State × transition × role, written by hand: who sees which button in which state, of every life cycle."""

from datetime import timedelta

import pytest
from django.test import Client

from grants.applications import submit
from grants.applications.models import Application
from grants.awards import changing
from grants.followup.models import Asset, Filing
from grants.payments import paying
from grants.payments.models import Claim, Payment
from grants.programmes.models import Sketch
from grants.recovery import deferring
from grants.recovery.models import Recovery
from portal import clock
from portal.accounts.models import User
from portal.disposals.models import Disposal
from portal.workflow.door import actions, begin
from portal.workflow.graph import UNBORN, LifeCycle, Spec, life_cycles
from portal.workflow.outgoing import NOTHING
from reports.disclosure.receiving import receive
from reports.statistics.models import Release
from startups.concierge.models import Consultation
from startups.matching.starting import start_matching
from startups.pilots.models import Booking
from tests.conftest import World
from tests.grants import test_call_changes, test_extensions
from tests.grants import test_completion as completion
from tests.grants import test_payments as payments
from tests.grants import test_recovery as recoveries
from tests.grants.test_reviews import convened
from tests.startups.test_pilots import accepted as pilots_of
from tools.demonstration import simulation
from tools.demonstration.rooms import challenges, matching, proposals, seats
from tools.demonstration.rooms import pilots as piloting
from tools.demonstration.rooms import rollouts as adopting

# who may begin, per state, the transitions open to a person ("-" none). Acts and inner transitions are below.
TABLE = {
    #                 representative  member  officer                            approver  reviewer  auditor  outsider
    "draft":        ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "submitted":    ("withdraw",      "-",    "return_for_correction accept",    "-",      "-",      "-",     "-"),
    "returned":     ("withdraw",      "-",    "extend_correction",               "-",      "-",      "-",     "-"),
    "accepted":     ("withdraw",      "-",    "-",                               "-",      "-",      "-",     "-"),
    "under_review": ("withdraw",      "-",    "-",                               "-",      "-",      "-",     "-"),
    "reviewed":     ("withdraw",      "-",    "-",                               "-",      "-",      "-",     "-"),
    "selected":     ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "waitlisted":   ("withdraw",      "-",    "-",                               "-",      "-",      "-",     "-"),
    "awarded":      ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "rejected":     ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "inadmissible": ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "lapsed":       ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "withdrawn":    ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "concluded":    ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
    "called_off":   ("-",             "-",    "-",                               "-",      "-",      "-",     "-"),
}  # fmt: skip  # one row a state

# transition: (sources, target, duty, notice), the whole graph written out a second time
GRAPH: dict[str, tuple[str, str, str, str]] = {
    "begin": ("", "draft", "", ""),
    "submit": ("draft", "submitted", "file_application", "receipt"),
    "resubmit": ("returned", "submitted", "file_application", "receipt"),
    "begin_amending": ("submitted", "submitted", "", ""),
    "amend": ("submitted", "submitted", "file_application", "receipt"),
    "stop_amending": ("submitted", "submitted", "", ""),
    "foretell": ("draft", "draft", "", ""),
    "discard": ("draft", "withdrawn", "", ""),
    "withdraw": (
        "submitted returned accepted under_review reviewed waitlisted",
        "withdrawn",
        "",
        "",
    ),
    "return_for_correction": ("submitted", "returned", "", "correction"),
    "extend_correction": ("returned", "returned", "", ""),
    "accept": ("submitted", "accepted", "accept_application", ""),
    "start_review": ("accepted", "under_review", "", ""),
    "close_review": ("under_review", "reviewed", "", ""),
    "select": ("reviewed", "selected", "approve_decision", ""),
    "waitlist": ("accepted reviewed", "waitlisted", "approve_decision", "waitlist"),
    "move_down": ("waitlisted", "waitlisted", "", "waitlist"),
    "award": ("accepted reviewed selected waitlisted", "awarded", "approve_decision", ""),
    "reject": ("accepted reviewed waitlisted", "rejected", "approve_decision", "rejection"),
    "declare_inadmissible": ("submitted", "inadmissible", "approve_decision", "inadmissible"),
    "lapse": ("returned", "lapsed", "approve_decision", "lapse"),
    "conclude": ("submitted accepted under_review reviewed", "concluded", "", ""),
    "end_with_call": (
        "submitted returned accepted under_review reviewed selected waitlisted",
        "called_off",
        "",
        "",
    ),
}
OPEN = {"withdraw", "return_for_correction", "extend_correction", "accept"}

# -- every other life cycle: per state who sees which button; then the whole graph -------------------------------------
ROLES = (
    "officer",
    "agreeing",
    "director",
    "reviewer",
    "second_reviewer",
    "finance",
    "accounting",
    "inspector",
    "auditor",
    "admin",
    "concierge",
    "owner",
    "firm",
    "outsider",
)
BUTTONS: dict[str, dict[str, str]] = {
    # state: role=transitions … (a role that is not named sees none)
    "Programme": {
        "draft": "agreeing=approve,send_back director=approve,send_back",
        "approved": "agreeing=retire director=retire",
        "retired": "",
    },
    "Sketch": {"kept": "officer=discard,propose", "proposed": "", "discarded": ""},
    "Call": {
        "draft": "agreeing=approve,cancel,send_back director=approve,cancel,send_back",
        "approved": "officer=announce agreeing=announce,cancel director=announce,cancel",
        "announced": "officer=rebrief,select agreeing=extend,publish_results,rebrief,suspend "
        "director=extend,publish_results,rebrief,suspend",
        "suspended": "agreeing=resume director=resume",
        "selecting": "agreeing=publish_results director=publish_results",
        "decided": "officer=archive",
        "archived": "",
        "cancelled": "",
    },
    "CallChange": {
        "proposed": "officer=withdraw agreeing=approve,deny director=approve,deny",
        "approved": "",
        "denied": "",
        "withdrawn": "",
    },
    "ExtensionRequest": {
        "asked": "officer=deny,grant",
        "granted": "",
        "denied": "",
        "withdrawn": "",
        "overtaken": "",
    },
    "ReviewPanel": {"convened": "officer=close", "closed": ""},
    "Review": {
        "assigned": "officer=replace reviewer=declare,recuse",
        "declared": "officer=replace reviewer=recuse",
        "scored": "officer=reopen reviewer=recuse",
        "recused": "officer=replace",
        "reopened": "officer=replace reviewer=recuse",
        "replaced": "",
        "released": "",
    },
    "Approval": {
        "drafted": "officer=circulate,withdraw",
        "circulated": "officer=withdraw director=agree,approve,drop_rows,refuse,send_back",
        "returned": "officer=circulate,withdraw",
        "approved": "",
        "refused": "",
        "withdrawn": "",
    },
    "Notice": {
        "issued": "",
        "delivered": "",
        "voided": "",
    },
    "Award": {
        "active": "firm=withdraw",
        "suspended": "",
        "amount_fixed": "",
        "closed": "",
        "withdrawn": "",
        "abandoned": "",
        "revoked": "",
        "cancelled": "",
    },
    "ChangeRequest": {
        "draft": "",
        "submitted": "officer=send_back",
        "returned": "",
        "approved": "",
        "denied": "",
        "notified": "",
    },
    "CompletionReport": {
        "draft": "",
        "submitted": "officer=return_for_correction inspector=return_for_correction",
        "returned": "officer=extend_correction inspector=extend_correction",
        "inspected": "inspector=inspect_again",
    },
    "BankAccount": {
        "declared": "finance=confirm,refuse",
        "confirmed": "",
        "refused": "",
        "replaced": "",
    },
    "Claim": {
        "claimed": "finance=deny,examine,send_back",
        "returned": "finance=deny firm=claim_again",
        "checked": "finance=send_back",
        "denied": "",
    },
    "Payment": {
        "ordered": "finance=cancel,hold accounting=send_back",
        "held": "finance=cancel,release",
        "returned": "finance=cancel,order_again",
        "paid": "finance=come_back,deny_return accounting=say_came_back",
        "bounced": "finance=confirm_bounce accounting=doubt_bounce",
        "bounce_doubted": "finance=confirm_arrival,deny_arrival",
        "cancelled": "",
        "set_off": "",
    },
    "Recovery": {
        "ordered": "finance=close",
        "deferred": "finance=close",
        "closed": "",
        "waived": "",
        "cancelled": "",
    },
    "LaterRequest": {
        "asked": "officer=deny firm=withdraw",
        "agreed": "",
        "denied": "",
        "withdrawn": "",
        "overtaken": "",
    },
    "Disposal": {
        "due": "",
        "extended": "",
        "to_archives": "officer=hand_over",
        "said_handed": "officer=confirm_hand_over,not_handed_over",
        "handed_over": "",
        "destroyed": "",
    },
    "Filing": {
        "draft": "firm=withdraw",
        "submitted": "officer=accept,return_for_correction firm=withdraw",
        "returned": "firm=withdraw",
        "accepted": "",
        "denied": "",
        "withdrawn": "",
    },
    "Challenge": {
        "draft": "concierge=cancel",
        "coordinating": "concierge=cancel,publish,send_back,split",
        "published": "agreeing=call_off,go_on director=call_off,go_on "
        "concierge=ask_calling_off,call_off,decide,go_on owner=ask_calling_off,go_on",
        "decided": "concierge=archive",
        "archived": "",
        "cancelled": "",
    },
    "Match": {
        "proposed": "owner=consider,invite",
        "interviewing": "agreeing=agree,decline director=agree,decline owner=consider,invite",
        "agreed": "",
        "declined": "",
        "withdrawn": "",
    },
    "Pilot": {
        "preparing": "agreeing=sign,stop director=sign,stop owner=draft_terms,propose_no_agreement firm=consent",
        "agreed": "agreeing=stop director=stop owner=propose_no_start,start",
        "running": "agreeing=drop_extension,extend,stop director=drop_extension,extend,stop "
        "owner=drop_extension,judge,propose_extension firm=agree_to_extension,drop_extension,hand_in",
        "reported": "agreeing=conclude,stop director=conclude,stop reviewer=assess_board second_reviewer=assess_board "
        "owner=assess_department,propose_no_result,send_back firm=assess_firm",
        "evaluated": "",
        "stopped": "",
    },
    "Booking": {
        "asked": "owner=promise,refuse firm=cancel",
        "promised": "owner=lend,refuse firm=cancel",
        "lent": "owner=take_back",
        "returned": "",
        "refused": "",
        "cancelled": "",
    },
    "Enrolment": {
        "enrolled": "firm=drop",
        "attending": "officer=complete firm=drop",
        "completed": "",
        "dropped": "",
    },
    "Rollout": {
        "considered": "owner=drop,fund,plan",
        "budgeted": "owner=drop,specify",
        "specified": "agreeing=contract director=contract owner=drop,specify",
        "contracted": "owner=begin_use,end",
        "in_use": "owner=answer,end",
        "ended": "",
        "dropped": "",
    },
    "Consultation": {
        "asked": "concierge=answer,close,hand_over owner=answer firm=close",
        "answered": "concierge=answer,close,hand_over owner=answer firm=ask_again,close",
        "handed_over": "concierge=close firm=ask_again,close",
        "closed": "",
    },
    "PaymentBatch": {
        "open": "finance=lock,lock_twins,void",
        "locked": "finance=void accounting=export",
        "exported": "accounting=ask_void,reconcile",
        "void_asked": "finance=confirm_void,deny_void",
        "reconciled": "",
        "voided": "",
    },
    "Disclosure": {
        "received": "officer=draft,extend,withdraw",
        "drafted": "officer=take_back,withdraw agreeing=decide,send_back director=decide,send_back",
        "decided": "officer=hand_out",
        "handed_out": "",
        "withdrawn": "",
    },
    "Release": {"draft": "agreeing=approve director=approve", "approved": "", "superseded": ""},
}
GRAPHS: dict[str, tuple[str, ...]] = {
    # transition: sources > target [duty] {notice} (inner: without a page of its own)
    "Programme": (
        "begin: > draft [edit_programme] (inner)",
        "revise: draft > draft [edit_programme] (inner)",
        "send_back: draft > draft",
        "approve: draft > approved [approve_programme]",
        "replace: approved > retired (inner)",
        "retire: approved > retired",
    ),
    "Sketch": (
        "begin: > kept [edit_programme] (inner)",
        "write: kept > kept [edit_programme] (inner)",
        "propose: kept > proposed",
        "discard: kept > discarded",
    ),
    "Call": (
        "begin: > draft [edit_programme] (inner)",
        "revise: draft approved > draft [edit_programme] (inner)",
        "send_back: draft > draft",
        "approve: draft > approved [approve_programme]",
        "announce: approved > announced",
        "suspend: announced > suspended",
        "resume: suspended > announced",
        "reopen: suspended > announced (inner)",
        "extend: announced > announced",
        "rebrief: announced > announced",
        "make_up: announced > announced (inner)",
        "select: announced > selecting",
        "publish_results: announced selecting > decided",
        "archive: decided > archived",
        "cancel: draft approved > cancelled",
        "call_off: announced suspended > cancelled (inner)",
    ),
    "CallChange": (
        "begin: > proposed [edit_programme] (inner)",
        "approve: proposed > approved [approve_programme]",
        "deny: proposed > denied",
        "withdraw: proposed > withdrawn",
    ),
    "ExtensionRequest": (
        "begin: > asked (inner)",
        "grant: asked > granted",
        "deny: asked > denied",
        "withdraw: asked > withdrawn",
        "overtake: asked > overtaken (inner)",
    ),
    "ReviewPanel": (
        "begin: > convened (inner)",
        "close: convened > closed",
    ),
    "Review": (
        "begin: > assigned (inner)",
        "declare: assigned > declared",
        "recuse: assigned declared reopened scored > recused",
        "score: declared reopened > scored [score] (inner)",
        "reopen: scored > reopened",
        "replace: assigned declared reopened recused > replaced",
        "release: assigned declared reopened > released (inner)",
    ),
    "Approval": (
        "begin: > drafted [draft_approval] (inner)",
        "circulate: drafted returned > circulated",
        "agree: circulated > circulated [agree_approval]",
        "agree_as_deputy: circulated > circulated [agree_approval]",
        "approve: circulated > approved [approve_approval]",
        "approve_as_deputy: circulated > approved [approve_approval]",
        "revise: drafted returned > drafted (inner)",
        "attach: drafted returned > drafted (inner)",
        "detach: drafted returned > drafted (inner)",
        "drop_rows: circulated > circulated",
        "send_back: circulated > returned",
        "refuse: circulated > refused",
        "withdraw: drafted circulated returned > withdrawn",
    ),
    "Notice": (
        "begin: > issued (inner)",
        "deliver: issued > delivered (inner)",
        "void: issued delivered > voided (inner)",
    ),
    "Award": (
        "begin: > active [approve_decision] {award} (inner)",
        "withdraw: active > withdrawn",
        "suspend: active > suspended {suspension} (inner)",
        "resume: suspended > active {resumption} (inner)",
        "adopt: active suspended > active (inner)",
        "fix_amount: active > amount_fixed [approve_fixing] {fixing} (inner)",
        "close: amount_fixed > closed (inner)",
        "reopen: closed > amount_fixed (inner)",
        "abandon: active suspended > abandoned {abandonment} (inner)",
        "cancel: active suspended > cancelled {revocation} (inner)",
        "revoke: active suspended amount_fixed closed > revoked {revocation} (inner)",
    ),
    "ChangeRequest": (
        "begin: > draft (inner)",
        "submit: draft returned > submitted (inner)",
        "notify: draft returned > notified (inner)",
        "send_back: submitted > returned",
        "approve: submitted > approved {change_approved} (inner)",
        "deny: submitted > denied {change_denied} (inner)",
    ),
    "CompletionReport": (
        "begin: > draft (inner)",
        "submit: draft returned > submitted [file_report] {completion_receipt} (inner)",
        "return_for_correction: submitted > returned {completion_correction}",
        "extend_correction: returned > returned",
        "inspect: submitted > inspected [inspect] (inner)",
        "inspect_again: inspected > submitted",
    ),
    "BankAccount": (
        "begin: > declared (inner)",
        "confirm: declared > confirmed [confirm_account]",
        "refuse: declared > refused",
        "replace: declared refused confirmed > replaced (inner)",
    ),
    "Claim": (
        "begin: > claimed [file_claim] (inner)",
        "examine: claimed > checked [check_claim]",
        "send_back: claimed checked > returned",
        "claim_again: returned > claimed [file_claim]",
        "deny: claimed returned > denied",
        "restore: claimed returned denied > checked (inner)",
    ),
    "Payment": (
        "begin: > ordered [order_payment] (inner)",
        "hold: ordered > held",
        "withhold: ordered held > held {withholding} (inner)",
        "set_off: ordered held > set_off [set_off] {set_off} (inner)",
        "undo_set_off: set_off > cancelled [set_off] {set_off_undone} (inner)",
        "release: held > ordered",
        "clear: ordered > ordered [check_order] (inner)",
        "send_back: ordered > returned [check_order]",
        "order_again: returned > ordered [order_payment]",
        "cancel: ordered held returned > cancelled",
        "settle: ordered > paid {payment} (inner)",
        "fail: ordered > bounced [record_bounce] (inner)",
        "confirm_bounce: bounced > bounced [confirm_bounce]",
        "say_came_back: paid > paid [ask_correction]",
        "come_back: paid > bounced [confirm_correction]",
        "deny_return: paid > paid",
        "doubt_bounce: bounced > bounce_doubted [ask_correction]",
        "confirm_arrival: bounce_doubted > paid [confirm_correction]",
        "deny_arrival: bounce_doubted > bounced",
    ),
    "Recovery": (
        "begin: > ordered {recovery} (inner)",
        "defer: ordered deferred > deferred {deferral} (inner)",
        "close: ordered deferred > closed [confirm_receipt]",
        "reopen: closed > ordered (inner)",
        "waive: ordered deferred > waived {waiver} (inner)",
        "cancel: ordered deferred > cancelled {order_cancelled} (inner)",
    ),
    "LaterRequest": (
        "begin: > asked (inner)",
        "agree: asked > agreed (inner)",
        "deny: asked > denied",
        "withdraw: asked > withdrawn",
        "overtake: asked > overtaken (inner)",
    ),
    "Disposal": (
        "begin: > due (inner)",
        "destroy: due > destroyed (inner)",
        "set_aside: due > to_archives (inner)",
        "extend: due > extended (inner)",
        "fall_due: extended > due (inner)",
        "hand_over: to_archives > said_handed [say_handed_over]",
        "confirm_hand_over: said_handed > handed_over [confirm_handed_over]",
        "not_handed_over: said_handed > to_archives",
    ),
    "Filing": (
        "begin: > draft (inner)",
        "submit: draft returned > submitted (inner)",
        "withdraw: draft submitted returned > withdrawn",
        "return_for_correction: submitted > returned",
        "accept: submitted > accepted",
        "settle: submitted > accepted (inner)",
        "allow: submitted > accepted {disposal_approved} (inner)",
        "deny: submitted > denied {disposal_denied} (inner)",
    ),
    "Challenge": (
        "begin: > draft (inner)",
        "split: coordinating > coordinating",
        "hand_in: draft > coordinating [write_challenge] (inner)",
        "send_back: coordinating > draft",
        "publish: coordinating > published [publish_challenge]",
        "decide: published > decided",
        "archive: decided > archived",
        "cancel: draft coordinating > cancelled",
        "ask_calling_off: published > published [ask_calling_off]",
        "go_on: published > published",
        "call_off: published > cancelled [call_off_challenge]",
    ),
    "Match": (
        "begin: > proposed (inner)",
        "invite: proposed interviewing > interviewing",
        "pick: interviewing > interviewing",
        "consider: proposed interviewing > interviewing [recommend_match]",
        "agree: interviewing > agreed [decide_match] {match_agreed}",
        "decline: interviewing > declined [decide_match] {match_declined}",
        "withdraw: proposed interviewing > withdrawn",
    ),
    "Pilot": (
        "begin: > preparing (inner)",
        "draft_terms: preparing > preparing [draft_agreement]",
        "consent: preparing > preparing",
        "sign: preparing > agreed [sign_agreement] {pilot_agreement}",
        "start: agreed > running",
        "propose_no_agreement: preparing > preparing [assess_pilot]",
        "propose_no_start: agreed > agreed [assess_pilot]",
        "propose_no_result: reported > reported [assess_pilot]",
        "judge: running > running [assess_pilot]",
        "propose_extension: running > running [draft_agreement]",
        "agree_to_extension: running > running",
        "drop_extension: running > running",
        "extend: running > running [sign_agreement]",
        "hand_in: running > reported",
        "send_back: reported > running",
        "assess_department: reported > reported [assess_pilot]",
        "assess_firm: reported > reported",
        "assess_board: reported > reported [assess_board]",
        "conclude: reported > evaluated [conclude_pilot] {pilot_result}",
        "stop: preparing agreed running reported > stopped [conclude_pilot] {pilot_stopped}",
    ),
    "Booking": (
        "begin: > asked (inner)",
        "promise: asked > promised",
        "refuse: asked promised > refused",
        "lend: promised > lent",
        "take_back: lent > returned",
        "cancel: asked promised > cancelled",
    ),
    "Enrolment": (
        "begin: > enrolled (inner)",
        "attend: enrolled attending > attending (inner)",
        "complete: attending > completed {certificate}",
        "drop: enrolled attending > dropped",
        "cancel: enrolled attending > dropped {seat_cancelled} (inner)",
    ),
    "Rollout": (
        "begin: > considered (inner)",
        "plan: considered > considered [specify_contract]",
        "fund: considered > budgeted [specify_contract]",
        "specify: budgeted specified > specified [specify_contract]",
        "contract: specified > contracted [sign_contract]",
        "begin_use: contracted > in_use",
        "answer: in_use > in_use",
        "end: contracted in_use > ended",
        "drop: considered budgeted specified > dropped",
    ),
    "Consultation": (
        "begin: > asked (inner)",
        "answer: asked answered > answered",
        "ask_again: answered handed_over > asked",
        "hand_over: asked answered > handed_over",
        "close: asked answered handed_over > closed",
    ),
    "PaymentBatch": (
        "begin: > open (inner)",
        "lock: open > locked",
        "lock_twins: open > locked",
        "export: locked > exported [export_batch]",
        "reconcile: exported > reconciled",
        "void: open locked > voided",
        "dissolve: open locked > voided (inner)",
        "ask_void: exported > void_asked [ask_void]",
        "confirm_void: void_asked > voided [confirm_void]",
        "deny_void: void_asked > exported",
    ),
    "Disclosure": (
        "begin: > received (inner)",
        "mark: received > received [draft_disclosure] (inner)",
        "choose: received > received [draft_disclosure] (inner)",
        "prepare: received > received (inner)",
        "cover: received > received [draft_disclosure] (inner)",
        "bind: drafted > drafted (inner)",
        "extend: received > received",
        "draft: received > drafted [draft_disclosure]",
        "send_back: drafted > received",
        "take_back: drafted > received",
        "decide: drafted > decided [decide_disclosure]",
        "hand_out: decided > handed_out",
        "withdraw: received drafted > withdrawn",
    ),
    "Release": (
        "begin: > draft [draft_release] (inner)",
        "build: draft > draft [draft_release] (inner)",
        "approve: draft > approved [approve_release]",
        "supersede: approved > superseded (inner)",
    ),
}


def written(model: type[LifeCycle], spec: Spec) -> str:
    """A transition as GRAPHS writes it."""
    paper = model.OUTGOING.get(spec.name, NOTHING).paper
    parts = [
        f"{spec.name}: {' '.join(s for s in spec.sources if s)} > {spec.target}".replace(
            ":  >", ": >"
        )
    ]
    parts += [f"[{spec.duty}]"] if spec.duty else []
    parts += [f"{{{paper}}}"] if paper else []
    return " ".join(parts + (["(inner)"] if spec.internal else []))


@pytest.mark.parametrize("name", GRAPHS)
def test_each_graph_is_the_one_written_here(name: str) -> None:
    model = next(model for model in life_cycles() if model.__name__ == name)
    assert {written(model, spec) for spec in model.specs().values()} == set(GRAPHS[name])


def test_every_life_cycle_has_its_tables() -> None:
    assert (
        {model.__name__ for model in life_cycles()}
        == {"Application", *BUTTONS}
        == {"Application", *GRAPHS}
    )


def test_each_state_of_each_life_cycle_shows_each_role_its_buttons(world: World) -> None:
    circulating, _person = world.accepted()
    approval = world.approval("award", [circulating])
    awarded, firm = world.accepted()
    world.decided("award", [awarded])
    panel, _applications = convened(world, 1)
    call = world.calls["telework"]
    fixed, payee = payments.fixed(world)
    account = payments.account(world, payee)
    payment = payments.ordered(world, fixed, payee)
    batch = paying.make_batch(
        world.staff["treasurer"], pay_on=paying.next_pay_day(), payments=[payment]
    )
    running, holder = completion.awarded(world)
    change = changing.file(running, kind="abandon", reason="x", after=[], ends_on=None, by=holder)
    recovered, debtor = recoveries.paid(world)
    world.decided("revoke", [recovered], {"reason": "x", "heard": "x"})
    later = deferring.ask(Recovery.objects.get(), reason="x", plan="2027-01-29 280000", by=debtor)
    later.case.organisation = awarded.case.organisation
    asset = Asset.objects.create(
        award=fixed, item=1, name="端末", cost=420_000, acquired_on=fixed.awarded_on, life_years=4
    )
    filing = begin(Filing, by=payee, award=fixed, kind="disposal", asset=asset)
    payee.memberships.update(organisation=awarded.case.organisation)
    for row in (fixed.case, account):  # one firm for the whole table
        row.organisation = awarded.case.organisation
        row.save()
    round_ = challenges.round_of(world.staff)
    challenges.published(round_, world.staff, "owner", challenges.SNOW)
    with clock.at(simulation.at(clock.today() - timedelta(days=50))):
        over = challenges.round_of(world.staff)
        challenges.published(over, world.staff, "owner", challenges.SNOW)
        proposal, founder = proposals.drafted(world.sim, over)
        proposal = submit.submit(proposal, by=founder)
    round_of_last_year = pilots_of(world)
    pilot = piloting.running(round_of_last_year[0], world.staff, clock.today() - timedelta(days=20))
    pilot.case.organisation = awarded.case.organisation
    pilot.case.save()
    town = pilot.partners.get().municipality
    booking = begin(
        Booking,
        by=firm,
        case=pilot.case,
        municipality=town,
        kind="site",
        what="x",
        purpose="x",
        starts_on=clock.today(),
        ends_on=clock.today(),
    )
    last_year = pilots_of(world)[0]
    good = piloting.running(last_year, world.staff, clock.today() - timedelta(days=100))
    good = piloting.evaluated(good, world.staff, "adopt", clock.today() - timedelta(days=40))
    course = seats.call_of(world.staff, clock.today() - timedelta(days=20), seats=3)
    seat = seats.enrolled(
        world.sim, course, clock.today() - timedelta(days=10), people=1
    ).enrolments.get()
    seat.case.organisation = awarded.case.organisation
    seat.case.save()
    money = [
        seat,
        pilot,
        booking,
        adopting.considered(good, "011002", world.staff, clock.today()),
        fixed.completion_report,
        account,
        Claim.objects.get(pk=payment.claim_id),
        Payment.objects.get(claim=payment.claim),
        batch,
        Recovery.objects.get(),
        later,
        change,
        filing,
        begin(Disposal, by=User.objects.system(), case=awarded.case, kept_until=clock.today()),
        begin(Release, by=world.officer, fiscal_year=2026),
        receive(
            awarded.case,
            by=world.officer,
            request_number="1",
            asked="x",
            received_on=clock.today(),
        ),
        challenges.handed_in(round_, world.staff, "owner", challenges.SNOW),
        begin(Consultation, by=firm, kind="pitch", title="x", text="x"),
        start_matching(matching.accepted(proposal, world.staff), by=world.staff["concierge"])[0],
    ]
    late, late_firm = test_extensions.returned(world)
    subjects: list[LifeCycle] = [
        test_extensions.asked(late, late_firm),
        call.programme,
        begin(Sketch, by=world.officer, base=call.programme, seen=call.programme.version),
        call,
        test_call_changes.proposed(world, call, closes_at=clock.now() + timedelta(days=5)),
        panel,
        panel.reviews.get(reviewer=world.staff["reviewer"]),
        approval,
        awarded.case.notices.get(kind="award"),
        awarded.case.awards.get(),
        *money,
    ]
    named = {
        "officer": "officer",
        "agreeing": "approver",
        "director": "director",
        "reviewer": "reviewer",
        "second_reviewer": "second_reviewer",
        "finance": "accountant",
        "accounting": "accounting_officer",
        "inspector": "inspector",
        "auditor": "auditor",
        "admin": "administrator",
        "concierge": "concierge",
        "owner": "owner",
    }
    people = {role: world.staff[name] for role, name in named.items()} | {
        "firm": firm,
        "outsider": world.outsider,
    }
    found: dict[str, dict[str, str]] = {}
    for subject in subjects:
        rows = found[type(subject).__name__] = {}
        for state in subject.STATES:
            subject.__dict__["state"] = (
                state  # only in memory: the table asks, nothing is performed
            )
            seen = {
                role: ",".join(sorted(a.spec.name for a in actions(people[role], subject)))
                for role in ROLES
            }
            rows[state] = " ".join(f"{role}={names}" for role, names in seen.items() if names)
    assert found == BUTTONS


def people(world: World, application: Application) -> list[User]:
    organisation = application.case.organisation
    member = world.people["member"]
    member.memberships.create(organisation=organisation, role="member")
    return [
        organisation.memberships.get(role="representative").user,
        member,
        world.officer,
        world.director,
        world.staff["reviewer"],
        world.staff["auditor"],
        world.outsider,
    ]


def test_the_graph_is_the_one_written_here() -> None:
    found = {
        name: (
            " ".join(UNBORN if s == UNBORN else s for s in spec.sources),
            spec.target,
            spec.duty,
            Application.OUTGOING.get(name, NOTHING).paper,
        )
        for name, spec in Application.specs().items()
    }
    assert found == GRAPH
    assert {name for name, spec in Application.specs().items() if not spec.internal} == OPEN


def test_each_state_shows_each_role_its_buttons(world: World) -> None:
    application, _person = world.submitted()
    roles = people(world, application)
    found: dict[str, tuple[str, ...]] = {}
    for state in TABLE:
        application.__dict__["state"] = (
            state  # only in memory: the table asks, nothing is performed
        )
        found[state] = tuple(
            " ".join(a.spec.name for a in actions(person, application)) or "-" for person in roles
        )
    assert {s: tuple(set(cell.split()) for cell in row) for s, row in found.items()} == {
        s: tuple(set(cell.split()) for cell in row) for s, row in TABLE.items()
    }


@pytest.mark.parametrize("name", sorted(set(GRAPH) - OPEN))
def test_inner_transitions_have_no_page(world: World, client: Client, name: str) -> None:
    application, person = world.submitted()
    client.force_login(person)
    assert client.get(f"/do/application/{application.pk}/{name}/").status_code == 404
