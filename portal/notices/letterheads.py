"""発信者: in whose name a municipality's papers go out, under which number series, whom to ask about them,
and how to pay what they ask for. Proposed by one administrator, in force from a day on once another
has confirmed it; a paper freezes what held on its day.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.audit.record import record
from portal.registry.codes import SAPPORO
from portal.registry.models import Municipality
from portal.workflow.errors import NotReady
from portal.workflow.proposals import CLOSED_BY_ANOTHER, Proposal

NOBODY = "（氏名）"  # who signs the papers of a demonstration where nothing was entered
PLANNED_ITEM = "（款）諸収入　（項）雑入　（目）雑入　（節）雑入"  # a planning value


@dataclass(frozen=True, kw_only=True)
class Sender:
    """As papers say it. `office` and `phone`: whom to ask where the programme is not the
    municipality's own.
    """

    title: str
    name: str
    series: str
    office: str
    phone: str
    how_to_pay: str
    revenue_item: str  # 歳入科目 of what comes back after its year; empty where nobody entered it

    @property
    def signed(self) -> str:
        return f"{self.title}　{self.name}"


class Letterhead(Proposal):
    """One that was taken back was closed and not confirmed."""

    BY_ANOTHER = _lazy("提案した方は確認できません。別の管理者が確認します。")

    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    title = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    series = models.CharField(max_length=16)
    office = models.CharField(max_length=80)
    phone = models.CharField(max_length=20)
    how_to_pay = models.CharField(max_length=300)
    revenue_item = models.CharField(max_length=120, default="")
    starts_on = models.DateField()
    is_confirmed = models.BooleanField(default=False)

    class Meta:
        ordering = ["-starts_on", "-closed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_confirmed=False) | CLOSED_BY_ANOTHER,
                name="notices_letterhead_four_eyes",
            ),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(closed_at=None),
                name="notices_letterhead_one_proposal",
            ),
        ]

    def __str__(self) -> str:
        return str(self.municipality)

    @property
    def sender(self) -> Sender:
        return Sender(
            title=self.title,
            name=self.name,
            series=self.series,
            office=self.office,
            phone=self.phone,
            how_to_pay=self.how_to_pay,
            revenue_item=self.revenue_item,
        )


def planned(municipality: Municipality) -> Sender:
    """What stands on the papers of a demonstration where nothing was entered; their foot says so."""
    return Sender(
        title=f"{municipality.name}長",
        name=NOBODY,
        series="札経産" if municipality.pk == SAPPORO else municipality.name,
        office=f"{municipality.name}の担当",
        phone="―",
        how_to_pay="通知書の番号を示して、指定金融機関で納めてください。",
        revenue_item=PLANNED_ITEM,
    )


def entered(codes: Collection[str], day: date) -> dict[str, Sender]:
    """The senders of these municipalities on a day, of those for which one was entered."""
    rows = Letterhead.objects.filter(
        municipality__in=codes, is_confirmed=True, starts_on__lte=day
    ).order_by("starts_on", "closed_at", "pk")
    return {row.municipality_id: row.sender for row in rows}  # the newest one holds


def holding(codes: Collection[str], day: date) -> dict[str, Sender]:
    """The senders of these municipalities on a day, in their order.

    Raises NotReady for one that nobody has entered; a demonstration says so on its papers instead.
    """
    towns = Municipality.objects.in_bulk(list(codes))
    known = entered(codes, day)
    if missing := [towns[code].name for code in codes if code not in known and not settings.DEMO]:
        raise NotReady(
            _("通知書の発信者（%(towns)s）が登録されていません。管理者に登録を頼んでください。")
            % {"towns": "、".join(missing)}
        )
    return {code: known.get(code) or planned(towns[code]) for code in codes}


@transaction.atomic
def propose(municipality: Municipality, sender: Sender, starts_on: date, *, by: User) -> Letterhead:
    """Raises NotReady for a day that has passed, or where another proposal waits."""
    if reasons := _in_the_past(starts_on):
        raise NotReady(*reasons)
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
    if Letterhead.objects.filter(municipality=municipality, closed_at=None).exists():
        raise NotReady(
            _("この市町村には、確認を待っている提案があります。先に取り下げてください。")
        )
    row = Letterhead.objects.create(
        municipality=municipality, starts_on=starts_on, proposed_by=by, **asdict(sender)
    )
    _note("letterhead.propose", row, by)
    return row


@transaction.atomic
def confirm(row: Letterhead, *, by: User) -> None:
    """Bring what another administrator proposed into force. Raises Forbidden for whoever proposed it,
    NotReady where it is no longer open or its day has passed.
    """
    fresh = row.held()
    fresh.demand_another(by)
    if reasons := _in_the_past(fresh.starts_on):
        raise NotReady(*reasons)
    fresh.is_confirmed = True
    fresh.close(by)
    _note("letterhead.confirm", fresh, by)


@transaction.atomic
def take_back(row: Letterhead, *, by: User) -> None:
    """Close a proposal. Raises NotReady where it is no longer open."""
    fresh = row.held()
    fresh.close(by)
    _note("letterhead.take_back", fresh, by)


def _in_the_past(starts_on: date) -> list[str]:
    """A paper keeps the sender of its day."""
    if starts_on >= clock.today():
        return []
    return [_("効く日は、今日からの日にしてください。発行した通知書の発信者は変わりません。")]


def _note(action: str, row: Letterhead, by: User) -> None:
    subject = f"letterhead:{row.municipality_id}"
    record(
        chain=subject,
        action=action,
        subject=subject,
        by=by,
        capacity="office",
        starts_on=row.starts_on.isoformat(),
        **asdict(row.sender),
    )
