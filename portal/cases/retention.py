"""Records are kept for their time and then disposed of: what people typed and sent is erased, sums,
states and the chain stay.

Source: books and papers of a subsidy are kept five years from the end of the fiscal year of
completion (交付規程; 文書管理規程). What belongs to a case is named room by room in `ports.erasures` (fields)
and `ports.disposals` (files, payloads).
"""

from datetime import date, timedelta

from django.apps import apps
from django.db import transaction
from django.utils.translation import gettext_noop

from portal import clock, fiscal
from portal.accounts.models import User
from portal.audit.models import Event
from portal.audit.record import DISPOSED, erase_payloads, record
from portal.cases.models import Case, SearchDocument
from portal.cases.ports import disposals, erasures, keeping_rules
from portal.workflow.door import lock

YEARS = 5


def after(day: date) -> date:
    """The last day on which records of something that ended on `day` are kept."""
    return fiscal.fiscal_year_end(fiscal.fiscal_year(day) + YEARS)


def of_ended(case: Case) -> date | None:
    """A case that ended without an award is kept for its years from the end."""
    return after(clock.day_of(case.closed_at)) if case.closed_at else None


def keep_until(case: Case) -> date | None:
    """The last day of keeping, the latest that any room names; None while the case is open."""
    named = [day for source in keeping_rules.values() if (day := source(case)) is not None]
    return max(named) if named and max(named) != date.max else None


def is_over(case: Case, today: date | None = None) -> bool:
    until = keep_until(case)
    return until is not None and until < (today or clock.today())


def due(today: date | None = None) -> list[Case]:
    """Cases whose time is over."""
    day = today or clock.today()
    oldest = clock.now() - timedelta(days=365 * YEARS)
    found = (
        Case.objects.filter(disposed_on=None, opened_at__lt=oldest)
        .select_related("organisation")
        .order_by("pk")
    )
    return [case for case in found.iterator(chunk_size=500) if is_over(case, day)]


OVER = gettext_noop("保存期間が過ぎたので、記録を廃棄しました")


@transaction.atomic
def dispose(case: Case, *, by: User, label: str = OVER, capacity: str = "system") -> None:
    """Erase what the case holds of people; nobody sees it any more. `label`: why, in the record.

    Its events stay, and their chain is whole.
    """
    lock([case])
    fresh = Case.objects.get(pk=case.pk)
    if fresh.disposed_on is not None:
        return
    for model, erasure in erasures.items():
        rows = apps.get_model(model)._default_manager.filter(**{erasure.path: fresh})
        rows.exclude(**erasure.kept).update(**erasure.blank)
    for remove in disposals.values():
        remove(fresh)
    erase_payloads(Event.objects.filter(chain=f"case:{fresh.pk}"))
    record(
        chain=f"case:{fresh.pk}",
        action=DISPOSED,
        subject=f"case:{fresh.pk}",
        by=by,
        capacity=capacity,
        label=label,
    )
    fresh.title, fresh.disposed_on = "", clock.today()
    fresh.save()
    fresh.turns.all().delete()
    SearchDocument.objects.filter(case=fresh).delete()
