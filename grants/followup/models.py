"""The asset register, and everything that is filed after the award:
status, use, effect, input tax, disposals.
"""

from datetime import date

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.awards.locks import born_on_award
from grants.awards.models import Award
from grants.awards.states import AwardState
from grants.followup import figures, outgoing, states
from grants.followup.open_clues import Clue, Dismissal
from grants.followup.schedule import add_months
from grants.followup.states import FilingState
from portal import clock, money
from portal.accounts.permissions import Applicant, office
from portal.cases.models import Case
from portal.closures import calendars
from portal.types import Given
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Living,
    Requirement,
    state_check,
    state_field,
    transition,
)
from portal.workflow.proposals import CLOSED_BY_ANOTHER, Proposal

__all__ = ["Asset", "Clue", "Dismissal", "Filing", "LifeChange"]

OFFICER = office("programme_officer")
FILE_KEY = "filing_"  # begins the key under which the papers of a filing lie
ASKED_AHEAD = 12  # months before a disposal in which it may be asked
KINDS = [
    ("progress", _lazy("状況報告")),
    ("use", _lazy("利用状況の報告")),
    ("effect", _lazy("事業効果の報告")),
    ("vat", _lazy("消費税仕入控除税額の報告")),
    ("disposal", _lazy("財産処分の申請")),
]


def named(kind: str, period: int) -> str:
    """A kind of report with its period, in the reader's language."""
    after = {"use": _("（%(n)sか月後）"), "effect": _("（%(n)s年目）")}.get(kind, "")
    return f"{dict(KINDS)[kind]}{after % {'n': period} if after else ''}"


class Asset(models.Model):
    """取得財産等管理台帳: one asset of an award,
    bought for at least the programme's limit a piece (yen without tax).
    """

    award = models.ForeignKey(Award, models.PROTECT, related_name="assets")
    item = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=100)
    model = models.CharField(max_length=100, blank=True)
    quantity = models.PositiveIntegerField(default=1)
    cost = models.BigIntegerField()
    acquired_on = models.DateField()
    life_years = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)
    disposed_on = models.DateField(null=True)

    class Meta:
        ordering = ["item", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["award", "item"], name="followup_asset_once"),
            models.CheckConstraint(
                condition=Q(cost__gt=0, quantity__gt=0, life_years__gt=0),
                name="followup_asset_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unit_price(self) -> int:
        return self.cost // self.quantity

    @property
    def restricted_until(self) -> date:
        """処分を制限する期間の終わり: the statutory life from the day it was acquired (適化法施行令 14条)."""
        return add_months(self.acquired_on, self.life_years * 12)

    @property
    def residual(self) -> int:
        """残存簿価 today, yen."""
        counts = self.award.stated.begun_month_counts
        used = money.months_used(self.acquired_on, clock.today(), begun_counts=counts)
        return money.residual_value(self.cost, used, self.life_years)

    @property
    def is_restricted(self) -> bool:
        """Until the day for which its disposal was approved it stays so."""
        today = clock.today()
        is_given_up = self.disposed_on is not None and self.disposed_on <= today
        return not is_given_up and today < self.restricted_until

    @property
    def is_to_be_asked(self) -> bool:
        """Is an approval still needed before it is given up?"""
        return self.disposed_on is None and self.is_restricted

    @property
    def days_of_disposal(self) -> tuple[date, date]:
        """The first and the last day for which its disposal may be asked: what comes back is less the
        later it is.
        """
        ahead = add_months(clock.today(), ASKED_AHEAD)
        return self.acquired_on, min(self.restricted_until, ahead)


class LifeChange(Proposal):
    """Another statutory life of an asset (years), with its ground, as one person proposed it. How long
    an asset may not be given up and what comes back for it hang on it.
    """

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="life_changes")
    years = models.PositiveSmallIntegerField()
    ground = models.CharField(max_length=300)
    is_confirmed = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["asset"], condition=Q(closed_at=None), name="followup_one_life_change"
            ),
            models.CheckConstraint(condition=Q(years__gt=0), name="followup_life_positive"),
            models.CheckConstraint(
                condition=Q(is_confirmed=False) | CLOSED_BY_ANOTHER,
                name="followup_life_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset} {self.years}"


def _may_start(filing: "Filing") -> list[str]:
    during = filing.kind == "progress"
    if filing.award.state in ((AwardState.ACTIVE,) if during else Award.FIXED):
        return []
    return [
        _("実施中の補助事業にだけ報告できます。")
        if during
        else _("補助金の額が確定したあとに報告できます。")
    ]


def _by_act(filing: "Filing") -> list[str]:
    if filing.kind == "disposal":
        return [_("財産の処分は、起案と決裁を通して承認します。")]
    return [_("返還する額があります。起案して返還を命じてください。")] if filing.refund else []


def _figures_read(filing: "Filing") -> list[str]:
    if filing.kind != "effect" or filing.checked:
        return []
    return [_("先に、決算書の数字を読み取って記録してください。")]


def _is_disposal(filing: "Filing") -> list[str]:
    return [] if filing.kind == "disposal" else [_("取り下げられるのは、財産処分の申請だけです。")]


class Filing(LifeCycle):
    """One report or request.

    `typed`: as typed; `content`: frozen at submission; `checked`: what the officer read in the
    accounts.
    """

    lock_rank = 75
    STATES = FilingState
    OUTGOING = outgoing.FILING
    EDITABLE = states.EDITABLE
    LIVE = states.LIVE

    case = models.ForeignKey(Case, models.PROTECT, related_name="filings")
    award = models.ForeignKey(Award, models.PROTECT, related_name="filings")
    kind = models.CharField(max_length=10, choices=KINDS)
    period = models.PositiveSmallIntegerField(default=0)
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="filings")
    due_on = models.DateField(null=True)
    typed = models.JSONField(default=dict)
    content = models.JSONField(default=dict)
    checked = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(null=True)
    correct_by = models.DateField(null=True)
    return_reason = models.TextField(blank=True)
    state = state_field()

    objects = Living.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            state_check(FilingState, "followup_filing_state"),
            models.CheckConstraint(
                condition=Q(kind__in=[key for key, _label in KINDS]), name="followup_filing_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind="disposal") ^ Q(asset=None), name="followup_filing_asset"
            ),
            models.UniqueConstraint(
                fields=["award", "kind", "period"],
                condition=~Q(kind="disposal"),
                name="followup_filing_once",
            ),
            models.UniqueConstraint(
                fields=["asset"],
                condition=Q(state__in=states.LIVE),
                name="followup_disposal_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("filing", args=[self.case.number, self.pk])

    @property
    def is_returned(self) -> bool:
        return bool(self.state == FilingState.RETURNED)

    @property
    def is_disposal(self) -> bool:
        return self.kind == "disposal"

    @property
    def title(self) -> str:
        return f"{named(self.kind, self.period)}{f'：{self.asset.name}' if self.asset else ''}"

    @property
    def file_key(self) -> str:
        return f"{FILE_KEY}{self.pk}"

    @property
    def share(self) -> figures.Share:
        report = self.award.completion_report
        spent = sum(int(row["amount"]) for row in report.content["items"])
        cut = sum(report.cuts.values_list("amount", flat=True))
        return figures.Share(self.award.fixed_amount or 0, max(spent - cut, 1))

    @property
    def refund(self) -> int:
        """Yen that comes back because of what was filed."""
        lines = self.lines
        return lines[-1].yen if lines else 0

    @property
    def lines(self) -> list[figures.Line]:
        """The sum of a disposal or of input tax, line by line; empty before it was submitted."""
        if self.kind == "vat" and self.content:
            subsidy = self.checked.get("subsidy", self.award.payable)
            return figures.tax(subsidy, self.content)
        if self.asset is None or not self.content:
            return []
        asset, on = self.asset, date.fromisoformat(self.content["on"])
        return figures.disposal(
            asset.cost,
            asset.acquired_on,
            asset.life_years,
            self.share,
            on=on,
            proceeds=int(self.content["proceeds"] or 0),
            begun_counts=self.award.stated.begun_month_counts,
        )

    @transition(
        source=UNBORN,
        target=FilingState.DRAFT,
        label=_lazy("書き始める"),
        done=_lazy("報告の準備を始めました"),
        internal=True,
        permission=Applicant(),
        requirements=(Requirement("state", _may_start),),
        locks=born_on_award,
    )
    def begin(
        self,
        *,
        award: Award,
        kind: str,
        period: int = 0,
        asset: Asset | None = None,
        due_on: date | None = None,
        **_given: object,
    ) -> None:
        self.award, self.case, self.kind, self.period = award, award.case, kind, period
        self.asset, self.due_on = asset, due_on

    @transition(
        source=states.EDITABLE,
        target=FilingState.SUBMITTED,
        label=_lazy("提出する"),
        done=_lazy("報告を提出しました"),
        internal=True,
        permission=Applicant(submitting=True),
    )
    def submit(self, *, content: Given, **_given: object) -> None:
        """Performed by `filing.submit` alone, which checks and freezes."""
        self.content, self.submitted_at, self.correct_by = content, clock.now(), None

    @transition(
        source=states.LIVE,
        target=FilingState.WITHDRAWN,
        label=_lazy("申請を取り下げる"),
        done=_lazy("申請を取り下げました"),
        permission=Applicant(submitting=True),
        tone="danger",
        requirements=(Requirement("disposal", _is_disposal),),
    )
    def withdraw(self, **_given: object) -> None:
        pass

    @transition(
        source=FilingState.SUBMITTED,
        target=FilingState.RETURNED,
        label=_lazy("補正を求める"),
        done=_lazy("報告の補正をお願いしました"),
        permission=OFFICER,
        reason="required",
        form="completion_return",
    )
    def return_for_correction(
        self, *, reason: str, correct_by: date | None = None, **_given: object
    ) -> None:
        office = calendars.of_case(self.case)
        self.return_reason = reason
        self.correct_by = office.next_open(correct_by) if correct_by else None

    @transition(
        source=FilingState.SUBMITTED,
        target=FilingState.ACCEPTED,
        label=_lazy("受理する"),
        done=_lazy("報告を受理しました"),
        tone="solid",
        permission=OFFICER,
        requirements=(Requirement("act", _by_act), Requirement("figures", _figures_read)),
    )
    def accept(self, **_given: object) -> None:
        pass

    @transition(
        source=FilingState.SUBMITTED,
        target=FilingState.ACCEPTED,
        label=_lazy("返還を命じて受理する"),
        done=_lazy("報告を受理し、返還を命じました"),
        internal=True,
        permission=office("approver"),
    )
    def settle(self, **_given: object) -> None:
        """Performed by the act that orders the input tax back, which lowers what may be kept: the
        sum goes on saying what it was found from.
        """
        self.checked = self.checked | {"subsidy": self.award.payable}

    @transition(
        source=FilingState.SUBMITTED,
        target=FilingState.ACCEPTED,
        label=_lazy("処分を承認する"),
        done=_lazy("財産の処分を承認しました"),
        internal=True,
        permission=office("approver"),
    )
    def allow(self, **_given: object) -> None:
        """Performed by the act that approves a disposal and orders its share back."""

    @transition(
        source=FilingState.SUBMITTED,
        target=FilingState.DENIED,
        label=_lazy("処分を承認しない"),
        done=_lazy("財産の処分を承認しませんでした"),
        internal=True,
        permission=office("approver"),
        reason="required",
    )
    def deny(self, **_given: object) -> None:
        pass
