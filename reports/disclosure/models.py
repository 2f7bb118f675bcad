"""A request under the city's ordinance (公文書公開請求) for what the portal holds of one case: what was
written at that moment, what of it is withheld, and the copy that two people made of it.
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import override

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import office
from portal.cases import visibility
from portal.cases.models import Case, NumberSeries
from portal.closures import calendars
from portal.documents.models import StoredFile
from portal.workflow.graph import UNBORN, LifeCycle, Living, state_check, state_field, transition
from reports.disclosure import copy, grounds
from reports.disclosure.masking import Marked, Span
from reports.disclosure.states import DisclosureState

DRAFTER, APPROVER = office("programme_officer"), office("approver")
OPEN = (DisclosureState.RECEIVED, DisclosureState.DRAFTED)


class Disclosure(LifeCycle):
    """`lines`: (kind, text, spans) of each line, taken when the request came in; `due_on`: the last
    day on which is decided. Who asks is kept on the request itself, not here.
    """

    lock_rank = 95
    STATES = DisclosureState
    LIVE = OPEN
    READERS = visibility.BY_SCOPE

    case = models.ForeignKey(Case, models.PROTECT, related_name="disclosures")
    number = models.CharField(max_length=20, unique=True)
    request_number = models.CharField(max_length=60)
    asked = models.TextField()
    received_on = models.DateField()
    due_on = models.DateField()
    extended_for = models.TextField(blank=True)
    lines = models.JSONField(default=list)
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
    def is_late(self) -> bool:
        return self.is_live and self.due_on < clock.today()

    def drawn(self) -> bytes:
        """The copy as it is marked now."""
        cover = [
            ("番号", self.number),
            ("公開請求書", self.request_number),
            ("対象の案件", self.case.shown_number),
        ]
        with override("ja"):
            return copy.draw(self.number, cover, self.marked)

    @transition(
        source=UNBORN,
        target=DisclosureState.RECEIVED,
        label=_lazy("公開請求を受け付ける"),
        done=_lazy("公開請求を受け付けました"),
        internal=True,
        permission=DRAFTER,
        unsaid=("lines",),
    )
    def begin(
        self,
        *,
        case: Case,
        request_number: str,
        asked: str,
        received_on: date,
        lines: list[Marked],
        **_given: object,
    ) -> None:
        self.case, self.request_number, self.asked = case, request_number, asked
        self.received_on, self.due_on = (
            received_on,
            grounds.due(received_on, calendars.of_case(case)),
        )
        self.lines = lines
        year = clock.today().year
        self.number = f"K{year}-{NumberSeries.one(f'disclosure-{year}'):04}"

    @transition(
        source=DisclosureState.RECEIVED,
        target=DisclosureState.RECEIVED,
        label=_lazy("公開しない部分を選ぶ"),
        done=_lazy("公開しない部分を選びました"),
        internal=True,
        permission=DRAFTER,
        unsaid=("spans",),
    )
    def mark(self, *, line: int, spans: list[Span], **_given: object) -> None:
        kind, text, _before = self.lines[line]
        self.lines[line] = [kind, text, spans]

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
    )
    def draft(self, *, by: User, **_given: object) -> None:
        self.drafted_by = by

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

    @transition(
        source=DisclosureState.DRAFTED,
        target=DisclosureState.DECIDED,
        label=_lazy("この写しの公開を決定する"),
        done=_lazy("公開を決定し、写しを確定しました"),
        tone="solid",
        permission=APPROVER,
        duty="decide_disclosure",
        sensitive=True,
    )
    def decide(self, *, by: User, **_given: object) -> None:
        """From here on the copy is the file that is kept."""
        self.decided_by, self.decided_at = by, clock.now()
        self.file = copy.kept(self.drawn())
        self.sha256 = self.file.sha256

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
