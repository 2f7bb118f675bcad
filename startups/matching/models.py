"""マッチング: one proposal, one challenge, one municipality;
each decided by the municipality's own two people.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.applications.deciding import decidable_from
from grants.applications.models import Application
from grants.applications.obstacles import open_findings
from grants.applications.states import ELIGIBLE, READY
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Applicant, Scope, office
from portal.cases.models import Case
from portal.registry.models import Municipality
from portal.types import Text
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Living,
    Requirement,
    state_check,
    state_field,
    transition,
)
from startups.challenges.models import Challenge
from startups.matching import outgoing, states
from startups.matching.states import MatchState

OWNER = office("challenge_owner")
DECIDER = office("approver")


def _not_picked(match: "Match") -> list[str]:
    if match.state == MatchState.PROPOSED or match.slot is not None:
        return []
    return [_("提案者が面談の日時を選ぶと、記録を書けます。")]


def _no_opinion(match: "Match") -> list[str]:
    return [] if match.opinion else [_("先に、担当課が記録と意見を書きます。")]


def _findings(match: "Match") -> list[str]:
    return open_findings(match.application)


def not_yet(application: Application) -> list[str]:
    """Others may still propose to the same challenge:
    no municipality begins with whoever came first.
    """
    until = decidable_from(application)
    if until is None or clock.now() > until:
        return []
    text = _("提案の受付が%(until)sまで続いています。受付が終わってから、マッチングを始めます。")
    return [text % {"until": application.call.intake_until(until)}]


def _intake_lasts(match: "Match") -> list[str]:
    return not_yet(match.application)


def _not_wanted(match: "Match") -> list[str]:
    return (
        []
        if match.opinion == "agree"
        else [_("担当課が「実証を行いたい」とした提案だけを採択できます。")]
    )


class Match(LifeCycle):
    """A proposal before one municipality about one challenge.

    `slots`: moments offered, ISO text; `slot`: the one picked.
    """

    lock_rank = 80
    STATES = MatchState
    OUTGOING = outgoing.MATCH
    office_role = "challenge_owner"
    LIVE = states.LIVE
    OPINIONS = [("agree", _lazy("実証を行いたい")), ("decline", _lazy("見送りたい"))]

    case = models.ForeignKey(Case, models.PROTECT, related_name="matches")
    application = models.ForeignKey(Application, models.PROTECT, related_name="matches")
    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="matches")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    respond_by = models.DateField()
    slots = models.JSONField(default=list)
    place = models.CharField(max_length=120, blank=True)
    slot = models.DateTimeField(null=True)
    minutes = models.TextField(blank=True)
    opinion = models.CharField(max_length=10, blank=True, choices=OPINIONS)
    reason = models.TextField(blank=True)  # what the letter says
    decided_on = models.DateField(null=True)
    state = state_field()

    objects = Living.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            state_check(MatchState, "matching_state"),
            models.UniqueConstraint(
                fields=["application", "challenge", "municipality"], name="matching_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=states.DECIDED) | ~models.Q(reason=""),
                name="matching_decided_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.municipality}"

    @property
    def act_facts(self) -> Sequence[tuple[Text, str]]:
        return [(_lazy("市町村"), str(self.municipality))]

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#matches"

    @property
    def is_interviewing(self) -> bool:
        return self.state == MatchState.INTERVIEWING

    @property
    def is_proposed(self) -> bool:
        return self.state == MatchState.PROPOSED

    @property
    def own_scope(self) -> Scope:
        """A match is its municipality's alone, whoever else reads the case."""
        return Scope(self.case.programme_code, [self.municipality_id], self.case.assigned_to_id)

    def duty_subjects(self) -> list[str]:
        return [self.subject_key]

    @transition(
        source=UNBORN,
        target=MatchState.PROPOSED,
        label=_lazy("マッチングを始める"),
        done=_lazy("市町村での検討が始まりました"),
        internal=True,
        permission=office("programme_officer", "concierge"),
        requirements=(
            Requirement("intake_over", _intake_lasts),
            Requirement("findings", _findings),
        ),
        locks=lambda _obj, given: [given["application"].case, given["application"]],
    )
    def begin(
        self,
        *,
        application: Application,
        challenge: Challenge,
        municipality: Municipality,
        respond_by: date,
        **_given: object,
    ) -> None:
        """Raises NotReady before the documents are accepted."""
        if application.state not in READY:
            raise NotReady(_("受理されたか、審査の済んだ提案だけを、マッチングに進められます。"))
        self.case, self.application, self.challenge = application.case, application, challenge
        self.municipality, self.respond_by = municipality, respond_by

    @transition(
        source=states.LIVE,
        target=MatchState.INTERVIEWING,
        label=_lazy("面談の日時を示す"),
        done=_lazy("面談の日時をお知らせしました"),
        tone="solid",
        permission=OWNER,
        form="match_slots",
    )
    def invite(self, *, slots: list[str], place: str, **_given: object) -> None:
        self.slots, self.place, self.slot = slots, place, None

    @transition(
        source=MatchState.INTERVIEWING,
        target=MatchState.INTERVIEWING,
        label=_lazy("面談の日時を選ぶ"),
        done=_lazy("面談の日時を選びました"),
        tone="solid",
        permission=Applicant(),
        form="match_pick",
    )
    def pick(self, *, slot: str, **_given: object) -> None:
        """Raises NotReady for a time that is not offered (any more), and for the one that is picked."""
        if slot not in self.slots:
            raise NotReady(_("示された日時から選んでください。"))
        if (picked := datetime.fromisoformat(slot)) == self.slot:
            raise NotReady(_("この日時は、すでに選んでいます。"))
        self.slot = picked

    @transition(
        source=states.LIVE,
        target=MatchState.INTERVIEWING,
        label=_lazy("記録と意見を書く"),
        done=_lazy("検討の記録を書きました"),
        permission=OWNER,
        duty="recommend_match",
        form="match_opinion",
        requirements=(Requirement("picked", _not_picked),),
    )
    def consider(self, *, minutes: str, opinion: str, **_given: object) -> None:
        self.minutes, self.opinion = minutes, opinion

    @transition(
        source=MatchState.INTERVIEWING,
        target=MatchState.AGREED,
        label=_lazy("実証を決定する"),
        done=_lazy("実証に進むことが決まりました"),
        tone="solid",
        permission=DECIDER,
        duty="decide_match",
        reason="required",
        sensitive=True,
        requirements=(
            Requirement("opinion", _no_opinion),
            Requirement("wanted", _not_wanted),
            Requirement("findings", _findings),
        ),
    )
    def agree(self, *, by: User, reason: str, **_given: object) -> None:
        self._decide(by, reason)

    @transition(
        source=MatchState.INTERVIEWING,
        target=MatchState.DECLINED,
        label=_lazy("見送りを決定する"),
        done=_lazy("今回は見送りとなりました"),
        tone="danger",
        permission=DECIDER,
        duty="decide_match",
        reason="required",
        requirements=(Requirement("opinion", _no_opinion),),
    )
    def decline(self, *, by: User, reason: str, **_given: object) -> None:
        self._decide(by, reason)

    @transition(
        source=states.LIVE,
        target=MatchState.WITHDRAWN,
        label=_lazy("提案を辞退する"),
        done=_lazy("提案を辞退しました"),
        permission=Applicant(submitting=True),
        reason="optional",
        tone="danger",
    )
    def withdraw(self, *, by: User, reason: str = "", **_given: object) -> None:
        self._end(by, reason)

    def _decide(self, by: User, reason: str) -> None:
        """With the first decision about a proposal its selection is kept as it is now."""
        proposal = Application.objects.select_related("call").get(pk=self.application_id)
        if proposal.state in ELIGIBLE:
            proposal.keep_grounds(by)
        self._end(by, reason)

    def _end(self, by: User, reason: str) -> None:
        """提案の終結: with its last match the proposal itself is concluded,
        unless it has ended in another way before.
        """
        self.reason, self.decided_on = reason, clock.today()
        others = Match.objects.live().filter(application=self.application).exclude(pk=self.pk)
        proposal = Application.objects.get(pk=self.application_id)
        if not others.exists() and proposal.state in proposal.specs()["conclude"].sources:
            perform(proposal, "conclude", by=by)
