"""Roles of the office, and what is proposed of them."""

from datetime import date, datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models.people import User
from portal.registry.models import Municipality
from portal.types import Visitor
from portal.workflow.proposals import CLOSED_BY_ANOTHER, Proposal


class RoleTerms(models.Model):
    """Which role of the office, over what, since when and until when; blank scope = all.

    `assigned_only`: of its scope only the cases that the person has in hand. `rank`: of an approver.
    """

    ROLES = [
        ("programme_officer", _lazy("制度担当")),
        ("reviewer", _lazy("審査員")),
        ("approver", _lazy("決裁者")),
        ("inspector", _lazy("検査員")),
        ("finance_officer", _lazy("経理担当")),
        ("accounting_officer", _lazy("会計管理者")),
        ("challenge_owner", _lazy("課題担当")),
        ("concierge", _lazy("デジタルコンシェルジュ")),
        ("auditor", _lazy("監査（閲覧のみ）")),
        ("administrator", _lazy("システム管理")),
    ]
    # 職位: up to which sum an approver decides is said by them (portal/approvals/ruling.py); lowest first
    RANKS = [
        ("section_chief", _lazy("課長")),
        ("department_head", _lazy("部長")),
        ("bureau_head", _lazy("局長")),
        ("vice_mayor", _lazy("副市長")),
        ("mayor", _lazy("市長")),
    ]
    CASE_ROLES = frozenset(name for name, _label in ROLES) - {"administrator"}
    # who sees by scope and has cases in hand: all others see by what is assigned to them anyway
    NARROWED = ("programme_officer",)

    role = models.CharField(max_length=20, choices=ROLES)
    programme_code = models.CharField(max_length=20, blank=True)
    municipality = models.ForeignKey(Municipality, models.PROTECT, null=True, blank=True)
    assigned_only = models.BooleanField(default=False)
    rank = models.CharField(max_length=20, choices=RANKS, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True


class StaffRole(RoleTerms):
    """A dated role of the office, scoped to a programme and a municipality.

    It stays as it was granted; its end alone is set, to an earlier day each time, and each is kept
    (`RoleEnd`). One that was taken away before it began ends before it begins.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="staff_roles")
    granted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    # when it was taken away at once; none where it ends with its last day
    ended_at = models.DateTimeField(null=True, editable=False)

    # keys of the cases that it brings from beyond its scope, and of those within it that a room says,
    # as `visibility.look_beyond` found them
    beyond: list[int] | None = None
    within: list[int] | None = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=models.F("granted_by")), name="accounts_role_not_self"
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None)
                | Q(ends_on__gte=models.F("starts_on"))
                | Q(ended_by__isnull=False),
                name="accounts_role_days",
            ),
            models.CheckConstraint(
                condition=Q(assigned_only=False) | Q(role__in=RoleTerms.NARROWED),
                name="accounts_role_narrowed",
            ),
            models.CheckConstraint(
                condition=Q(rank="") | Q(role="approver"), name="accounts_role_ranked"
            ),
            # what an administrator does is about everybody: there is none of a town or a programme
            models.CheckConstraint(
                condition=~Q(role="administrator") | Q(programme_code="", municipality=None),
                name="accounts_role_whole",
            ),
        ]
        indexes = [models.Index(fields=["person", "role"], name="accounts_role_person")]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()}"

    @property
    def is_in_force(self) -> bool:
        return self.starts_on <= clock.today() and (
            self.ends_on is None or self.ends_on >= clock.today()
        )

    @property
    def never_began(self) -> bool:
        """Was it taken away before its first day? One that was used and taken away on one day did begin."""
        until = clock.day_of(self.ended_at) if self.ended_at else self.ends_on
        return until is not None and until < self.starts_on

    @property
    def ended(self) -> date | datetime | None:
        """Until when it holds: the moment at which it was taken away, else its last day."""
        return self.ended_at or self.ends_on

    @property
    def is_everywhere(self) -> bool:
        """Does it count for every programme and municipality, whoever has the case in hand?"""
        return not (self.programme_code or self.municipality_id or self.assigned_only)

    def covers(
        self, programme_code: str, municipality_codes: list[str], officer: int | None = None
    ) -> bool:
        """Does it count for a row of this scope, whose case `officer` (a key) has in hand?"""
        is_theirs = not self.assigned_only or officer == self.person_id
        return is_theirs and self.reaches(programme_code, municipality_codes)

    def lies_in(self, other: "StaffRole") -> bool:
        """Does whatever lies in its scope lie in that of another role, too?"""
        return (
            not other.assigned_only
            and other.programme_code in ("", self.programme_code)
            and other.municipality_id in (None, self.municipality_id)
        )

    def reaches(self, programme_code: str, municipality_codes: list[str]) -> bool:
        """Does such a row lie in its scope, whoever has it in hand?"""
        programme = self.programme_code in ("", programme_code)
        return programme and (
            self.municipality_id is None or self.municipality_id in municipality_codes
        )


class RoleEnd(models.Model):
    """The last day of a role as it was granted, or set later. The trigger of `StaffRole` writes it
    (migration 0016); the newest one is what the role itself says.
    """

    role = models.ForeignKey(StaffRole, models.PROTECT, related_name="ends")
    ends_on = models.DateField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.role_id} {self.ends_on}"


class RoleProposal(Proposal, RoleTerms):
    """A role that one administrator proposed. It gives no right; another administrator confirms it.

    `takes_from`: the role of a predecessor, which ends the day before (引継ぎ).
    """

    BY_ANOTHER = _lazy("提案した方は確認できません。別の管理者が確認します。")

    person = models.ForeignKey(User, models.PROTECT, related_name="role_proposals")
    takes_from = models.ForeignKey(StaffRole, models.PROTECT, null=True, related_name="+")
    granted = models.OneToOneField(
        StaffRole, models.PROTECT, null=True, related_name="proposal"
    )  # none where it was taken back

    class Meta:
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=models.F("proposed_by")), name="accounts_proposal_not_self"
            ),
            models.CheckConstraint(
                condition=Q(granted=None) | CLOSED_BY_ANOTHER & ~Q(closed_by=models.F("person")),
                name="accounts_proposal_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(assigned_only=False) | Q(role__in=RoleTerms.NARROWED),
                name="accounts_proposal_narrowed",
            ),
            models.CheckConstraint(
                condition=Q(rank="") | Q(role="approver"), name="accounts_proposal_ranked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_role_display()}"

    def is_anothers(self, person: Visitor) -> bool:
        return super().is_anothers(person) and person.pk != self.person_id
