"""The grounds of a municipality's ordinance (不開示事由): proposed whole by one administrator, in force
from a day on once another has confirmed them.
"""

from collections.abc import Sequence
from datetime import date

from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.audit.record import record
from portal.registry.models import Municipality
from portal.workflow.errors import NotReady
from portal.workflow.proposals import CLOSED_BY_ANOTHER, Proposal
from reports.disclosure.grounds import SHIPPED, Ground, misfits, of_rows


class GroundTable(Proposal):
    """`rows`: (code, clause, name, why) each. One that was taken back was closed and not confirmed."""

    BY_ANOTHER = _lazy("提案した方は確認できません。別の管理者が確認します。")

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    rows = models.JSONField(default=list)
    starts_on = models.DateField()
    is_confirmed = models.BooleanField(default=False)

    class Meta:
        ordering = ["-starts_on", "-closed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_confirmed=False) | CLOSED_BY_ANOTHER,
                name="disclosure_grounds_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(closed_at=None),
                name="disclosure_grounds_one_proposal",
            ),
        ]

    def __str__(self) -> str:
        return str(self.municipality)

    @property
    def grounds(self) -> list[Ground]:
        return of_rows(self.rows)


def in_force(municipality: str, day: date) -> GroundTable | None:
    """The table that holds on a day for the requests of a municipality."""
    rows = GroundTable.objects.filter(municipality=municipality, is_confirmed=True)
    return rows.filter(starts_on__lte=day).first()


def holding(municipality: str, day: date) -> list[Ground]:
    table = in_force(municipality, day)
    return table.grounds if table is not None else list(SHIPPED)


@transaction.atomic
def propose(
    municipality: Municipality, grounds: Sequence[Ground], starts_on: date, *, by: User
) -> GroundTable:
    """Propose a whole new table. Raises NotReady for one that does not hold together, or where
    another proposal waits.
    """
    if reasons := misfits(grounds) + _in_the_past(starts_on):
        raise NotReady(*reasons)
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    if GroundTable.objects.filter(municipality=municipality, closed_at=None).exists():
        raise NotReady(
            _("この市町村には、確認を待っている提案があります。先に取り下げてください。")
        )
    table = GroundTable.objects.create(
        municipality=municipality,
        rows=[ground.row for ground in grounds],
        starts_on=starts_on,
        proposed_by=by,
    )
    _note("grounds.propose", table, by)
    return table


@transaction.atomic
def confirm(table: GroundTable, *, by: User) -> None:
    """Bring what another administrator proposed into force. Raises Forbidden for whoever proposed it,
    NotReady where it is no longer open.
    """
    fresh = table.held()
    fresh.demand_another(by)
    if reasons := _in_the_past(fresh.starts_on):
        raise NotReady(*reasons)
    fresh.is_confirmed = True
    fresh.close(by)
    _note("grounds.confirm", fresh, by)


@transaction.atomic
def take_back(table: GroundTable, *, by: User) -> None:
    """Close a proposal. Raises NotReady where it is no longer open."""
    fresh = table.held()
    fresh.close(by)
    _note("grounds.take_back", fresh, by)


def _in_the_past(starts_on: date) -> list[str]:
    """A request keeps the grounds of the day on which it came (decision 0070)."""
    if starts_on >= clock.today():
        return []
    return [
        _(
            "効く日は、今日からの日にしてください。過ぎた日の請求には、その日の不開示事由を使います。"
        )
    ]


def _note(action: str, table: GroundTable, by: User) -> None:
    subject = f"grounds:{table.municipality_id}"
    record(
        chain=subject,
        action=action,
        subject=subject,
        by=by,
        capacity="office",
        starts_on=table.starts_on.isoformat(),
        grounds=[ground.said for ground in table.grounds],
    )
