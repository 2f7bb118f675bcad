"""起案・回議・決裁: acts of the office are drafted here, circulated, and executed on approval, all rows or
none.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Scope, covers_all, office
from portal.approvals import outgoing, states
from portal.approvals.models import circulation, contents
from portal.approvals.models.parts import KEEP_YEARS, Item, Step
from portal.approvals.models.queries import ApprovalQuerySet
from portal.approvals.ports import Draw, acts
from portal.approvals.states import ApprovalState
from portal.approvals.stations import (
    DRAFTERS,
    Deputy,
    Drafter,
    Heir,
    StepPerson,
    before_last,
    last_step,
    no_last_step,
    not_free_to_draft,
    scopes,
)
from portal.cases.models import Case
from portal.types import Given, Row, Text
from portal.workflow.door import write_to
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Requirement,
    state_check,
    state_field,
    transition,
)


def _cases(subjects: list[Row]) -> list[Case]:
    models.prefetch_related_objects(subjects, "case")
    return [subject.case for subject in subjects]


def _touched(approval: Approval, _given: Given) -> list[models.Model]:
    return contents.touched(acts[approval.act], approval.rows())


class Approval(LifeCycle):
    lock_rank = 50
    STATES = ApprovalState
    LIVE = states.LIVE

    number = models.CharField(max_length=40, unique=True)  # 文書番号
    act = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    programme_code = models.CharField(max_length=20)
    municipality_codes = ArrayField(models.CharField(max_length=6))
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)
    basis = models.CharField(max_length=300, blank=True)  # the provision it is decided under
    keep_years = models.PositiveSmallIntegerField(choices=KEEP_YEARS, default=5)
    # what it took of the budget, as `Draw.frozen`; written when it ends
    budget = models.JSONField(default=list)
    round = models.PositiveSmallIntegerField(default=1)  # of its circulation
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
    def is_decided(self) -> bool:
        return self.state == ApprovalState.APPROVED

    @property
    def drawn(self) -> list[Draw]:
        """What it took of the budget, as it stood when it ended."""
        return [Draw(**kept) for kept in self.budget]

    @property
    def steps_now(self) -> list[Step]:
        """The stations of the round that it is in."""
        return [step for step in self.steps.all() if step.round == self.round]

    @property
    def current_step(self) -> Step | None:
        return next((step for step in self.steps_now if step.decided_at is None), None)

    @property
    def is_with_drafter(self) -> bool:
        return self.state in states.WITH_DRAFTER

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
    def own_scopes(self) -> list[Scope]:
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

    def fallen(self) -> dict[int, list[str]]:
        """While it waits: the cases that the act can no longer be about, with why."""
        return contents.fallen(self) if self.is_live else {}

    def rows(self) -> list[tuple[Row, Given]]:
        """Each row the act is about, as stored now, and what its form brought."""
        return contents.rows(acts[self.act], list(self.items.all()))

    def forget_rows(self) -> None:
        """Its rows and stations were changed: they are read anew."""
        self._prefetched_objects_cache = {}

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
        basis: str = "",
        keep_years: int = 5,
        **_given: object,
    ) -> None:
        """`rows`: (subject, given of the act's form) each; `steps`: (kind, person) each, the last
        one "decide"; `basis`: the provision; `keep_years`: how long the document is kept.
        """
        self.act, self.drafted_by, self.drafted_at = act, by, clock.now()
        self._say(title=title, note=note, rows=rows, steps=steps, by=by)
        self.basis, self.keep_years = basis, keep_years
        waiting = Item.objects.filter(case__in=self.proposed, approval__state__in=self.LIVE)
        if item := waiting.select_related("case").first():
            raise NotReady(_("%(case)sは、別の起案が決裁を待っています。") % {"case": item.case})
        first = self.proposed[0]
        self.programme_code, self.municipality_codes = (
            first.programme_code,
            first.municipality_codes,
        )
        self.number = contents.next_number()

    def _say(
        self,
        *,
        title: str,
        note: str,
        rows: list[tuple[Row, Given]],
        steps: list[tuple[str, User]],
        by: User,
    ) -> None:
        """What the draft says, as far as it can be drafted so; `proposed` are its cases then."""
        self.title, self.note = title, note
        self.proposed = contents.proposed(acts[self.act], rows)
        if reasons := not_free_to_draft(by, self.proposed):
            raise Forbidden(*reasons)
        contents.demand_able(steps, self.proposed, by)

    def born(self, by: User, given: Given) -> None:
        """Its rows stand in the order of the act, however they were ticked."""
        contents.write(self, acts[self.act], given["rows"])
        circulation.set_route(self, given["steps"])

    @transition(
        source=states.WITH_DRAFTER,
        target=ApprovalState.DRAFTED,
        label=_lazy("起案を直す"),
        done=_lazy("起案を直しました"),
        internal=True,
        permission=Drafter(),
        locks=_touched,
    )
    def revise(
        self,
        *,
        title: str,
        note: str,
        rows: list[tuple[Row, Given]],
        steps: list[tuple[str, User]],
        by: User,
        basis: str = "",
        keep_years: int = 5,
        dropped: Mapping[int, str] | None = None,
        **_given: object,
    ) -> None:
        """As `begin`, of rows that the draft has; `dropped`: case → why it is taken out of it."""
        contents.drop(self, dropped or {}, by)
        self._say(title=title, note=note, rows=rows, steps=steps, by=by)
        self.basis, self.keep_years = basis, keep_years
        contents.write_again(list(self.items.all()), rows)
        circulation.renew(self, steps)

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
        """Once somebody has spoken, a new round is opened, with the same route: what was said
        stays.
        """
        if circulation.has_spoken(self):
            circulation.renew(self, [(step.kind, step.person) for step in self.steps_now])
        circulation.ask_next(self)

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
        circulation.decide(self, by, "agreed", reason)
        circulation.ask_next(self)

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
        locks=_touched,
    )
    def approve(self, *, by: User, reason: str = "", **_given: object) -> None:
        self._decide(by, "approved", reason)

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
        locks=_touched,
    )
    def approve_as_deputy(self, *, by: User, reason: str, **_given: object) -> None:
        self._decide(by, "deputised", reason)

    def _decide(self, by: User, decision: str, reason: str) -> None:
        circulation.decide(self, by, decision, reason)
        self._end()
        contents.execute(self, self.rows(), by)
        circulation.tell_drafter(self, outgoing.DECIDED)

    def _end(self) -> None:
        """It is over, and what was before those who ended it stays as it was."""
        self.decided_at = clock.now()
        contents.freeze(self)

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
        circulation.decide(self, by, "returned", reason)
        circulation.tell_drafter(self, outgoing.SENT_BACK)

    @transition(
        source=ApprovalState.CIRCULATED,
        target=ApprovalState.CIRCULATED,
        label=_lazy("行えなくなった案件を外す"),
        done=_lazy("案件を起案から外しました"),
        permission=StepPerson(),
        reason="required",
        asks="agree_approval",
        form="drop_rows",
    )
    def drop_rows(self, *, cases: list[int], reason: str, by: User, **_given: object) -> None:
        """Of what can no longer be done at all: anything else is sent back to its drafter."""
        if set(cases) - contents.fallen(self).keys():
            raise NotReady(_("まだ行える案件は外せません。起案者に差し戻してください。"))
        contents.drop(self, dict.fromkeys(cases, reason), by)

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
        circulation.decide(self, by, "refused", reason)
        self._end()
        circulation.tell_drafter(self, outgoing.REFUSED)

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
            circulation.tell_drafter(self, outgoing.WITHDRAWN)
