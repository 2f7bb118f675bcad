"""起案・回議・決裁: acts of the office are drafted here, circulated, and executed on approval, all rows or
none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import Either, office
from portal.approvals import outgoing, states
from portal.approvals.models import attachments, circulation, contents
from portal.approvals.models.drafted import Drafted
from portal.approvals.models.rules import tables_of
from portal.approvals.ports import acts
from portal.approvals.rules import Ruled, below_rule, ruled
from portal.approvals.standing_in import StandIn, covers
from portal.approvals.states import ApprovalState
from portal.approvals.stations import (
    DRAFTERS,
    Drafter,
    Heir,
    StepPerson,
    before_last,
    last_step,
    no_last_step,
    not_free_to_draft,
)
from portal.cases.models import Case
from portal.documents.models import StoredFile
from portal.registry.models import in_english
from portal.types import Given, Row
from portal.workflow.door import write_to
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.graph import UNBORN, Requirement, transition

RANKED: Requirement[Approval] = Requirement("rank", below_rule)
AT_STATION: Either = Either((StepPerson(), StandIn()))
CHECKED = Requirement("attachments", attachments.unready)
AS_CIRCULATED = Requirement("as_circulated", contents.moved)
FILES_AS_CIRCULATED = Requirement("files_as_circulated", attachments.moved)
AS_SAID = (AS_CIRCULATED, FILES_AS_CIRCULATED)


def _cases(subjects: list[Row]) -> list[Case]:
    models.prefetch_related_objects(subjects, "case")
    return [subject.case for subject in subjects]


def _touched(approval: Approval, _given: Given) -> list[models.Model]:
    return contents.touched(acts[approval.act], approval.rows())


class Approval(Drafted):
    class Meta(Drafted.Meta):
        indexes = [models.Index(fields=["-drafted_at", "-id"], name="approvals_newest")]

    @property
    def is_held_by_drafter(self) -> bool:
        """May the drafter still act on every case of it?"""
        return covers(self.drafted_by, DRAFTERS, self)

    @cached_property
    def ruled(self) -> Ruled | None:
        """The rule of 専決 that its sums fall under now."""
        tables = tables_of(self.touched_cases())
        return ruled(tables, self.act, acts[self.act], self.rows()) if tables else None

    @property
    def ruled_by(self) -> str:
        """The rule it is decided by, in words: as it is now, or as it was when it ended."""
        if self.is_live:
            return str(self.ruled or "")
        return (in_english() and self.decided_under_en) or self.decided_under

    @property
    def left_after_dropping(self) -> str:
        """How many cases are still in it, where some were taken out: what was typed may tell of more."""
        gone = self.dropped.count()
        if not gone:
            return ""
        return _("この起案からは%(gone)s件が外され、%(left)s件が残っています。") % {
            "gone": gone,
            "left": self.items.count(),
        }

    def fallen(self) -> dict[int, list[str]]:
        """While it waits: the cases that the act can no longer be about, with why."""
        return contents.fallen(self) if self.is_live else {}

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
        wanted_on: date | None = None,
        agree_together: bool = False,
        **_given: object,
    ) -> None:
        """`rows`: (subject, given of the act's form) each; `steps`: (kind, person) each, the last
        one "decide"; `basis`: the provision; `keep_years`: how long the document is kept;
        `wanted_on`: the day by which it should be decided; `agree_together`: those of 回議 are asked
        at once.
        """
        self.act, self.drafted_by, self.drafted_at = act, by, clock.now()
        self._say(title=title, note=note, rows=rows, steps=steps, by=by)
        self.basis, self.keep_years, self.wanted_on = basis, keep_years, wanted_on
        self.agree_together = agree_together
        waiting = contents.in_hand(self.proposed)
        if reasons := [
            f"{case}: {contents.whereabouts(waiting[case.pk])}"
            for case in self.proposed
            if case.pk in waiting
        ]:
            raise NotReady(*reasons)
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
        contents.demand_able(self, steps, self.proposed, by)

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
        wanted_on: date | None = None,
        agree_together: bool = False,
        dropped: Mapping[int, str] | None = None,
        **_given: object,
    ) -> None:
        """As `begin`, of rows that the draft has; `dropped`: case → why it is taken out of it."""
        contents.drop(self, dropped or {}, by)
        self._say(title=title, note=note, rows=rows, steps=steps, by=by)
        self.basis, self.keep_years, self.wanted_on = basis, keep_years, wanted_on
        self.agree_together = agree_together
        contents.write_again(list(self.items.all()), acts[self.act], rows)
        circulation.renew(self, steps)

    @transition(
        source=states.WITH_DRAFTER,
        target=ApprovalState.DRAFTED,
        label=_lazy("ファイルを添える"),
        done=_lazy("起案にファイルを添えました"),
        internal=True,
        permission=Drafter(),
    )
    def attach(
        self, *, files: list[tuple[str, StoredFile]], by: User, sha256: str, **_given: object
    ) -> None:
        """`files`: (name, file) each; `sha256`: theirs, for the record."""
        attachments.add(self, files, by)

    @transition(
        source=states.WITH_DRAFTER,
        target=ApprovalState.DRAFTED,
        label=_lazy("添付を外す"),
        done=_lazy("添付を起案から外しました"),
        internal=True,
        permission=Drafter(),
    )
    def detach(self, *, attachment: int, by: User, **_given: object) -> None:
        attachments.remove(self, attachment, by)

    @transition(
        source=states.WITH_DRAFTER,
        target=ApprovalState.CIRCULATED,
        label=_lazy("回議に回す"),
        done=_lazy("回議に回しました"),
        permission=Drafter(),
        requirements=(Requirement("steps", no_last_step), RANKED, CHECKED),
        tone="solid",
    )
    def circulate(self, **_given: object) -> None:
        """What it changes is kept as everybody is to agree to it. Once somebody has spoken, a new
        round is opened, with the same route: what was said stays.
        """
        contents.keep_changes(self, self.rows())
        attachments.keep(self)
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
        requirements=(Requirement("before_last", before_last), *AS_SAID),
        reason="optional",
        duty="agree_approval",
    )
    def agree(self, *, by: User, reason: str = "", **_given: object) -> None:
        circulation.pass_on(self, by, reason)

    @transition(
        source=ApprovalState.CIRCULATED,
        target=ApprovalState.CIRCULATED,
        label=_lazy("代わって同意する（代決）"),
        done=_lazy("代わって同意しました（代決）"),
        tone="solid",
        permission=StandIn(),
        requirements=(Requirement("before_last", before_last), *AS_SAID),
        reason="optional",
        duty="agree_approval",
    )
    def agree_as_deputy(self, *, by: User, reason: str = "", **_given: object) -> None:
        circulation.pass_on(self, by, reason)

    @transition(
        source=ApprovalState.CIRCULATED,
        target=ApprovalState.APPROVED,
        label=_lazy("決裁する"),
        done=_lazy("決裁しました"),
        tone="solid",
        permission=StepPerson(),
        requirements=(Requirement("last", last_step), RANKED, *AS_SAID),
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
        tone="solid",
        permission=StandIn(),
        requirements=(Requirement("last", last_step), RANKED, *AS_SAID),
        reason="optional",
        duty="approve_approval",
        sensitive=True,
        locks=_touched,
    )
    def approve_as_deputy(self, *, by: User, reason: str = "", **_given: object) -> None:
        self._decide(by, "deputised", reason)

    def _decide(self, by: User, decision: str, reason: str) -> None:
        circulation.decide(self, by, decision, reason)
        rows = (
            self.rows()
        )  # of what is kept and of what is done: nothing is written between the two
        self._end(rows)
        contents.execute(self, rows, by)
        circulation.tell_drafter(self, outgoing.DECIDED)

    def _end(self, rows: list[tuple[Row, Given]]) -> None:
        """It is over, and what was before those who ended it stays as it was."""
        self.decided_at = clock.now()
        contents.freeze(self, rows)

    @transition(
        source=ApprovalState.CIRCULATED,
        target=ApprovalState.RETURNED,
        label=_lazy("起案者に差し戻す"),
        done=_lazy("差し戻しました"),
        permission=AT_STATION,
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
        permission=AT_STATION,
        reason="required",
        asks="agree_approval",
        form="drop_rows",
    )
    def drop_rows(self, *, cases: list[int], reason: str, by: User, **_given: object) -> None:
        """Of what can no longer be done at all: anything else is sent back to its drafter."""
        if set(cases) - contents.fallen(self).keys():
            raise NotReady(_("まだ行える案件は外せません。起案者に差し戻してください。"))
        before = self.touched_cases()
        stay = [case for case in before if case.pk not in cases]
        self.title = contents.title_after(acts[self.act], self.title, before, stay)
        contents.drop(self, dict.fromkeys(cases, reason), by)

    @transition(
        source=ApprovalState.CIRCULATED,
        target=ApprovalState.REFUSED,
        label=_lazy("否決する"),
        done=_lazy("否決しました"),
        permission=AT_STATION,
        reason="required",
        asks="approve_approval",
        tone="danger",
    )
    def refuse(self, *, by: User, reason: str, **_given: object) -> None:
        circulation.decide(self, by, "refused", reason)
        self._end(self.rows())
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
        for person in circulation.asked(self) if self.is_circulated else []:
            if person != by:
                write_to(person, self, outgoing.WITHDRAWN)
        if self.drafted_by_id != by.pk:
            circulation.tell_drafter(self, outgoing.WITHDRAWN)
