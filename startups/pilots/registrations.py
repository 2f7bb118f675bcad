"""What this room fills in elsewhere."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import submit
from grants.applications.models import Application
from grants.applications.ports import promised, waiting_for
from grants.awards.models import Award
from grants.programmes.ports import Entrance, entrances, home_cards
from portal.cases import search, visibility
from portal.cases.ports import (
    Assignment,
    CaseKind,
    DossierPart,
    Erasure,
    KeptDay,
    Panel,
    PublicActs,
    assignments,
    case_kinds,
    case_panels,
    dossier_parts,
    due_papers,
    erasures,
    joint_turns,
    kept_days,
    loaders,
    page_names,
    private_texts,
    public_acts,
    searched,
    turn_sources,
)
from portal.correspondence.ports import named_in
from portal.workflow.graph import Requirement
from portal.workflow.ports import NoticeKind, joined_requirements, notice_kinds, transition_forms
from startups.challenges.ports import challenge_counts
from startups.pilots import (
    access,
    case_page,
    dossier,
    forms,
    named,
    panels,
    papers,
    private,
    public,
    support,
    turns,
)
from startups.pilots.models import Booking, Pilot
from startups.pilots.states import BookingState, PilotState

NAMED = [
    ("pilot_indicator", _lazy("実証の指標")),
]

# what a turn is called → what is due by its day
DUE = [
    ("協定の案を確かめて同意する", _lazy("協定の案への同意")),
    ("実証の結果を報告する", _lazy("実証の結果の報告書")),
]


def register() -> None:
    for what, paper in DUE:
        due_papers.add(what, paper)
    for page, label in NAMED:
        page_names.add(page, label)
    searched.add(
        "pilots",
        search.columns(Pilot, "challenge__number", "challenge__title", "summary", "lessons"),
    )
    case_kinds.add(
        turns.KIND,
        CaseKind(
            label=_lazy("実証"),
            subject=lambda case: case.pilot,
            applicant_page=case_page.both,
            staff_page=case_page.both,
            states=tuple(PilotState.choices),
            applicant_template="startups/pilots/case_applicant.html",
            staff_template="startups/pilots/case_staff.html",
            office_role="challenge_owner",
        ),
    )
    named_in.add(turns.KIND, named.of_cases)
    entrances.add(
        support.KIND,
        Entrance(
            label=_lazy("実証の案件から申請する"),
            url=lambda _call: reverse("my_cases"),
            hint=_lazy("協定で支援金を決めた実証だけが申請できます。"),
            begins=False,
        ),
    )

    for name, label, facts in (
        ("pilot_agreement", _lazy("基本協定書"), papers.agreement_facts),
        ("pilot_result", _lazy("実証の評価の決定通知書"), papers.result_facts),
        ("pilot_stopped", _lazy("実証中止通知書"), papers.stopped_facts),
    ):
        notice_kinds.add(name, NoticeKind(label=label, facts=facts))
    for name, form in (
        ("pilot_terms", forms.TermsForm),
        ("pilot_gate", forms.GateForm),
        ("pilot_extension", forms.ExtensionForm),
        ("pilot_report", forms.ReportForm),
        ("pilot_assessment", forms.AssessmentForm),
        ("pilot_result", forms.ResultForm),
        ("pilot_stop", forms.StopForm),
        ("booking_answer", forms.BookingAnswerForm),
    ):
        transition_forms.add(name, form)
    waiting_for.add("pilots", support.waiting_for)
    for way in submit.WAYS:
        joined_requirements.join(Application, way, Requirement("promised", support.not_promised))
    once = Requirement("paid_once", support.not_payable, locks=support.pilots_beside)
    joined_requirements.join(Application, "award", once)
    promised.add("pilots", support.above_agreed)
    joined_requirements.join(Award, "fix_amount", Requirement("pilot_over", support.ended_early))

    turn_sources.add("pilots", turns.SOURCE)
    for what in turns.JOINT:
        joint_turns.add(what, "approver")
    kept_days.add(
        "bookings",
        KeptDay(
            rows=lambda: Booking.objects.filter(state=BookingState.ASKED),
            field="answer_by",
            office=lambda booking: str(booking.municipality_id),
        ),
    )

    assignments.add(
        "pilots", Assignment(roles=("challenge_owner", "concierge"), cases=access.carried)
    )
    assignments.add("board", Assignment(roles=("reviewer",), cases=access.before_the_board))

    loaders.add("pilot", access.pilot_for)
    loaders.add("booking", access.booking_for)
    case_panels.add(
        "pilots",
        Panel(
            template="startups/pilots/panel.html",
            context=panels.of_case,
            anchor="pilots",
            label=_lazy("実証"),
            readers=visibility.WORKERS,
        ),
    )
    home_cards.add("pilots", public.home_card)
    public_acts.add(
        "pilot",
        PublicActs(
            said="drop_extension propose_extension send_back stop",
            bare=(
                "agree_to_extension assess_board assess_department assess_firm begin conclude consent "
                "draft_terms extend hand_in incident indicator judge measure settle sign start "
                "status"
            ),
        ),
    )
    public_acts.add(
        "booking", PublicActs(said="refuse", bare="begin cancel lend promise take_back")
    )
    challenge_counts.add("pilots", public.counts)

    for model, path, blank in (
        ("Pilot", "case", {"terms": {}, "report": {}, "gate_text": "", "extends_for": ""}),
        ("Booking", "case", {"purpose": "", "answer": ""}),
        ("Incident", "pilot__case", {"text": "", "settled": ""}),
        ("Status", "pilot__case", {"went": "", "stuck": ""}),
    ):
        erasures.add(f"startups_pilots.{model}", Erasure(path=path, blank=blank))
    private_texts.add("pilots", private.of_terms)
    dossier_parts.add(
        "pilot", DossierPart(label="実証", readers=visibility.WORKERS, sections=dossier.tried)
    )
