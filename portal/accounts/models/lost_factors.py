"""Factors that somebody lost, proposed to be taken away so that new ones can be set up."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models.people import User
from portal.types import Visitor
from portal.workflow.proposals import Proposal


class FactorRemoval(Proposal):
    """One person of the office proposes it, having seen who asks; its owner may stop it meanwhile;
    another person confirms it. `stop_hash`: of the secret in the owner's mail.
    """

    # how it was shown who asks: of the office, of a firm
    OF_OFFICE = [
        ("card", _lazy("職員：本人に会い、職員証を確かめた")),
        ("superior", _lazy("職員：上司に会って、本人からの申し出だと確かめた")),
    ]
    OF_FIRM = [
        ("counter", _lazy("事業者：窓口で、本人確認書類と事業者との関係を確かめた")),
        ("letter", _lazy("事業者：登記の所在地に書留で送った番号を、本人が読み上げた")),
        ("gbizid", _lazy("事業者：GビズIDプライムの画面を、本人の端末で確かめた")),
    ]
    OUTCOMES = [
        ("removed", _lazy("外しました")),
        ("stopped", _lazy("持ち主が止めました")),
        ("taken_back", _lazy("取り下げました")),
    ]
    LASTS = timedelta(days=14)  # from the proposal: who was seen longer ago is seen again

    BY_ANOTHER = _lazy("提案した方は確認できません。別の担当が確認します。")
    IS_CLOSED = _lazy("この提案は、もう終わっています。")

    person = models.ForeignKey(User, models.PROTECT, related_name="factor_removals")
    how = models.CharField(max_length=10, choices=[*OF_OFFICE, *OF_FIRM])
    ground = models.TextField()
    waits_until = models.DateTimeField()
    stop_hash = models.CharField(max_length=64, unique=True)
    outcome = models.CharField(max_length=10, choices=OUTCOMES, blank=True)

    class Meta:
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(outcome=""), name="accounts_removal_open_once"
            ),
            models.CheckConstraint(
                condition=~Q(person=F("proposed_by")), name="accounts_removal_not_self"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", closed_at=None)
                | ~Q(outcome="") & Q(closed_at__isnull=False),
                name="accounts_removal_closed",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="removed")
                | Q(closed_by__isnull=False, closed_at__gte=F("waits_until"))
                & ~Q(closed_by=F("proposed_by"))
                & ~Q(closed_by=F("person")),
                name="accounts_removal_four_eyes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.proposed_at:%Y-%m-%d}"

    def is_anothers(self, person: Visitor) -> bool:
        return super().is_anothers(person) and person.pk != self.person_id

    @property
    def ends_at(self) -> datetime:
        return self.proposed_at + self.LASTS

    @property
    def may_be_confirmed(self) -> bool:
        """Whether its owner had the time to stop it, and whoever was seen was seen lately."""
        return self.outcome == "" and self.waits_until <= clock.now() < self.ends_at
