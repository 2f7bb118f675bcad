"""Assessing the cost items of an application (査定): who may, until when, and what it comes to."""

from collections.abc import Sequence
from typing import TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.applications import rules
from grants.applications.content import CostItem
from grants.applications.models import Application
from grants.applications.states import ELIGIBLE
from grants.awards.assessed import AssessedItem, Assessment
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.approvals.turns import is_circulated
from portal.audit.record import record
from portal.money import aid
from portal.workflow import duties
from portal.workflow.door import door
from portal.workflow.drafts import fingerprint
from portal.workflow.errors import Changed, NotReady

# yen that are accepted of an item, and why it is less
Accepted: TypeAlias = tuple[int, str]


def applied_items(application: Application) -> list[CostItem]:
    """The cost items as last handed in; none where seats are asked for."""
    version = application.last_version
    if version is None or application.stated.unit != "yen":
        return []
    return list(version.content["costs"]["items"])


def assessment_of(application: Application) -> Assessment | None:
    found: Assessment | None = getattr(application, "assessment", None)
    return found


def refusals(application: Application) -> list[str]:
    """Why the items cannot be assessed now; empty where they can."""
    if application.state not in ELIGIBLE or not applied_items(application):
        return [_("受理してから決定するまでのあいだ、経費のある申請だけを査定できます。")]
    if is_circulated(application.case):
        return [
            _("起案が回議中なので変えられません。起案者に差し戻してもらってから変えてください。")
        ]
    return []


def misfits(items: Sequence[CostItem], accepted: Sequence[Accepted]) -> list[str]:
    """What is wrong with an assessment of these items: more than applied for, or a cut without why."""
    if len(items) != len(accepted):
        return [_("申請の経費が変わっています。ページを開き直してください。")]
    found = []
    for n, (item, (yen, reason)) in enumerate(zip(items, accepted, strict=True), 1):
        if not 0 <= yen <= item["amount"]:
            found.append(
                _("経費%(n)sは、0円から申請の%(yen)s円までにしてください。")
                % {"n": n, "yen": f"{item['amount']:,}"}
            )
        elif yen < item["amount"] and not reason:
            found.append(_("経費%(n)sを減らす理由を書いてください。") % {"n": n})
    return found


def basis(application: Application) -> str:
    """What a page of the assessment is drawn from: the version that was handed in, whose items have
    their numbers in it alone, and what is kept so far.
    """
    version, kept = application.last_version, assessment_of(application)
    return fingerprint(
        version=version.pk if version else 0,
        kept=kept.assessed_at.isoformat() if kept else "",
    )


def demand_seen(application: Application, seen: str | None) -> None:
    """Raises Changed where a page was drawn from another basis (None: there is no page)."""
    if seen is not None and seen != basis(application):
        raise Changed(
            _(
                "この画面を開いたあとに、経費か査定が変わりました。いまの内容に入力し直してください。"
            )
        )


def assess(
    application: Application, accepted: Sequence[Accepted], *, by: User, seen: str | None = None
) -> Assessment:
    """Keep what is accepted of each item, in their order, instead of what was kept before.

    `seen`: the `basis` of the page; raises Changed where it is another now. Raises NotReady for what
    does not fit, or where it is too early or too late.
    """
    with door(by, [application.case, application]):
        fresh = Application.objects.select_related("case", "call").get(pk=application.pk)
        demand(by, fresh, "programme_officer")
        demand_seen(fresh, seen)
        items = applied_items(fresh)
        if reasons := refusals(fresh) or misfits(items, accepted):
            raise NotReady(*reasons)
        duties.take_all(by, fresh.duty_subjects(), "assess_costs")
        AssessedItem.objects.filter(assessment__application=fresh).delete()
        made = _kept(fresh, items, accepted, by)
        record(
            chain=f"case:{fresh.case_id}",
            action="assessment.keep",
            subject=fresh.subject_key,
            by=by,
            capacity="office",
            label=gettext_noop("経費を査定しました"),
            accepted=[yen for yen, _reason in accepted],
            amount=made.amount,
        )
        return made


def _kept(
    application: Application, items: list[CostItem], accepted: Sequence[Accepted], by: User
) -> Assessment:
    rows = [
        AssessedItem(
            n=n,
            what=item["what"],
            category=item["category"],
            applied=item["amount"],
            accepted=yen,
            reason=reason if yen < item["amount"] else "",
        )
        for n, (item, (yen, reason)) in enumerate(zip(items, accepted, strict=True), 1)
    ]
    eligible, amount = computed(application, rows)
    made, _new = Assessment.objects.update_or_create(
        application=application,
        defaults={
            "eligible_amount": eligible,
            "amount": amount,
            "assessed_by": by,
            "assessed_at": clock.now(),
        },
    )
    for row in rows:
        row.assessment = made
    AssessedItem.objects.bulk_create(rows)
    return made


def computed(application: Application, rows: Sequence[AssessedItem]) -> tuple[int, int]:
    """Eligible cost and aid in yen: the formula of the application over what is accepted, never above
    what was asked for.
    """
    version = application.last_version
    costs = version.content["costs"] if version else {}
    year, months = int(costs.get("support_year") or 1), int(costs.get("months") or 12)
    terms = application.stated.terms(application.frame, year=year, months=months)
    totals = rules.by_category([{"category": r.category, "amount": r.accepted} for r in rows])
    result = aid(totals, terms, requested=application.requested_amount)
    return result.eligible, result.amount
