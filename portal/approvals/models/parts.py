"""What an approval consists of: the cases it is about, and the stations of its circulation."""

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.approvals.ports import Change
from portal.cases.models import Case
from portal.registry.models import in_english
from portal.types import Text
from portal.workflow.graph import LifeCycle

# 保存年限: years from 1 April after the decision
KEEP_YEARS = [
    (1, _lazy("1年")),
    (3, _lazy("3年")),
    (5, _lazy("5年")),
    (10, _lazy("10年")),
    (30, _lazy("30年")),
]


class Item(models.Model):
    """One case of an approval, with what the act's form brought for it."""

    approval = models.ForeignKey("portal_approvals.Approval", models.PROTECT, related_name="items")
    n = models.PositiveSmallIntegerField()
    case = models.ForeignKey(Case, models.PROTECT, related_name="approval_items")
    subject_model = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    given = models.JSONField(default=dict)
    # yen that the act decides about it (`Act.sum_of`); None in drafts from before it was kept
    yen = models.BigIntegerField(null=True)
    # what it changes, as (what, before, after): as last put into circulation, then as it ended
    changes = models.JSONField(default=list)
    changes_en = models.JSONField(default=list)  # the same in English

    class Meta:
        ordering = ["n"]
        constraints = [
            models.UniqueConstraint(fields=["approval", "case"], name="approvals_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.approval_id}-{self.n}"

    @property
    def kept_changes(self) -> list[Change]:
        """What it changes, as kept, in the reader's language where that was kept."""
        kept: list[Change] = self.changes_en if in_english() else []
        return kept or self.changes

    @property
    def subject(self) -> LifeCycle:
        found: LifeCycle = apps.get_model(self.subject_model).objects.get(pk=self.subject_id)
        return found


class Dropped(models.Model):
    """A row that was taken out of a draft, as it stood in it, and why."""

    approval = models.ForeignKey(
        "portal_approvals.Approval", models.PROTECT, related_name="dropped"
    )
    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    given = models.JSONField(default=dict)
    reason = models.TextField()
    dropped_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    dropped_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.approval_id}: {self.case}"


class Step(models.Model):
    """One person's part in a round of circulation. kind: agree (回議), consult (合議) or decide (決裁).
    `n`: the station; those of one station are asked together, and all must agree.

    A round that ended early keeps the stations it did not reach.
    """

    KINDS = [("agree", _lazy("回議")), ("consult", _lazy("合議")), ("decide", _lazy("決裁"))]
    DECISIONS = {
        "": _lazy("まだです"),
        "agreed": _lazy("同意"),
        "approved": _lazy("決裁"),
        "deputised": _lazy("代決"),
        "returned": _lazy("差戻し"),
        "refused": _lazy("否決"),
    }

    approval = models.ForeignKey("portal_approvals.Approval", models.PROTECT, related_name="steps")
    round = models.PositiveSmallIntegerField(default=1)
    n = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=KINDS)
    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=12, blank=True)
    opinion = models.TextField(blank=True)
    # 後閲: when the person looked at what a deputy had decided meanwhile
    looked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["round", "n", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["approval", "round", "n", "person"], name="approvals_step_once"
            )
        ]
        # whose drafts wait for whom: of all steps the few that are open
        indexes = [
            models.Index(
                fields=["person"], condition=models.Q(decided_at=None), name="approvals_step_open"
            ),
            models.Index(
                fields=["approval", "round", "n"],
                condition=models.Q(decided_at=None),
                name="approvals_step_before",
            ),
            # by a deputy, and not looked at since
            models.Index(
                fields=["person"],
                condition=models.Q(decided_at__isnull=False, looked_at=None)
                & ~models.Q(decided_by=models.F("person")),
                name="approvals_step_to_look_over",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.approval_id}/{self.n}"

    @property
    def is_by_deputy(self) -> bool:
        return self.decided_by_id is not None and self.decided_by_id != self.person_id

    @property
    def decision_label(self) -> Text:
        label = self.DECISIONS[self.decision]
        if not self.is_by_deputy or self.decision == "deputised":
            return label
        return _("%(decision)s（代決）") % {"decision": label}


def to_look_over(person: User) -> models.Q:
    """Steps that deputies decided while the person was away, and that this one has not looked at."""
    decided = models.Q(person=person, decided_at__isnull=False, looked_at=None)
    return decided & ~models.Q(decided_by=models.F("person"))
