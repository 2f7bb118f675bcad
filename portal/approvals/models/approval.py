"""起案・回議・決裁: acts of the office are drafted here, circulated, and executed on approval, all rows or
none.
"""

from __future__ import annotations

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import covers_all, office
from portal.approvals import outgoing, states
from portal.approvals.models.parts import Item, Step
from portal.approvals.models.queries import ApprovalQuerySet
from portal.approvals.ports import acts
from portal.approvals.states import ApprovalState
from portal.approvals.stations import (
    DRAFTERS,
    Deputy,
    Drafter,
    Heir,
    StepPerson,
    before_last,
    last_step,
    may_take,
    no_last_step,
    not_free_to_draft,
    scopes,
)
from portal.cases.models import Case
from portal.types import Given, Row, Text
from portal.workflow.door import write_to
from portal.workflow.errors import Forbidden, NotReady, Refused
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Requirement,
    state_check,
    state_field,
    transition,
)
from portal.workflow.outgoing import Wording


def _cases(subjects: list[Row]) -> list[Case]:
    models.prefetch_related_objects(subjects, "case")
    return [subject.case for subject in subjects]


def _rows(approval: Approval, _given: Given) -> list[models.Model]:
    """Everything the act will touch, so that the outermost perform locks it in the one order."""
    rows: list[models.Model] = []
    for subject, _row_given in approval.rows():
        rows += [subject.case, subject, *acts[approval.act].locks(subject)]
    return rows


class Approval(LifeCycle):
    lock_rank = 50
    STATES = ApprovalState
    LIVE = states.LIVE

    act = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    programme_code = models.CharField(max_length=20)
    municipality_codes = ArrayField(models.CharField(max_length=6))
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    state = state_field()

    objects = ApprovalQuerySet.as_manager()
    _prefetched_objects_cache: dict[str, object]
    proposed: list[Case] = []  # before it is stored: the cases it is to be about

    class Meta:
        ordering = ["-drafted_at", "-pk"]
        constraints = [state_check(ApprovalState, "approvals_state")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("approval", args=[self.pk])

    @property
    def is_circulated(self) -> bool:
        return self.state == ApprovalState.CIRCULATED

    @property
    def act_label(self) -> Text:
        return acts[self.act].label

    @property
    def current_step(self) -> Step | None:
        return next((step for step in self.steps.all() if step.decided_at is None), None)

    @property
    def is_held_by_drafter(self) -> bool:
        """May the drafter still act on every case of it?"""
        roles = [
            role
            for role in self.drafted_by.staff_roles.all()
            if role.role in DRAFTERS and role.is_in_force
        ]
        return covers_all(roles, self.own_scopes)

    def touched_cases(self) -> list[Case]:
        if not self.pk:
            return self.proposed
        known = "items" in getattr(self, "_prefetched_objects_cache", {})
        return [
            item.case
            for item in (
                self.items.all() if known else self.items.select_related("case__organisation")
            )
        ]

    @property
    def own_scopes(self) -> list[tuple[str, list[str]]]:
        """Whoever acts on it acts on every case of it."""
        return scopes(self.touched_cases())

    @property
    def told_as(self) -> str:
        """What mails call it: its title, unless that names a person."""
        people = {
            name for case in self.touched_cases() for name in case.organisation.names_of_people
        }
        return str(self.act_label) if any(name in self.title for name in people) else self.title

    def duty_subjects(self) -> list[str]:
        return [f"approval:{self.pk}", *[f"case:{item.case_id}" for item in self.items.all()]]

    def rows(self) -> list[tuple[Row, Given]]:
        """Each row the act is about, as stored now and with what the act reads, and what its form
        brought.
        """
        items = list(self.items.all())
        if not items:
            return []
        subjects = apps.get_model(items[0].subject_model)._default_manager.in_bulk(
            [item.subject_id for item in items]
        )
        models.prefetch_related_objects(list(subjects.values()), *acts[self.act].reads)
        return [(subjects[item.subject_id], item.given) for item in items]

    def _decide(self, by: User, decision: str, opinion: str) -> None:
        step = self.current_step
        if step is None:
            raise Refused(_("残っている段階がありません。"))
        step.decided_by, step.decision, step.opinion, step.decided_at = (
            by,
            decision,
            opinion,
            clock.now(),
        )
        step.save()
        self._prefetched_objects_cache = {}
        if step.person_id != by.pk:
            write_to(step.person, self, outgoing.DECIDED_FOR_YOU)

    def _ask_next(self) -> None:
        """Mail whoever has the next step; the drafter, where this person can no longer take it."""
        step = self.current_step
        if step is not None and may_take(step.person, step.kind, self.touched_cases()):
            asked = outgoing.TO_DECIDE if step.kind == "decide" else outgoing.TO_AGREE
            write_to(step.person, self, asked)
        elif step is not None:
            self._tell_drafter(outgoing.NOBODY_NEXT)

    def _tell_drafter(self, words: Wording) -> None:
        if self.is_held_by_drafter:
            write_to(self.drafted_by, self, words)

    @transition(
        source=UNBORN,
        target=ApprovalState.DRAFTED,
        label=_lazy("起案する"),
        done=_lazy("起案しました"),
        internal=True,
        permission=office(*DRAFTERS),
        duty="draft_approval",
        locks=lambda _obj, given: _cases([row[0] for row in given["rows"] if row[0] is not None]),
    )
    def begin(
        self,
        *,
        act: str,
        title: str,
        rows: list[tuple[Row, Given]],
        steps: list[tuple[str, User]],
        by: User,
        note: str = "",
        **_given: object,
    ) -> None:
        """`rows`: (subject, given of the act's form) each; `steps`: (kind, person) each, the last
        one "decide".
        """
        self.act, self.title, self.drafted_by, self.note = act, title, by, note
        self.drafted_at = clock.now()
        subjects = [subject for subject, _row_given in rows]
        if None in subjects:
            raise NotReady(_("この案件では、まだ起案できません。"))
        models.prefetch_related_objects(subjects, *acts[act].reads)
        waiting = Item.objects.filter(
            case__in=[row.case for row in subjects], approval__state__in=self.LIVE
        )
        if item := waiting.select_related("case").first():
            raise NotReady(_("%(case)sは、別の起案が決裁を待っています。") % {"case": item.case})
        for subject in subjects:
            if reasons := acts[act].refusals(subject, subjects):
                raise NotReady(*[f"{subject.case}: {reason}" for reason in reasons])
        if reasons := acts[act].misfits(rows):
            raise NotReady(*reasons)
        self.proposed = [row.case for row in subjects]
        if reasons := not_free_to_draft(by, self.proposed):
            raise Forbidden(*reasons)
        first = self.proposed[0]
        self.programme_code, self.municipality_codes = (
            first.programme_code,
            first.municipality_codes,
        )
        for kind, person in steps:
            if person == by or not may_take(person, kind, self.proposed):
                raise NotReady(
                    _(
                        "%(name)sさんは、いまはこの起案のすべての案件を受け持てません。ほかの方を選んでください。"
                    )
                    % {"name": person.name}
                )

    def born(self, by: User, given: Given) -> None:
        """Its rows stand in the order of the act, however they were ticked."""
        brought = {subject.pk: row_given for subject, row_given in given["rows"]}
        ordered = acts[self.act].order([subject for subject, _row_given in given["rows"]])
        Item.objects.bulk_create(
            Item(
                approval=self,
                n=n,
                case=subject.case,
                subject_model=subject._meta.label,
                subject_id=subject.pk,
                given=brought[subject.pk],
            )
            for n, subject in enumerate(ordered, 1)
        )
        for n, (kind, person) in enumerate(given["steps"], 1):
            Step.objects.create(approval=self, n=n, kind=kind, person=person)

    @transition(
        source=states.WITH_DRAFTER,
        target=ApprovalState.CIRCULATED,
        label=_lazy("回議に回す"),
        done=_lazy("回議に回しました"),
        permission=Drafter(),
        requirements=(Requirement("steps", no_last_step),),
        tone="solid",
    )
    def circulate(self, **_given: object) -> None:
        self.steps.update(decided_at=None, decision="", opinion="", decided_by=None)
        self._prefetched_objects_cache = {}
        self._ask_next()

    @transition(
        source=ApprovalState.CIRCULATED,
        target=ApprovalState.CIRCULATED,
        label=_lazy("同意して次へ回す"),
        done=_lazy("同意しました"),
        tone="solid",
        permission=StepPerson(),
        requirements=(Requirement("before_last", before_last),),
        reason="optional",
        asks="agree_approval",
    )
    def agree(self, *, by: User, reason: str = "", **_given: object) -> None:
        self._decide(by, "agreed", reason)
        self._ask_next()

    @transition(
        source=ApprovalState.CIRCULATED,
        target=ApprovalState.APPROVED,
        label=_lazy("決裁する"),
        done=_lazy("決裁しました"),
        tone="solid",
        permission=StepPerson(),
        requirements=(Requirement("last", last_step),),
        reason="optional",
        duty="approve_approval",
        sensitive=True,
        locks=_rows,
    )
    def approve(self, *, by: User, reason: str = "", **_given: object) -> None:
        self._decide(by, "approved", reason)
        self._execute(by)
        self._tell_drafter(outgoing.DECIDED)

    @transition(
        source=ApprovalState.CIRCULATED,
        target=ApprovalState.APPROVED,
        label=_lazy("代わって決裁する（代決）"),
        done=_lazy("代決しました"),
        permission=Deputy(),
        requirements=(Requirement("last", last_step),),
        reason="required",
        duty="approve_approval",
        sensitive=True,
        locks=_rows,
    )
    def approve_as_deputy(self, *, by: User, reason: str, **_given: object) -> None:
        self._decide(by, "deputised", reason)
        self._execute(by)
        self._tell_drafter(outgoing.DECIDED)

    @transition(
        source=ApprovalState.CIRCULATED,
        target=ApprovalState.RETURNED,
        label=_lazy("起案者に差し戻す"),
        done=_lazy("差し戻しました"),
        permission=StepPerson(),
        reason="required",
        asks="agree_approval",
    )
    def send_back(self, *, by: User, reason: str, **_given: object) -> None:
        self._decide(by, "returned", reason)
        self._tell_drafter(outgoing.SENT_BACK)

    @transition(
        source=ApprovalState.CIRCULATED,
        target=ApprovalState.REFUSED,
        label=_lazy("否決する"),
        done=_lazy("否決しました"),
        permission=StepPerson(),
        reason="required",
        asks="approve_approval",
        tone="danger",
    )
    def refuse(self, *, by: User, reason: str, **_given: object) -> None:
        self._decide(by, "refused", reason)
        self.decided_at = clock.now()
        self._tell_drafter(outgoing.REFUSED)

    @transition(
        source=states.LIVE,
        target=ApprovalState.WITHDRAWN,
        label=_lazy("起案を取り下げる"),
        done=_lazy("起案を取り下げました"),
        permission=Heir(),
        reason="optional",
    )
    def withdraw(self, *, by: User, **_given: object) -> None:
        self.decided_at = clock.now()
        step = self.current_step if self.state == ApprovalState.CIRCULATED else None
        if step is not None and step.person_id != by.pk:
            write_to(step.person, self, outgoing.WITHDRAWN)
        if self.drafted_by_id != by.pk:
            self._tell_drafter(outgoing.WITHDRAWN)

    def _execute(self, by: User) -> None:
        """Run the act for every row. One refusal refuses all, with the row named."""
        self.decided_at = clock.now()
        act, rows = acts[self.act], self.rows()
        if reasons := act.misfits(rows):
            raise NotReady(*reasons)
        if act.effect_all is not None:
            act.effect_all(rows, by=by, approval=self)
            return
        refused = []
        for subject, given in rows:
            try:
                act.effect(subject, by=by, given=given, approval=self)
            except Refused as error:
                refused += [f"{subject.case}: {reason}" for reason in error.reasons]
        if refused:
            raise NotReady(*refused)
