"""返還: money that has to come back, why, how much with surcharge and arrears, and what has come."""

from collections.abc import Collection
from datetime import date, timedelta
from itertools import groupby
from math import inf

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.awards.locks import born_on_award
from grants.awards.models import Award
from grants.payments import settling
from grants.recovery import outgoing, states
from grants.recovery.agreed import Instalment, lapses_on
from grants.recovery.receipts import MoneyIn as MoneyIn
from grants.recovery.reckoned import Reckoned as Reckoned
from grants.recovery.requests import LaterRequest as LaterRequest
from grants.recovery.requests import answer
from grants.recovery.states import RecoveryState
from portal import clock, fiscal
from portal.accounts.models import User
from portal.accounts.permissions import office
from portal.cases.models import Case, NumberSeries
from portal.interest import PaidIn, Plan
from portal.types import Given
from portal.workflow.door import at_end, send_out
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Requirement,
    state_check,
    state_field,
    transition,
)

FINANCE = office("finance_officer")
DOUBTED = _lazy("納付の記録の取消しが提案されています。取消しの確認か、提案の取下げが先です。")


def _due(recovery: "Recovery") -> list[str]:
    left = recovery.owed()["left"]
    return [_("まだ%(left)s円が納められていません。") % {"left": f"{left:,}"}] if left else []


def _doubted(recovery: "Recovery") -> list[str]:
    return [str(DOUBTED)] if any(row.is_doubted for row in recovery.standing) else []


def _has_receipts(recovery: "Recovery") -> list[str]:
    return [_("納付の記録があるため、取り消せません。")] if recovery.came_back else []


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def owed(self) -> "RecoveryQuerySet":
        return self.filter(state__in=states.OWED)

    def for_sums(self) -> "RecoveryQuerySet":
        """With what sums and lists reckon of each."""
        rows = self.select_related("award", "reckoned")
        return rows.prefetch_related("receipts", "agreed", "demands", "later_requests")


class Recovery(LifeCycle):
    """One sum to come back.

    Yen; `with_surcharge` only where the recipient is at fault (適化法 19条1項).
    """

    lock_rank = 70
    STATES = RecoveryState
    OUTGOING = outgoing.RECOVERY
    OWED = states.OWED
    LET_GO = states.LET_GO
    coming: MoneyIn | None = None  # a receipt that `too_much_of` looks at
    GROUNDS = [
        ("revoked", _lazy("交付決定の取消し")),
        ("partly", _lazy("交付決定の一部の取消し")),
        ("circumstances", _lazy("事情の変更")),
        ("abandoned", _lazy("補助事業の廃止")),
        ("withdrawn", _lazy("申請の取下げ")),
        ("surplus", _lazy("受け取れる額を超えた支払い")),
        ("disposal", _lazy("財産の処分")),
        ("vat", _lazy("消費税仕入控除税額の確定")),
        ("late_use", _lazy("使用の遅れによる違約金")),
    ]
    # 加算金 attaches to revocation for fault alone
    NO_FAULT = ("surplus", "circumstances", "abandoned", "withdrawn", "disposal", "vat", "late_use")
    # never money of the year's line: it is no payment that comes back (地方自治法施行令 159条)
    REVENUE = ("disposal", "vat", "late_use")

    case = models.ForeignKey(Case, models.PROTECT, related_name="recoveries")
    award = models.ForeignKey(Award, models.PROTECT, related_name="recoveries")
    ground = models.CharField(max_length=14, choices=GROUNDS)
    reason = models.TextField()
    principal = models.BigIntegerField()
    # yen by which the decision behind it lowered what the recipient may have, paid or not
    lowered = models.BigIntegerField(default=0)
    with_surcharge = models.BooleanField(default=False)
    received_on = models.DateField()
    # [day received, yen] of the instalments it is deemed to be of, the last first
    parts = models.JSONField(default=list)
    ordered_on = models.DateField()
    serial = models.PositiveIntegerField()  # within its fiscal year
    due_on = models.DateField()
    state = state_field()

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            state_check(RecoveryState, "recovery_state"),
            models.CheckConstraint(condition=Q(principal__gt=0), name="recovery_positive"),
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("ordered_on")), name="recovery_due_later"
            ),
            models.CheckConstraint(
                condition=~Q(
                    ground__in=[
                        "surplus",
                        "circumstances",
                        "abandoned",
                        "withdrawn",
                        "disposal",
                        "vat",
                        "late_use",
                    ]
                )
                | Q(with_surcharge=False),
                name="recovery_no_fault_no_surcharge",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.principal:,}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#recovery"

    def duty_subjects(self) -> list[str]:
        """What it was paid by: whoever booked none of that confirms it."""
        return [row.duty_subject for row in self.standing if row.counted]

    @property
    def standing(self) -> list[MoneyIn]:
        """The receipts that were not taken back, and one that is about to be booked, by the day of
        payment.
        """
        rows = [row for row in self.receipts.all() if row.taken_back_at is None]
        rows += [self.coming] if self.coming else []
        return sorted(rows, key=lambda row: (row.paid_on, row.pk or inf))

    @property
    def came_back(self) -> int:
        """Yen that came back, whatever for, but for what was too much."""
        return sum(row.counted for row in self.standing)

    @property
    def held(self) -> int:
        """Yen of what came in that were too much and are not given back yet."""
        return sum(row.over for row in self.standing if row.refunded_on is None)

    def too_much_of(self, coming: MoneyIn) -> int:
        """Yen of a receipt, not booked yet, beyond what is owed with it: also where it is of an earlier
        day than others, from which on less accrued to them.
        """
        over = max(coming.amount - self.owed(coming.paid_on)["left"], 0)
        self.coming, coming.over = coming, over
        beyond = self.came_back - self.owed(self.standing[-1].paid_on)["total"]
        self.coming = None
        return over + max(beyond, 0)

    def came_in(self, more: int = 0) -> list[PaidIn]:
        """What came back for the principal, then for `more` yen: receipts pay the principal first
        (施行令 10条2項).
        """
        found, left = [], self.principal + more
        for row in self.standing:
            part = min(row.counted, left)
            if part:
                found.append(PaidIn(row.paid_on, part))
            left -= part
        return found

    @property
    def principal_back(self) -> int:
        """Yen of the principal that came back."""
        return sum(row.amount for row in self.came_in())

    @property
    def instalments_back(self) -> list[PaidIn]:
        """The instalments that this sum is deemed to be of, the last first."""
        rows = self.parts or [[self.received_on.isoformat(), self.principal]]
        return [PaidIn(date.fromisoformat(str(day)), int(yen)) for day, yen in rows]

    @property
    def plans(self) -> list[Plan]:
        """What is due when: as ordered, then as each deferral set it from the day after it on."""
        found = [Plan(date.min, (PaidIn(self.due_on, self.principal),))]
        for _n, group in groupby(self.agreed.all(), key=lambda row: row.deferral):
            rows = list(group)
            parts = tuple(PaidIn(row.due_on, row.amount) for row in rows)
            before = self.principal - sum(row.amount for row in rows)
            found.append(Plan(rows[0].agreed_on + timedelta(days=1), parts, before))
        return found

    @property
    def instalments(self) -> tuple[PaidIn, ...]:
        """The parts in force: day and yen of each."""
        return self.plans[-1].parts

    @property
    def next_due(self) -> date:
        """The day of the first part that has not come back; of the last one where all has."""
        plan, back = self.plans[-1], self.principal_back
        day_after = [part.on + timedelta(days=1) for part in plan.parts]
        open_days = [day for day in day_after if plan.due_before(day) > back]
        return (open_days or day_after)[0 if open_days else -1] - timedelta(days=1)

    @property
    def lapses_on(self) -> date:
        """消滅時効: the last day on which it can still be enforced."""
        renewed = [row.demanded_on for row in self.demands.all()]
        renewed += [row.agreed_on for row in self.agreed.all()]
        # who set it off asked for it alone; who paid a part acknowledged it
        renewed += [row.paid_on for row in self.standing if row.set_off_id is None]
        return lapses_on(self.next_due, renewed)

    @property
    def number(self) -> str:
        """調定番号: by which finance finds what comes in."""
        return f"{fiscal.era_fiscal_year(fiscal.fiscal_year(self.ordered_on))}第{self.serial}号"

    @property
    def owes_on_surcharge(self) -> bool:
        """Are arrears reckoned on its surcharge too?"""
        return self.with_surcharge and self.award.stated.interest.arrears_base == "with_surcharge"

    def _arrears(self, on: date) -> int:
        """延滞金, yen as of a day: on the principal, or also on the surcharge that there was when it was
        due.
        """
        law, more = self.award.stated.interest, 0
        if self.owes_on_surcharge:
            more = law.surcharge(self.instalments_back, self.came_in(), self.due_on)
        paid = self.came_in(more)
        done = sum(row.amount for row in paid) >= self.principal + more
        plans = [plan.with_last(more) for plan in self.plans]
        return law.arrears(plans, paid, paid[-1].on if done and paid else on)

    @classmethod
    def asked_of(cls, awards: Collection[Award]) -> set[int]:
        """Those awards, by primary key, of which something is owed. One query."""
        return set(cls.objects.owed().filter(award__in=awards).values_list("award", flat=True))

    def owed(self, on: date | None = None) -> dict[str, int]:
        """Yen as of a day: principal, surcharge, arrears, fees, all, paid, left."""
        today = on or clock.today()
        law, paid = self.award.stated.interest, self.came_in()
        done = sum(row.amount for row in paid) >= self.principal
        until = paid[-1].on if done and paid else today
        extra = law.surcharge(self.instalments_back, paid, until) if self.with_surcharge else 0
        late = self._arrears(today)
        fees = sum(row.fee for row in self.demands.all())
        total = self.principal + extra + late + fees
        came = self.came_back
        left = 0 if self.state in self.LET_GO else max(total - came, 0)
        return {
            "principal": self.principal,
            "surcharge": extra,
            "arrears": late,
            "fees": fees,
            "total": total,
            "paid": came,
            "left": left,
        }

    @transition(
        source=UNBORN,
        target=RecoveryState.ORDERED,
        label=_lazy("返還を命じる"),
        done=_lazy("返還を命じました"),
        internal=True,
        permission=office("approver"),
        locks=born_on_award,
    )
    def begin(
        self,
        *,
        award: Award,
        ground: str,
        principal: int,
        due_on: date,
        parts: list[PaidIn],
        reason: str,
        with_surcharge: bool = False,
        lowered: int = 0,
        **_given: object,
    ) -> None:
        self.lowered = lowered
        self.award, self.case, self.ground, self.principal, self.reason = (
            award,
            award.case,
            ground,
            principal,
            reason,
        )
        self.with_surcharge, self.due_on, self.ordered_on = with_surcharge, due_on, clock.today()
        year = fiscal.fiscal_year(self.ordered_on)
        self.serial = NumberSeries.one(f"recovery-{year}")
        self.parts = [[row.on.isoformat(), row.amount] for row in parts]
        self.received_on = min(row.on for row in parts)

    def born(self, by: User, given: Given) -> None:
        """納入の通知: the order says that and why, the slip how much until when (地方自治法 231条)."""
        send_out(self, outgoing.SLIP)

    @transition(
        source=states.OWED,
        target=RecoveryState.DEFERRED,
        label=_lazy("履行の延期を認める"),
        done=_lazy("返還の期限を延ばしました"),
        internal=True,
        permission=office("approver"),
    )
    def defer(self, *, parts: list[PaidIn], by: User, **_given: object) -> None:
        """履行延期の特約 (地方自治法施行令 171条の6), executed by its act: each part has its own day from now
        on, and what has accrued until today stays owed.
        """
        last = max((row.deferral for row in self.agreed.all()), default=0)
        Instalment.objects.bulk_create(
            Instalment(
                case=self.case,
                recovery=self,
                deferral=last + 1,
                agreed_on=clock.today(),
                due_on=part.on,
                amount=part.amount,
            )
            for part in parts
        )
        answer(self, "agree", by=by)

    @transition(
        source=states.OWED,
        target=RecoveryState.CLOSED,
        label=_lazy("納付を確認して終える"),
        done=_lazy("返還が済みました"),
        tone="solid",
        permission=FINANCE,
        duty="confirm_receipt",
        requirements=(Requirement("paid", _due), Requirement("undoubted", _doubted)),
        locks=lambda recovery, _given: [recovery.award],
    )
    def close(self, *, by: User, **_given: object) -> None:
        """Another than booked what came has seen it in the books: the award closes with it."""
        answer(self, "overtake", by=by)
        at_end(settling.close_now, (self.award_id, by))

    @transition(
        source=RecoveryState.CLOSED,
        target=RecoveryState.ORDERED,
        label=_lazy("返還の終わりを取り消す"),
        done=_lazy("返還の終わりを取り消しました"),
        internal=True,
        permission=office("finance_officer", "approver"),
        reason="required",
    )
    def reopen(self, **_given: object) -> None:
        """Performed where what closed it is taken back (`taking_back`) or undone (`undoing`)."""

    @transition(
        source=states.OWED,
        target=RecoveryState.WAIVED,
        label=_lazy("返還を免除する"),
        done=_lazy("返還を免除しました"),
        internal=True,
        permission=office("approver"),
        reason="required",
    )
    def waive(self, *, by: User, **_given: object) -> None:
        """債権の免除, executed by its act, with its ground (`papers.WAIVER_GROUNDS`)."""
        answer(self, "overtake", by=by)

    @transition(
        source=states.OWED,
        target=RecoveryState.CANCELLED,
        label=_lazy("返還命令を取り消す"),
        done=_lazy("返還命令を取り消しました"),
        internal=True,
        permission=office("approver"),
        reason="required",
        requirements=(Requirement("unpaid", _has_receipts),),
    )
    def cancel(self, *, by: User, **_given: object) -> None:
        """Executed by its act: the order was wrong, or the decision behind it fell away."""
        answer(self, "overtake", by=by)
