"""The formal check: defects citing their rule, and the ledger of checks with their evidence."""

from collections.abc import Mapping
from typing import cast

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.applications import rules
from grants.applications.check_ledger import OfficersAnew
from grants.applications.content import Officer
from grants.applications.models import Application, Check, Defect, OfficerList
from grants.applications.states import UNDECIDED, ApplicationState
from portal import clock, crypto
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.audit.record import record_about
from portal.cases.lookups import OfCase
from portal.cases.models import Reading
from portal.workflow import duties
from portal.workflow.door import lock, touch
from portal.workflow.errors import Forbidden, NotReady, Stale

HALTED_IN = (ApplicationState.AWARDED,)  # an answer of the police may come later still
ACCEPTING = "accept_application"  # the duty, of which the checks are a part
CHECKED_IN = UNDECIDED  # states in which the ledger of checks is still written


def passed_before(application: Application, part: str) -> bool:
    """True when an earlier version came back without a defect in `part`, unchanged since."""
    versions = list(application.versions.order_by("-n")[:2])
    if len(versions) < 2:
        return False
    had = application.defects.filter(part=part, version=versions[1]).exists()
    return not had and not rules.part_changed(versions[1].content, versions[0].content, part)


@transaction.atomic
def raise_defect(
    application: Application,
    *,
    by: User,
    part: str,
    part_label: str,
    cite: str,
    text: str,
    supervisor_reason: str = "",
) -> Defect:
    """Mark a part as defective.

    A part once accepted and unchanged takes one only with a supervisor's reason. Twice the same is
    once.
    """
    demand(by, application, "programme_officer")
    lock([application.case, application])
    application = Application.objects.select_related("case").get(pk=application.pk)
    version = application.last_version
    if application.state != ApplicationState.SUBMITTED or version is None:
        raise NotReady(_("書類の確認中の申請にだけ、不備を付けられます。"))
    if passed_before(application, part) and not supervisor_reason:
        raise NotReady(
            _(
                "前の版で認め、その後変わっていない部分です。付けるときは上司の理由を書いてください。"
            )
        )
    same = application.defects.filter(
        version=version, part=part, cite=cite, text=text, resolved_at=None
    )
    if (known := same.first()) is not None:
        return known
    n = (application.defects.aggregate(n=Max("n"))["n"] or 0) + 1
    defect = Defect.objects.create(
        application=application,
        version=version,
        n=n,
        part=part,
        part_label=part_label,
        cite=cite,
        text=text,
        supervisor_reason=supervisor_reason,
        raised_by=by,
        raised_at=clock.now(),
    )
    record_about(
        application,
        "defect.raise",
        by=by,
        capacity="office",
        label=gettext_noop("不備を付けました"),
        part=part,
        cite=cite,
        text=text,
        supervisor_reason=supervisor_reason,
    )
    return defect


@transaction.atomic
def resolve_defect(defect: Defect, *, by: User) -> None:
    """Corrected, or taken back: either way it no longer stands against acceptance."""
    demand(by, defect.application, "programme_officer")
    lock([defect.application.case, defect.application])
    defect.refresh_from_db()
    if defect.resolved_at is None:
        defect.resolved_at, defect.resolved_by = clock.now(), by
        defect.save()
        record_about(
            defect.application,
            "defect.resolve",
            by=by,
            capacity="office",
            label=gettext_noop("不備が解決しました"),
            part=defect.part,
            n=defect.n,
        )


@transaction.atomic
def check(row: Check, *, by: User, result: str, evidence: str, shown: int | None = None) -> Check:
    """Note the result of a check, or do it again. What was decided about an earlier finding falls with
    it. Raises Stale where the version that was looked at (`shown`; None: by nobody) is not the last.
    """
    demand(by, row.application, "programme_officer")
    duties.demand(by, row.application.duty_subjects(), ACCEPTING)
    _held(row)
    _demand_shown(row.application, shown)
    _write(row, by=by, result=result, evidence=evidence)
    return row


def _demand_shown(application: Application, shown: int | None) -> None:
    last = application.versions.aggregate(n=Max("n"))["n"]
    if shown is not None and shown != last:
        raise Stale(_("申請者が内容を出し直しました。新しい内容を確かめてから、記録してください。"))


def _held(row: Check) -> None:
    """Read a check anew when nobody else writes about its application: what it says is asked of the
    application as it is then.
    """
    lock([row.application.case, row.application])
    row.refresh_from_db()


def _write(row: Check, *, by: User, result: str, evidence: str) -> None:
    """Write a check of a held application."""
    if row.application.state not in CHECKED_IN:
        raise NotReady(
            _("「%(state)s」の申請の確認は、書き換えられません。")
            % {"state": row.application.info.label}
        )
    if row.is_hit:
        raise NotReady(_("警察から該当ありの回答があります。決裁者が判断してください。"))
    if result != "concern" and row.waits_for_answer:
        raise NotReady(_("警察に照会しています。回答を記録すると、その結果がこの確認に入ります。"))
    if result == "clear" and row.is_unasked:
        raise NotReady(
            _(
                "照会の名簿をまだ取り出していません。照会しない理由があるときは、結果を「不要」とし、根拠にその理由を書いてください。"
            )
        )
    row.result, row.evidence, row.checked_by, row.checked_at = result, evidence, by, clock.now()
    row.go_on_reason, row.go_on_by, row.go_on_at = "", None, None
    row.save()
    record_about(
        row.application,
        "check.note",
        by=by,
        capacity="office",
        label=gettext_noop("要件を確認しました"),
        kind=row.kind,
        result=result,
        evidence=evidence,
    )


@transaction.atomic
def note(
    application: Application,
    notes: Mapping[str, tuple[str, str]],
    *,
    by: User,
    shown: int | None = None,
) -> None:
    """Note several checks at once, as kind → (result, evidence): all or none. `shown`: as in `check`."""
    demand(by, application, "programme_officer")
    duties.demand(by, application.duty_subjects(), ACCEPTING)
    lock([application.case, application])
    fresh = Application.objects.select_related("case").get(pk=application.pk)
    _demand_shown(fresh, shown)
    for row in fresh.checks.filter(result="", kind__in=notes):
        result, evidence = notes[row.kind]
        _write(row, by=by, result=result, evidence=evidence)


@transaction.atomic
def go_on(row: Check, *, by: User, reason: str) -> Check:
    """Decide to go on in spite of a finding, with a reason.

    That takes an officer or approver other than the one who noted it; after a hit of the police an
    approver.
    """
    deciders = ("approver",) if row.is_hit else ("programme_officer", "approver")
    demand(by, row.application, *deciders)
    _held(row)
    if not row.is_open_finding or row.application.state not in (*CHECKED_IN, *HALTED_IN):
        raise NotReady(_("判断を待っている「気になる点あり」はありません。"))
    if row.application.state == ApplicationState.SUBMITTED and row.is_about_others:
        raise NotReady(
            _(
                "役員等の名簿が変わっています。いまの名簿を照会し、回答を記録してから判断してください。"
            )
        )
    if row.checked_by_id == by.pk:
        raise Forbidden(_("記録した人とは別の職員が決めます。"))
    row.go_on_reason, row.go_on_by, row.go_on_at = reason, by, clock.now()
    row.save()
    record_about(
        row.application,
        "check.go_on",
        by=by,
        capacity="office",
        label=gettext_noop("気になる点を検討し、進めることにしました"),
        kind=row.kind,
        because=reason,  # read beside the check, by its readers: the record has more
    )
    touch(row.application.case)
    return row


firms_own = OfCase(
    lambda: Application.objects.exclude(state=ApplicationState.DRAFT).select_related(
        "case", "call"
    ),
    "case__organisation",
    "organisation_id",
)


def repeats(application: Application) -> list[Application]:
    """Other applications of the same organisation to the same programme, for the check on repeats."""
    case = application.case
    return [
        row
        for row in firms_own.all(case)
        if row.pk != application.pk and row.case.programme_code == case.programme_code
    ]


def inquiry_rows(applications: list[Application], *, by: User) -> list[list[str]]:
    """The batch for the 暴力団排除 inquiry: one row per officer.

    Reading it is logged; the lists are marked sent.
    """
    rows = []
    for found in OfficerList.objects.filter(
        application__in=applications, erased_at=None
    ).select_related("application__case"):
        people = cast("list[Officer]", crypto.unseal(bytes(found.sealed))) if found.sealed else []
        case = str(found.application.case)
        rows += [
            [case, row["name"], row["kana"], row["born_on"], row["sex"], row["address"]]
            for row in people
        ]
        found.sent_at = clock.now()
        found.save(update_fields=["sent_at"])
        Reading.note(by, "officer_list.export", found.application.case)
    return rows


def erase_officer_lists() -> int:
    """Erase the lists whose purpose has ended: sent and answered, or the case is over.

    Returns how many.
    """
    answered = Check.objects.filter(kind="antisocial").exclude(result="").values("application")
    ended = Application.objects.filter(
        state__in=[*Application.ENDED, ApplicationState.AWARDED]
    ).values("pk")
    due = OfficerList.objects.filter(erased_at=None, sealed__isnull=False)
    due = due.filter(application__in=answered, sent_at__isnull=False) | due.filter(
        application__in=ended
    )
    OfficersAnew.objects.filter(application__in=ended).delete()
    return due.update(sealed=None, erased_at=clock.now())
