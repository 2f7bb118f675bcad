"""変更・中止・廃止承認申請: a change of the funded project,
notified where it is minor, else approved before it counts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.awards import outgoing
from grants.awards.locks import born_on_award
from grants.awards.ports import report_lies_with_office
from grants.awards.states import EDITABLE_CHANGES, GRANTED_CHANGES, LIVE_CHANGES, ChangeState
from portal import clock
from portal.accounts.permissions import Applicant, office
from portal.cases.models import Case
from portal.money import is_minor_change
from portal.types import Given
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Living,
    state_check,
    state_field,
    transition,
)

if TYPE_CHECKING:
    from grants.awards.models import Award

# what, category, yen of an item of the plan
PlanItem: TypeAlias = tuple[str, str, int]


def _yen_by_item(items: Iterable[PlanItem]) -> dict[tuple[str, str], int]:
    """(what, category) → yen, of equal items the sum."""
    found: dict[tuple[str, str], int] = defaultdict(int)
    for what, category, yen in items:
        found[what, category] += int(yen)
    return dict(found)


def is_minor(kind: str, approved: Iterable[PlanItem], after: Iterable[PlanItem]) -> bool:
    """A fifth of the smaller item moved, nothing new in the plan, no more yen than it has. Measured by
    the plan as it was approved, so that many small changes are no way around one large one.
    """
    return kind == "costs" and is_minor_change(_yen_by_item(approved), _yen_by_item(after))


def approved_plan(award: "Award") -> list[PlanItem]:
    """The plan as awarded, or as a change was last approved, without what was notified since."""
    since: list[PlanItem] | None = None
    for change in award.changes.filter(kind="costs", state__in=GRANTED_CHANGES).order_by("pk"):
        if change.state == ChangeState.APPROVED:
            since = None
        elif since is None:
            since = [(what, category, yen) for what, category, yen in change.before]
    return award.planned if since is None else since


def _reported(change: "ChangeRequest") -> list[str]:
    """What was reported is inspected against the plan as it stood then."""
    if change.kind == "abandon" or not report_lies_with_office.value(change.award):
        return []
    return [
        _(
            "実績報告が市に届いているので、変更できません。報告の補正を求められたあとに申請できます。"
        )
    ]


class ChangeRequest(LifeCycle):
    """Before and after of every cost item (yen), or a new end of the project, or giving it up."""

    lock_rank = 61
    STATES = ChangeState
    OUTGOING = outgoing.CHANGE
    LIVE = LIVE_CHANGES
    KINDS = [
        ("costs", _lazy("内容・経費の変更")),
        ("delay", _lazy("事業の期間の延長")),
        ("abandon", _lazy("事業の廃止")),
    ]

    case = models.ForeignKey(Case, models.PROTECT, related_name="changes")
    award = models.ForeignKey("grants_awards.Award", models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=10, choices=KINDS)
    reason = models.TextField()
    # [what, category, yen] of each item: of the approved plan, and of the one that is wanted
    before = models.JSONField(default=list)
    after = models.JSONField(default=list)
    ends_on = models.DateField(null=True)
    filed_at = models.DateTimeField(default=clock.now)
    answer = models.TextField(blank=True)
    state = state_field()

    objects = Living.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            state_check(ChangeState, "awards_change_state"),
            models.UniqueConstraint(
                fields=["award"],
                condition=models.Q(state__in=LIVE_CHANGES),
                name="awards_one_change",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.get_kind_display()}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#award"

    @property
    def is_returned(self) -> bool:
        return self.state == ChangeState.RETURNED

    @property
    def is_minor(self) -> bool:
        return is_minor(self.kind, self.before, self.after)

    @property
    def rows(self) -> list[tuple[str, int | None, int | None]]:
        """(what, yen before, yen after) of every item of either side; with its category where the same
        thing stands in several.
        """
        before, after = _yen_by_item(self.before), _yen_by_item(self.after)
        items = list(dict.fromkeys([*before, *after]))
        names = {c.key: c.name for c in self.award.stated.categories}
        said = Counter(what for what, _category in items)
        return [
            (
                what if said[what] == 1 else f"{what}（{names.get(category, category)}）",
                before.get((what, category)),
                after.get((what, category)),
            )
            for what, category in items
        ]

    @transition(
        source=UNBORN,
        target=ChangeState.DRAFT,
        label=_lazy("変更を申請する"),
        done=_lazy("変更の申請を始めました"),
        internal=True,
        permission=Applicant(),
        locks=born_on_award,
    )
    def begin(self, *, award: "Award", **given: object) -> None:
        if award.state not in award.RUNNING:
            raise NotReady(_("実施中の補助事業だけで、変更を申請できます。"))
        if ChangeRequest.objects.live().filter(award=award).exists():
            raise NotReady(_("変更の申請が、すでに出ています。"))
        self.award, self.case, self.filed_at = award, award.case, clock.now()
        self._take(given)

    def _take(self, given: Given) -> None:
        self.kind, self.reason, self.ends_on = given["kind"], given["reason"], given.get("ends_on")
        self.before, self.after = given["before"], given["after"]
        if reasons := _reported(self):
            raise NotReady(*reasons)

    @transition(
        source=EDITABLE_CHANGES,
        target=ChangeState.SUBMITTED,
        label=_lazy("変更を申請する"),
        done=_lazy("変更を申請しました"),
        internal=True,
        permission=Applicant(submitting=True),
    )
    def submit(self, **given: object) -> None:
        self._take(given)
        if self.is_minor:
            raise NotReady(_("軽微な変更は、届け出るだけで済みます。"))

    @transition(
        source=EDITABLE_CHANGES,
        target=ChangeState.NOTIFIED,
        label=_lazy("軽微な変更を届け出る"),
        done=_lazy("軽微な変更を届け出ました"),
        internal=True,
        permission=Applicant(submitting=True),
    )
    def notify(self, **given: object) -> None:
        """Counts at once: the plan is changed in the same transaction by `changing.file`."""
        self._take(given)
        if not self.is_minor:
            raise NotReady(_("軽微な変更ではありません。承認を受けてください。"))

    @transition(
        source=ChangeState.SUBMITTED,
        target=ChangeState.RETURNED,
        label=_lazy("変更の申請を差し戻す"),
        done=_lazy("変更の申請を差し戻しました"),
        permission=office("programme_officer"),
        reason="required",
    )
    def send_back(self, *, reason: str, **_given: object) -> None:
        self.answer = reason

    @transition(
        source=ChangeState.SUBMITTED,
        target=ChangeState.APPROVED,
        label=_lazy("変更を承認する"),
        done=_lazy("変更を承認しました"),
        internal=True,
        permission=office("approver"),
    )
    def approve(self, **_given: object) -> None:
        pass

    @transition(
        source=ChangeState.SUBMITTED,
        target=ChangeState.DENIED,
        label=_lazy("変更を承認しない"),
        done=_lazy("変更を承認しないことにしました"),
        internal=True,
        permission=office("approver"),
        reason="required",
    )
    def deny(self, *, reason: str, **_given: object) -> None:
        self.answer = reason
