"""What this room fills in elsewhere."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.ports import later_life
from grants.awards.models import Award, awards_of
from grants.awards.papers import on_award
from grants.budget.ports import revenue_by_year
from grants.payments.models import Payment
from grants.payments.ports import (
    money_asked,
    money_let_go,
    money_returned,
    returns_due,
    withholding_ended,
)
from grants.payments.turns import claims_of
from grants.recovery import (
    access,
    booking,
    collecting,
    dossier,
    endings,
    held_papers,
    late_use,
    listing,
    meeting,
    offsetting,
    panels,
    papers,
    retention,
    revenue,
    slips,
    turns,
    undoing,
    withholding,
)
from grants.recovery.acts import (
    CANCEL_ORDER,
    DEFER,
    ORDER_BACK,
    WAIVE,
)
from grants.recovery.agreed import Instalment
from grants.recovery.models import MoneyIn, Recovery
from portal.approvals.ports import acts
from portal.audit.ports import faults
from portal.backups.ports import sums
from portal.cases import visibility
from portal.cases.ports import (
    DossierPart,
    Erasure,
    KeptDay,
    Panel,
    PublicActs,
    case_panels,
    closed_matters,
    disposals,
    dossier_parts,
    due_papers,
    erasures,
    keeping_rules,
    kept_days,
    loaders,
    page_names,
    public_acts,
    read_pages,
    reading_words,
    turn_sources,
)
from portal.notices.models import notices_of
from portal.ui.ports import Menu, menus
from portal.workflow.graph import Requirement
from portal.workflow.ports import NoticeKind, joined_requirements, notice_kinds

PAGES = [
    ("recovery_receive", _lazy("納付を記録する")),
    ("recovery_early", _lazy("返還命令の前の入金を記録する")),
    ("recovery_demand", _lazy("返還を督促する")),
    ("recovery_give_back", _lazy("納めすぎた額を返す")),
    ("recovery_receipt", _lazy("納付の記録を取り消す")),
]

# what a turn is called → what is due by its day
DUE = [
    ("補助金を返還する", _lazy("返還金の納付")),
]


def register() -> None:
    sums.add("to be given back", ("grants_recovery.Recovery", "principal"))
    sums.add("received", ("grants_recovery.MoneyIn", "amount"))
    for what, paper in DUE:
        due_papers.add(what, paper)
    revenue_by_year.fill(revenue.of_person)
    for page, label in PAGES:
        page_names.add(page, label)
    for page in ("recovery_receive", "recovery_demand"):
        read_pages.add(page, lambda pk: Q(pk__in=Recovery.objects.filter(pk=pk).values("case")))
    for page in ("recovery_give_back", "recovery_receipt"):
        read_pages.add(
            page,
            lambda pk: (
                Q(pk__in=MoneyIn.objects.filter(pk=pk).values("recovery__case"))
                | Q(pk__in=MoneyIn.objects.filter(pk=pk).values("unordered__case"))
            ),
        )
    read_pages.add(
        "recovery_early", lambda pk: Q(pk__in=Award.objects.filter(pk=pk).values("case"))
    )
    acts.add("abandon", endings.ABANDON)
    acts.add("cancel", endings.CANCEL)
    acts.add("revoke", endings.REVOKE)
    acts.add("revoke_part", endings.REVOKE_PART)
    acts.add("surplus", ORDER_BACK)
    acts.add("late_use", late_use.LATE_USE)
    acts.add("waive", WAIVE)
    acts.add("cancel_order", CANCEL_ORDER)
    acts.add("defer_return", DEFER)
    acts.add("withhold", withholding.WITHHOLD)
    acts.add("set_off", offsetting.SET_OFF)
    acts.add("undo_set_off", undoing.UNDO)
    for name, label, facts, cites in (
        ("abandonment", _lazy("補助事業廃止承認通知書"), papers.abandonment_facts, on_award),
        ("revocation", _lazy("補助金交付決定取消通知書"), papers.revocation_facts, on_award),
        (
            "partial_revocation",
            _lazy("補助金交付決定一部取消通知書"),
            papers.partial_facts,
            on_award,
        ),
        ("recovery", _lazy("補助金返還命令書"), papers.order_facts, papers.on_decision),
        ("payment_slip", _lazy("納入通知書・返納通知書"), slips.slip_facts, papers.on_order),
        ("waiver", _lazy("補助金返還免除通知書"), papers.waiver_facts, papers.on_order),
        (
            "order_cancelled",
            _lazy("補助金返還命令取消通知書"),
            papers.cancelled_facts,
            papers.on_order,
        ),
        ("deferral", _lazy("補助金返還履行延期承認通知書"), papers.deferral_facts, papers.on_order),
        ("demand", _lazy("督促状"), papers.demand_facts, papers.on_order),
        ("overpaid", _lazy("過誤納金還付通知書"), papers.overpaid_facts, papers.on_overpaid),
        (
            "withholding",
            _lazy("補助金支払一時停止通知書"),
            held_papers.withholding_facts,
            held_papers.on_held,
        ),
        (
            "withholding_ended",
            _lazy("補助金支払一時停止解除通知書"),
            held_papers.withholding_ended_facts,
            held_papers.on_held,
        ),
        ("set_off", _lazy("相殺通知書"), held_papers.set_off_facts, held_papers.on_set_off),
        (
            "set_off_undone",
            _lazy("相殺取消通知書"),
            held_papers.set_off_undone_facts,
            held_papers.on_set_off_undone,
        ),
    ):
        matter = "" if cites is on_award else "recovery"  # the end of an award is for all who work
        notice_kinds.add(name, NoticeKind(label=label, facts=facts, matter=matter, cites=cites))
    kept = Requirement("not_asked_back", collecting.asked_back)
    for coming_back in ("say_came_back", "come_back"):
        joined_requirements.join(Payment, coming_back, kept)
    joined_requirements.join(Payment, "withhold", Requirement("owed", withholding.not_late))
    for name in ("release", "cancel"):  # ordered anew it would be paid
        joined_requirements.join(Payment, name, Requirement("late", withholding.still_late))

    joined_requirements.join(Payment, "begin", Requirement("late", withholding.rest_still_late))

    faults.add("set_off", offsetting.first_fault)
    turn_sources.add("recovery", turns.SOURCE)
    kept_days.add("recovery", KeptDay(rows=Recovery.objects.owed, field="due_on"))
    kept_days.add(
        "instalments",
        KeptDay(
            rows=lambda: Instalment.objects.filter(recovery__in=Recovery.objects.owed()),
            field="due_on",
        ),
    )

    menus.add(
        "recoveries",
        Menu(
            label=_lazy("返還"),
            url_name="recovery_list",
            may_see=lambda user: user.has_role(*listing.READERS),
        ),
    )
    closed_matters.add("recovery", (("recovery", "laterrequest"), visibility.MONEY))
    loaders.add("recovery", access.recovery_for)
    loaders.add("laterrequest", access.request_for)
    reading_words.add("recovery_list.export", _lazy("返還の一覧を取り出した"))
    case_panels.add(
        "recovery",
        Panel(
            template="grants/recovery/panel.html",
            context=panels.of_case,
            anchor="recovery",
            label=_lazy("返還"),
            readers=visibility.MONEY,
            reads=(
                collecting.rows_of,
                collecting.early_of,
                awards_of,
                claims_of,
                withholding.debts_of,
                notices_of,
                *meeting.READS,
            ),
        ),
    )
    public_acts.add(
        "recovery",
        PublicActs(
            said="begin cancel defer undo_set_off waive",
            bare=(
                "close demand give_back receive receive_early reopen see_surplus "
                "set_off take_back_receipt take_up"
            ),
        ),
    )
    public_acts.add("laterrequest", PublicActs(said="deny", bare="agree begin overtake withdraw"))
    later_life.add("recovery", panels.reached)

    money_returned.fill(booking.returned)
    money_let_go.fill(booking.let_go)
    money_asked.fill(Recovery.asked_of)
    returns_due.fill(listing.due)
    withholding_ended.fill(withholding.end)

    keeping_rules.add("recovery", retention.keep_until)
    erasures.add("grants_recovery.Recovery", Erasure(blank={"reason": ""}))
    erasures.add(
        "grants_recovery.LaterRequest", Erasure(blank={"reason": "", "answer": "", "plan": []})
    )
    erasures.add(
        "grants_recovery.MoneyIn",
        Erasure(path="recovery__case", blank={"note": "", "doubt": "", "payer": ""}),
    )
    disposals.add("early_receipts", retention.blank_early)
    dossier_parts.add(
        "recovery", DossierPart(label="返還", readers=visibility.MONEY, sections=dossier.asked_back)
    )
