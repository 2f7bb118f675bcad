"""A change of a running call: proposed by one person with its reason, made once another approves."""

from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes import amending, calling_off, outgoing, pausing, steps
from grants.programmes.models.calls import Call
from grants.programmes.models.programmes import Programme
from grants.programmes.models.rights import BY_APPROVERS, BY_EDITORS
from grants.programmes.ports import end_undecided, rules_changed, undecided_in
from grants.programmes.states import CallChangeState, CallState
from portal import clock, fiscal
from portal.accounts.models import User
from portal.accounts.permissions import OfEveryTown
from portal.types import Text
from portal.workflow.door import perform
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Living,
    Requirement,
    state_check,
    state_field,
    transition,
)


def _not_running(change: "CallChange") -> list[str]:
    if change.call.is_running:
        return []
    return [_("公表してから結果を公表するまでの公募回だけ、変えられます。")]


def _not_alone(change: "CallChange") -> list[str]:
    if not change.call.changes.live().exists():
        return []
    return [
        _(
            "この公募回には、承認を待っている変更があります。先にそれを承認するか、取り下げてください。"
        )
    ]


def _misfits(change: "CallChange") -> list[str]:
    """Why the call cannot be changed so, as it stands now."""
    call = change.call
    found: list[str] = []
    if change.calls_off:
        return _not_called_off(call)
    if not change.closes_at and not change.now_differs:
        found += [_("いまの内容と同じです。変えるところを入力してください。")]
    if change.closes_at:
        found += _not_an_end(call, change.closes_at)
    if change.programme is not None:
        found += _not_an_amendment(call, change.programme)
    if change.project_ends_on < call.project_ends_on:
        found += [_("事業の終わりの日は、早められません。計画を立てた方がいます。")]
    last = change.closes_at or call.last_closes_at
    if last is not None and change.decision_on <= clock.day_of(last):
        found += [_("交付決定の予定日は、受付の終わりより後の日にしてください。")]
    if change.project_ends_on <= change.decision_on:
        found += [_("事業の終わりの日は、交付決定の予定日より後の日にしてください。")]
    if fiscal.fiscal_year(change.project_ends_on) > fiscal.fiscal_year(call.project_ends_on):
        found += [
            _(
                "公表した公募回の事業の終わりの日は、次の年度へ移せません。支払う予算の年度が変わります。"
            )
        ]
    return found


def _not_called_off(call: Call) -> list[str]:
    """Once the intake is over, towns match, panels score and books of a year stand on what came in."""
    if not call.is_intake_over:
        return []
    return [_("受付が終わった公募は、中止できません。申請は1件ずつ、理由を付けて決めます。")]


def _not_an_end(call: Call, closes_at: datetime) -> list[str]:
    """An intake that runs may end earlier, one that is over may open once more."""
    return _not_open_again(call, closes_at) if call.is_intake_over else _not_early(call, closes_at)


def _not_open_again(call: Call, closes_at: datetime) -> list[str]:
    if not call.is_running:
        return [_("選考が始まっているので、受付をもう一度開くことはできません。")]
    return [
        *([_("新しい締切は、これから来る日にしてください。")] if closes_at <= clock.now() else []),
        *steps.beyond(call, closes_at),
    ]


def _not_early(call: Call, closes_at: datetime) -> list[str]:
    last, first = call.last_closes_at, call.periods.first()
    if first is None or last is None or not max(clock.now(), first.opens_at) < closes_at < last:
        return [
            _("新しい締切は、これから来る日で、いまの締切（%(until)s）より前にしてください。")
            % {"until": call.intake_until(last)}
        ]
    return []


def _not_an_amendment(call: Call, programme: Programme) -> list[str]:
    if programme != call.programme.in_force or programme == call.programme:
        return [_("制度の、承認されている新しい版を選んでください。")]
    if call.is_intake_over:
        return [_("受付が終わったので、募集の内容は変えられません。")]
    if names := amending.not_changeable(call.stated, programme.stated):
        return [
            _("公表したあとに変えられない所が、新しい版で変わっています：%(names)s")
            % {"names": "、".join(sorted(names))}
        ]
    return []


# asked when it is proposed, and again when it is approved
POSSIBLE = (Requirement("running", _not_running), Requirement("fits", _misfits))


class CallChange(OfEveryTown, LifeCycle):
    """公募の変更: calling it off, another end of the intake (earlier, or once it is over later), other days, or a newer
    revision of the programme.

    The days it leaves as they are repeat the call's.
    """

    lock_rank = 21
    STATES = CallChangeState
    LIVE = (CallChangeState.PROPOSED,)

    call = models.ForeignKey(Call, models.PROTECT, related_name="changes")
    public_reason = models.TextField()
    calls_off = models.BooleanField(default=False)
    closes_at = models.DateTimeField(null=True)  # of another end of the intake
    decision_on = models.DateField()
    project_ends_on = models.DateField()
    # the revision whose rules hold from then on
    programme = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="+")
    # as the call was when it was made: its days by name as ISO text, and the revision
    was = models.JSONField(default=dict)
    instead_of = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True)
    state = state_field()

    objects = Living.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            state_check(CallChangeState, "programmes_call_change_state"),
            models.UniqueConstraint(
                fields=["call"],
                condition=models.Q(state=CallChangeState.PROPOSED),
                name="programmes_one_change_proposed",
            ),
        ]

    def __str__(self) -> str:
        return _("%(call)sの変更") % {"call": self.call}

    def get_absolute_url(self) -> str:
        return self.call.get_absolute_url()

    @property
    def programme_code(self) -> str:
        return self.call.programme_code

    @property
    def municipality_codes(self) -> list[str]:
        return list(self.call.municipality_codes)

    @property
    def audit_chain(self) -> str:
        return self.call.audit_chain

    @property
    def taken(self) -> list[tuple[Text, str]]:
        return calling_off.hit(self.call) if self.calls_off else []

    @property
    def act_facts(self) -> list[tuple[Text, str]]:
        if not self.calls_off:
            return []
        ending = (_("公募"), str(CallState.CANCELLED.info.label))
        return [ending, (_("公表する理由"), self.public_reason), *self.taken]

    def changed_rows(self) -> list[models.Model]:
        """What stands still while it is approved."""
        rows: list[models.Model] = [self.call]
        if self.calls_off:
            rows += self.call.budget_lines.all()
            for case in undecided_in.value(self.call):
                rows += [case, case.application]
        return rows

    @property
    def now_differs(self) -> bool:
        """Whether the call is another than this leaves it."""
        days = (self.decision_on, self.project_ends_on)
        return self.programme is not None or days != (
            self.call.decision_on,
            self.call.project_ends_on,
        )

    @transition(
        source=UNBORN,
        target=CallChangeState.PROPOSED,
        label=_lazy("公募の変更を提案する"),
        done=_lazy("公募の変更を提案しました"),
        internal=True,
        permission=BY_EDITORS,
        duty="edit_programme",
        requirements=(*POSSIBLE, Requirement("alone", _not_alone)),
        locks=lambda _obj, given: [given["call"]],
    )
    def begin(
        self,
        *,
        call: Call,
        public_reason: str,
        by: User,
        closes_at: datetime | None = None,
        decision_on: date | None = None,
        project_ends_on: date | None = None,
        programme: Programme | None = None,
        calls_off: bool = False,
        **_given: object,
    ) -> None:
        self.call, self.public_reason, self.proposed_by = call, public_reason, by
        self.closes_at, self.programme, self.calls_off = closes_at, programme, calls_off
        self.decision_on = decision_on or call.decision_on
        self.project_ends_on = project_ends_on or call.project_ends_on

    @transition(
        source=CallChangeState.PROPOSED,
        target=CallChangeState.APPROVED,
        label=_lazy("変更を承認する"),
        done=_lazy("公募の変更を承認しました"),
        tone="solid",
        permission=BY_APPROVERS,
        duty="approve_programme",
        requirements=POSSIBLE,
        locks=lambda change, _given: change.changed_rows(),
    )
    def approve(self, *, by: User, **_given: object) -> None:
        """Public at once. Drafts stay, and everybody who has begun or applied is told."""
        call = self.call
        self.made_at, self.was = clock.now(), _days_of(call)
        if self.calls_off:
            self.call = perform(call, "call_off", by=by)
            end_undecided.value(self.call, by)
            return
        self.instead_of = call.programme if self.programme else None
        is_later = call.is_intake_over
        if self.closes_at:
            _end(call, self.closes_at)
        call.decision_on, call.project_ends_on = self.decision_on, self.project_ends_on
        if self.programme is not None:
            for listener in rules_changed.values():
                listener(call)
            call.programme = self.programme
            call.freeze()
        call.version += 1
        call.save()
        if self.closes_at and is_later and call.is_paused:
            self.call = perform(call, "reopen", by=by, at=self.made_at)
            return
        of_the_end = outgoing.EXTENDED if is_later else outgoing.ENDS_EARLY
        pausing.tell_drafts(call, of_the_end if self.closes_at else outgoing.AMENDED, by)
        if not self.closes_at:
            pausing.tell_applicants(call, outgoing.AMENDED_AFTER, by)

    @transition(
        source=CallChangeState.PROPOSED,
        target=CallChangeState.DENIED,
        label=_lazy("変更を認めない"),
        done=_lazy("公募の変更を認めませんでした"),
        permission=BY_APPROVERS,
        reason="required",
    )
    def deny(self, **_given: object) -> None:
        pass

    @transition(
        source=CallChangeState.PROPOSED,
        target=CallChangeState.WITHDRAWN,
        label=_lazy("提案を取り下げる"),
        done=_lazy("公募の変更の提案を取り下げました"),
        permission=BY_EDITORS,
    )
    def withdraw(self, **_given: object) -> None:
        pass


def _days_of(call: Call) -> dict[str, str]:
    last = call.last_closes_at
    return {
        "closes_at": clock.stamp(last) if last else "",
        "decision_on": f"{call.decision_on}",
        "project_ends_on": f"{call.project_ends_on}",
    }


def _end(call: Call, closes_at: datetime) -> None:
    """No period reaches beyond the new end; the last one that was over reaches until then."""
    last = call.periods.latest("closes_at")
    if last.closes_at < closes_at:
        last.closes_at = closes_at
        last.save()
        return
    call.periods.filter(opens_at__gte=closes_at).delete()
    call.periods.filter(closes_at__gt=closes_at).update(closes_at=closes_at)
