"""A request under the city's ordinance (公文書公開請求) for what the portal holds of one case: what was
written at that moment, what of it is withheld, and the copy that two people made of it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import TypedDict

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.transaction import on_commit
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import OfEveryTown, System, office
from portal.cases import visibility
from portal.cases.models import Case, NumberSeries
from portal.closures import calendars
from portal.documents import store
from portal.documents.models import StoredFile
from portal.types import Given, Text
from portal.workflow.door import defer
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
from reports.disclosure import copy, grounds, obstacles, outgoing, parts, sheets, tables
from reports.disclosure.grounds import Ground
from reports.disclosure.masking import Marked, Span, is_lifted, masked
from reports.disclosure.sheets import Box, Enclosed, Sheet
from reports.disclosure.states import DisclosureState
from reports.dossiers.volume import Drawn

# a request is about the whole case: no municipality opens what another wrote down about it
DRAFTER, APPROVER = (office(role, every_town=True) for role in ("programme_officer", "approver"))
OPEN = (DisclosureState.RECEIVED, DisclosureState.DRAFTED)
WAITING = (*OPEN, DisclosureState.DECIDED)  # for somebody of the office
LIFT_WHY = _lazy("あらかじめ黒塗りにした部分を公開するときは、その理由を書いてください。")


class Lift(TypedDict):
    """A proposed mask that was taken away: where, why, and by whom."""

    where: str
    why: str
    by: str


class Disclosure(OfEveryTown, LifeCycle):
    """`lines`: (kind, text, spans) of each line, taken when the request came in; `proposed`: by the
    number of a line, the spans that it began with; `files`: those of the copy with their pages;
    `left_out`: by the key of a part or file, why it is not in the copy; `file`: the copy, bound once
    it is drafted and kept once it is decided; `due_on`: the last day on which is decided; `grounds`:
    the table of the day of the request. Who asks is kept on the request itself, not here.
    """

    lock_rank = 95
    STATES = DisclosureState
    LIVE = OPEN
    READERS = visibility.BY_SCOPE
    OUTGOING = outgoing.DISCLOSURE

    case = models.ForeignKey(Case, models.PROTECT, related_name="disclosures")
    number = models.CharField(max_length=20, unique=True)
    request_number = models.CharField(max_length=60)
    asked = models.TextField()
    received_on = models.DateField()
    due_on = models.DateField()
    extended_for = models.TextField(blank=True)
    lines = models.JSONField(default=list)
    proposed = models.JSONField(default=dict)
    lifted = models.JSONField(default=list)
    files = models.JSONField(default=list)
    left_out = models.JSONField(default=dict)
    grounds = models.JSONField(default=list)
    undecided = models.JSONField(default=list)  # subjects that were being considered on that day
    is_unbound = models.BooleanField(default=False)  # the copy could not be made of these files
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    sha256 = models.CharField(max_length=64, blank=True)
    state = state_field()

    objects = Living.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            state_check(DisclosureState, "disclosure_state"),
            models.CheckConstraint(
                condition=~Q(state__in=[DisclosureState.DECIDED, DisclosureState.HANDED_OUT])
                | (Q(decided_at__isnull=False) & ~Q(sha256="")),
                name="disclosure_decided_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("disclosure", args=[self.number])

    def duty_subjects(self) -> list[str]:
        return [self.subject_key]

    @property
    def marked(self) -> list[Marked]:
        return [(kind, text, [(s, e, g) for s, e, g in spans]) for kind, text, spans in self.lines]

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(key, label) of what may be left out of the copy."""
        named = [(file["key"], f"{file['label']}　{file['title']}") for file in self.files]
        return [*parts.parts(self.marked), *named]

    @property
    def kept_files(self) -> list[tuple[int, Enclosed]]:
        return sheets.kept(self.files, self.left_out)

    @property
    def absent(self) -> list[tuple[str, str]]:
        """(what, why) of what is not in the copy, as it says it."""
        files = [
            (file["label"], self.left_out[file["key"]])
            for file in self.files
            if file["key"] in self.left_out
        ]
        return [*parts.absent(self.marked, self.left_out), *files]

    @property
    def withheld(self) -> list[tuple[str, int, str]]:
        """(where, how often, why) of what is withheld in what the copy holds."""
        lines = [line for _n, line in parts.belonging(self.marked, self.left_out)]
        found = [*copy.withheld(lines), *copy.covered(file for _n, file in self.kept_files)]
        # a table that was entered before a ground was proposed may lack it
        reasons = {ground.code: ground.said for ground in [*grounds.SHIPPED, *self.table]}
        return [(where, times, reasons[code]) for where, times, code in found]

    @property
    def table(self) -> list[Ground]:
        """The grounds to choose from; of a request without a table of its own, the shipped ones."""
        return grounds.of_rows(self.grounds) or list(grounds.SHIPPED)

    @property
    def named_grounds(self) -> dict[str, Text]:
        held = {span[2] for _kind, _text, spans in self.marked for span in spans}
        lacking = [ground for ground in grounds.SHIPPED if ground.code in held]
        return {ground.code: ground.name for ground in [*lacking, *self.table]}

    def proposed_for(self, line: int) -> list[Span]:
        return [(s, e, g) for s, e, g in self.proposed.get(str(line), [])]

    @property
    def is_late(self) -> bool:
        return self.is_live and self.due_on < clock.today()

    @property
    def is_soon(self) -> bool:
        """Is it to be decided within a few days?"""
        return self.is_live and not self.is_late and self.due_on <= clock.today() + grounds.SOON

    def drawn(self) -> Drawn:
        """The copy as it is marked now, with an empty frame for each page of a file."""
        cover = [
            ("番号", self.number),
            ("公開請求書", self.request_number),
            ("対象の案件", self.case.number),
        ]
        with override("ja"):
            kept = [line for _n, line in parts.belonging(self.marked, self.left_out)]
            files = [file for _n, file in self.kept_files]
            return copy.draw(self.number, cover, kept, files, self.absent, self.withheld)

    @transition(
        source=UNBORN,
        target=DisclosureState.RECEIVED,
        label=_lazy("公開請求を受け付ける"),
        done=_lazy("公開請求を受け付けました"),
        internal=True,
        permission=DRAFTER,
        unsaid=("lines", "files", "undecided"),
    )
    def begin(
        self,
        *,
        case: Case,
        request_number: str,
        asked: str,
        received_on: date,
        lines: list[Marked],
        files: list[Enclosed],
        undecided: Sequence[str] = (),
        **_given: object,
    ) -> None:
        self.undecided = list(undecided)
        self.case, self.request_number, self.asked = case, request_number, asked
        self.received_on = received_on
        self.due_on = grounds.due(received_on, calendars.of_case(case))
        self.lines, self.files = lines, files
        with override("ja"):
            held = tables.holding(calendars.keeper(case.municipality_codes), received_on)
            self.grounds = [ground.row for ground in held]
        self.proposed = {str(n): spans for n, (_k, _t, spans) in enumerate(lines) if spans}
        year = clock.today().year
        self.number = f"K{year}-{NumberSeries.one(f'disclosure-{year}'):04}"

    def born(self, by: User, given: Given) -> None:
        for n, file in enumerate(self.files):
            if file["sheets"] is None:
                defer("prepare_disclosed_file", disclosure_id=self.pk, n=n)

    @transition(
        source=DisclosureState.RECEIVED,
        target=DisclosureState.RECEIVED,
        label=_lazy("書類のページを用意する"),
        done=_lazy("書類のページを用意しました"),
        internal=True,
        permission=System(),
        unsaid=("pages",),
    )
    def prepare(self, *, n: int, pages: list[Sheet], is_whole: bool, **_given: object) -> None:
        self.files[n] |= {"sheets": pages, "is_whole": is_whole}

    @transition(
        source=DisclosureState.RECEIVED,
        target=DisclosureState.RECEIVED,
        label=_lazy("公開しない部分を選ぶ"),
        done=_lazy("公開しない部分を選びました"),
        internal=True,
        permission=DRAFTER,
        duty="draft_disclosure",
        unsaid=("spans",),
    )
    def mark(
        self, *, line: int, spans: list[Span], by: User, why: str = "", **_given: object
    ) -> None:
        """`why`: asked where a proposed mask is taken away. Raises NotReady without it."""
        kind, text, before = self.marked[line]
        if is_lifted(self.proposed_for(line), before, spans):
            if not why:
                raise NotReady(LIFT_WHY)
            self.lifted.append(Lift(where=masked(text, spans)[:80], why=why, by=by.name))
        self.lines[line] = [kind, text, spans]

    @transition(
        source=DisclosureState.RECEIVED,
        target=DisclosureState.RECEIVED,
        label=_lazy("書類のページを確かめる"),
        done=_lazy("書類のページを確かめました"),
        internal=True,
        permission=DRAFTER,
        duty="draft_disclosure",
        unsaid=("boxes",),
    )
    def cover(
        self, *, n: int, page: int, boxes: list[Box], by: User, why: str = "", **_given: object
    ) -> None:
        """A page is looked at, and `boxes` of it are withheld. Raises NotReady as `mark`."""
        file = self.files[n]
        sheet = file["sheets"][page]
        before, offered = sheets.boxes_of(sheet["boxes"]), sheets.boxes_of(sheet["proposed"])
        if sheets.is_uncovered(offered, before, boxes):
            if not why:
                raise NotReady(LIFT_WHY)
            self.lifted.append(Lift(where=copy.page_of(file, page), why=why, by=by.name))
        sheet |= {"boxes": boxes, "looked_by": by.name}

    @transition(
        source=DisclosureState.RECEIVED,
        target=DisclosureState.RECEIVED,
        label=_lazy("写しに含めるものを選ぶ"),
        done=_lazy("写しに含めるものを選びました"),
        internal=True,
        permission=DRAFTER,
        duty="draft_disclosure",
    )
    def choose(self, *, left_out: Mapping[str, str], **_given: object) -> None:
        self.left_out = dict(left_out)

    @transition(
        source=DisclosureState.RECEIVED,
        target=DisclosureState.RECEIVED,
        label=_lazy("決定の期限を延ばす"),
        done=_lazy("決定の期限を延ばしました"),
        permission=DRAFTER,
        form="disclosure_extension",
        reason="required",
    )
    def extend(self, *, due_on: date, reason: str, **_given: object) -> None:
        self.due_on, self.extended_for = due_on, reason

    @transition(
        source=DisclosureState.RECEIVED,
        target=DisclosureState.DRAFTED,
        label=_lazy("案を決定に回す"),
        done=_lazy("案を決定に回しました"),
        tone="solid",
        permission=DRAFTER,
        duty="draft_disclosure",
        requirements=(Requirement("looked_at", obstacles.not_looked_at),),
    )
    def draft(self, *, by: User, **_given: object) -> None:
        self.drafted_by = by
        defer("bind_disclosure", disclosure_id=self.pk)

    @transition(
        source=DisclosureState.DRAFTED,
        target=DisclosureState.DRAFTED,
        label=_lazy("写しを綴じる"),
        done=_lazy("写しを綴じました"),
        internal=True,
        permission=System(),
    )
    def bind(self, *, file: StoredFile | None, **_given: object) -> None:
        """None where it could not be made of these files."""
        self.file, self.is_unbound = file, file is None

    @transition(
        source=DisclosureState.DRAFTED,
        target=DisclosureState.RECEIVED,
        label=_lazy("案を差し戻す"),
        done=_lazy("案を差し戻しました"),
        permission=APPROVER,
        reason="required",
    )
    def send_back(self, **_given: object) -> None:
        """The reason stands in the record of the case."""
        self._unbind()

    @transition(
        source=DisclosureState.DRAFTED,
        target=DisclosureState.RECEIVED,
        label=_lazy("案を取り戻す"),
        done=_lazy("案を取り戻しました"),
        permission=DRAFTER,
    )
    def take_back(self, **_given: object) -> None:
        """Whoever drafts finds a fault before somebody decides."""
        self._unbind()

    def _unbind(self) -> None:
        """What was bound is not what will be decided."""
        if self.file is not None:
            on_commit(partial(store.forget, [self.file]))
        self.file, self.is_unbound = None, False

    @transition(
        source=DisclosureState.DRAFTED,
        target=DisclosureState.DECIDED,
        label=_lazy("この写しの公開を決定する"),
        done=_lazy("公開を決定し、写しを確定しました"),
        tone="solid",
        permission=APPROVER,
        duty="decide_disclosure",
        sensitive=True,
        requirements=(Requirement("bound", obstacles.not_bound),),
    )
    def decide(self, *, by: User, **_given: object) -> None:
        """The copy that was bound, and looked at, is the one that is handed out."""
        self.decided_by, self.decided_at = by, clock.now()
        self.sha256 = self.file.sha256 if self.file is not None else ""

    @transition(
        source=DisclosureState.DECIDED,
        target=DisclosureState.HANDED_OUT,
        label=_lazy("写しを交付した"),
        done=_lazy("写しを交付しました"),
        tone="solid",
        permission=DRAFTER,
    )
    def hand_out(self, **_given: object) -> None:
        """`state_since` says when."""

    @transition(
        source=OPEN,
        target=DisclosureState.WITHDRAWN,
        label=_lazy("請求の取下げを記録する"),
        done=_lazy("請求が取り下げられました"),
        permission=DRAFTER,
        reason="required",
    )
    def withdraw(self, **_given: object) -> None:
        """The reason stands in the record of the case."""
        self._unbind()
