"""実績報告: the completion report, its inspection, and what an officer cuts."""

from datetime import date

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.extensions import overtake_all
from grants.awards.locks import born_on_award
from grants.awards.models import Award
from grants.awards.states import AwardState
from grants.completion import cuts, outgoing, states, summing
from grants.completion.rules import Item
from grants.completion.states import CompletionState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Applicant, office
from portal.cases.models import Case
from portal.closures import calendars
from portal.types import Given
from portal.ui.templatetags import ui
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Requirement,
    state_check,
    state_field,
    transition,
)

OFFICER = office("programme_officer", "inspector")
OF_REPORT = "report"  # of its correction, as an ExtensionRequest names it


def _not_running(report: "CompletionReport") -> list[str]:
    return (
        []
        if report.award.state == AwardState.ACTIVE
        else [_("実施中の補助事業にだけ、実績報告を出せます。")]
    )


class CompletionReport(LifeCycle):
    """One report per award.

    `typed` holds what the applicant typed; `content` what the last submission froze.
    """

    lock_rank = 62
    STATES = CompletionState
    OUTGOING = outgoing.COMPLETION
    EDITABLE = states.EDITABLE
    HANDED_IN = states.HANDED_IN

    case = models.ForeignKey(Case, models.PROTECT, related_name="completion_reports")
    award = models.OneToOneField(Award, models.PROTECT, related_name="completion_report")
    typed = models.JSONField(default=dict)
    content = models.JSONField(default=dict)
    submitted_at = models.DateTimeField(null=True)
    correct_by = models.DateField(null=True)
    return_reason = models.TextField(blank=True)
    inspected_on = models.DateField(null=True)
    inspection_kind = models.CharField(max_length=10, blank=True)
    inspection_note = models.TextField(blank=True)
    inspected_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # what the report came to when it was inspected: no other sum is fixed
    inspected_amount = models.BigIntegerField(null=True)
    state = state_field()

    class Meta:
        constraints = [state_check(CompletionState, "completion_state")]

    def __str__(self) -> str:
        return str(self.case)

    def get_absolute_url(self) -> str:
        return reverse("completion", args=[self.case.number])

    @property
    def told_values(self) -> dict[str, object]:
        return {"day": ui.day(self.correct_by)} if self.correct_by else {}

    @property
    def awaits_inspection(self) -> bool:
        """May be cut from, or given back what was cut?"""
        return bool(self.state == CompletionState.SUBMITTED)

    @property
    def is_returned(self) -> bool:
        return bool(self.state == CompletionState.RETURNED)

    @transition(
        source=UNBORN,
        target=CompletionState.DRAFT,
        label=_lazy("実績報告を始める"),
        done=_lazy("実績報告の準備を始めました"),
        internal=True,
        permission=Applicant(),
        requirements=(Requirement("running", _not_running),),
        locks=born_on_award,
    )
    def begin(self, *, award: Award, **_given: object) -> None:
        if CompletionReport.objects.filter(award=award).exists():
            raise NotReady(_("実績報告は、すでに準備を始めています。"))
        self.award, self.case = award, award.case

    @transition(
        source=states.EDITABLE,
        target=CompletionState.SUBMITTED,
        label=_lazy("実績報告を提出する"),
        done=_lazy("実績報告を提出しました"),
        internal=True,
        permission=Applicant(submitting=True),
        duty="file_report",
        requirements=(Requirement("running", _not_running),),
        locks=lambda report, _given: [report.award],
    )
    def submit(self, *, content: Given, by: User, **_given: object) -> None:
        """Performed by `reporting.submit` alone, which checks and freezes."""
        overtake_all(self.award.application, by=by, about=OF_REPORT)
        self.content, self.submitted_at, self.correct_by = content, clock.now(), None

    @transition(
        source=CompletionState.SUBMITTED,
        target=CompletionState.RETURNED,
        label=_lazy("実績報告の補正を求める"),
        done=_lazy("実績報告の補正をお願いしました"),
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
        source=CompletionState.RETURNED,
        target=CompletionState.RETURNED,
        label=_lazy("実績報告の補正の期限を延ばす"),
        done=_lazy("実績報告の補正の期限を延ばしました"),
        permission=OFFICER,
        reason="required",
        form="correction_extension",
        requirements=(Requirement("running", _not_running),),
    )
    def extend_correction(
        self, *, correct_by: date, by: User, granting: object = None, **_given: object
    ) -> None:
        """A later day, as `Application.extend_correction` gives one. `granting`: the request that is
        granted by it.
        """
        if correct_by <= max(clock.today(), self.correct_by or clock.today()):
            raise NotReady(_("いまの期限より後の日にしてください。"))
        overtake_all(self.award.application, by=by, but=granting, about=OF_REPORT)
        self.correct_by = calendars.of_case(self.case).next_open(correct_by)

    @transition(
        source=CompletionState.SUBMITTED,
        target=CompletionState.INSPECTED,
        label=_lazy("検査を終える"),
        done=_lazy("検査を終えました"),
        tone="solid",
        permission=office("inspector"),
        duty="inspect",
        internal=True,
        requirements=(Requirement("cuts", cuts.unsettled),),
    )
    def inspect(
        self,
        *,
        by: User,
        inspected_on: date,
        inspection_kind: str,
        inspection_note: str,
        **_given: object,
    ) -> None:
        """Performed by the page of the inspection alone, which keeps the words until then."""
        self.inspected_on, self.inspection_kind, self.inspection_note = (
            inspected_on,
            inspection_kind,
            inspection_note,
        )
        self.inspected_by = by
        self.inspected_amount = summing.aid(self, cuts.as_sent(self)).amount
        self.sheets.update(typed={})

    @transition(
        source=CompletionState.INSPECTED,
        target=CompletionState.SUBMITTED,
        label=_lazy("検査をやり直す"),
        done=_lazy("検査をやり直すことにしました"),
        permission=office("inspector"),
        reason="required",
        requirements=(Requirement("open", cuts.closed),),
    )
    def inspect_again(self, **_given: object) -> None:
        """What was seen and written stays, in the inspector's sheet, until it is inspected anew."""
        kept = {"inspection_kind": self.inspection_kind, "inspection_note": self.inspection_note}
        self.sheets.filter(inspector=self.inspected_by).update(
            typed=kept, version=models.F("version") + 1
        )
        self.inspected_on = self.inspected_by = self.inspected_amount = None


class InspectionSheet(models.Model):
    """What an inspector types about a report, kept as typed until the inspection is over.

    It outlives a return for correction: what was seen on the spot is not written twice.
    """

    report = models.ForeignKey(CompletionReport, models.PROTECT, related_name="sheets")
    inspector = models.ForeignKey(User, models.PROTECT, related_name="+")
    typed = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "inspector"], name="completion_sheet_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} {self.inspector_id}"


class Purchase(models.Model):
    """From whom an item was bought, as last submitted: what cases are compared by.

    Yen without tax; written by `reporting.submit`.
    """

    report = models.ForeignKey(CompletionReport, models.PROTECT, related_name="purchases")
    n = models.PositiveSmallIntegerField()
    vendor = models.CharField(max_length=100)
    vendor_key = models.CharField(max_length=200, db_index=True)
    # 法人番号, from the number of a qualified invoice
    number = models.CharField(max_length=13, blank=True)
    amount = models.BigIntegerField()
    second_amount = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "n"], name="completion_purchase_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id} #{self.n} {self.vendor}"


class Cut(models.Model):
    """A part of an item that is not eligible: yen, the rule it rests on, why, and the officer.

    It hangs on the key of its item, and keeps what the item was then: `cuts` says whether it stands.
    """

    report = models.ForeignKey(CompletionReport, models.PROTECT, related_name="cuts")
    key = models.CharField(max_length=16)
    what = models.CharField(max_length=100, blank=True)
    category = models.CharField(max_length=40, blank=True)
    item_amount = models.BigIntegerField(default=0)
    amount = models.BigIntegerField()
    cite = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0), name="completion_cut_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(item_amount=0) | models.Q(amount__lte=models.F("item_amount")),
                name="completion_cut_within",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} #{self.key} −{self.amount}"

    def is_of(self, item: Item) -> bool:
        """Is the item still what this was cut from?"""
        then = (self.what, self.category, self.item_amount)
        return then == (item.what, item.category, item.amount)


class TakenBack(models.Model):
    """A cut that was taken back: what it was, by whom it was made, who took it back and why."""

    report = models.ForeignKey(CompletionReport, models.PROTECT, related_name="taken_back")
    what = models.CharField(max_length=100, blank=True)
    amount = models.BigIntegerField()
    cite = models.CharField(max_length=80)
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.report_id} {self.what} +{self.amount}"
