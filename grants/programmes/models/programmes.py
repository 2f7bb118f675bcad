"""A programme (制度): the standing scheme, revision by revision.

What it states lies in `parameters.py`.
"""

from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes import announcing, outgoing
from grants.programmes import parameters as schema
from grants.programmes.models.rights import BY_APPROVERS, BY_EDITORS, editors_of
from grants.programmes.states import CALL_PENDING, ProgrammeState
from grants.programmes.texts import said
from portal.accounts.models import User
from portal.accounts.permissions import Scope, each_town, scope_of
from portal.workflow import trace
from portal.workflow.door import perform, write_to
from portal.workflow.errors import Forbidden, NotReady, Stale
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Requirement,
    state_check,
    state_field,
    transition,
)

SAME_CODE = _lazy("codeは「%(code)s」のままにしてください。ほかの制度は、新しく作ります。")


def demand_alone(base: "Programme", seen: int | None, by: User) -> None:
    """Two revisions that wait at once would undo each other's words, the later approved the earlier's."""
    fresh = Programme.objects.get(pk=base.pk)
    if seen is not None and seen != fresh.version:
        raise Stale(trace.who_was_first(by, fresh, fresh.version - seen))
    if waiting := fresh.proposed:
        raise NotReady(
            _("この制度の第%(n)s版が、承認を待っています。その版を書き直してください。")
            % {"n": waiting.revision}
        )


def _has_pending_calls(programme: "Programme") -> list[str]:
    """Whoever applied reads and is decided by the rules of a programme that stands."""
    revisions = Programme.objects.filter(code=programme.code)
    if not revisions.filter(calls__state__in=CALL_PENDING).exists():
        return []
    return [
        _("結果をまだ公表していない公募回があります。その公募が終わってから、終了してください。")
    ]


class Programme(LifeCycle):
    """One revision of a programme file, drafted by one person and approved by another."""

    lock_rank = 15
    STATES = ProgrammeState

    code = models.CharField(max_length=20)
    revision = models.PositiveIntegerField(default=1)
    order = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    parameters = models.JSONField()
    municipality_codes = ArrayField(models.CharField(max_length=6))
    state = state_field()
    returned_for = models.TextField(blank=True)

    class Meta:
        ordering = ["order", "-revision"]
        constraints = [
            models.UniqueConstraint(fields=["code", "revision"], name="programmes_revision_once"),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(state=ProgrammeState.APPROVED),
                name="programmes_one_approved",
            ),
            state_check(ProgrammeState, "programmes_state"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.revision})"

    @property
    def own_scopes(self) -> list[Scope]:
        """A draft is also about the towns of the revision that it takes the place of."""
        replaced = Programme.objects.filter(code=self.code, state=ProgrammeState.APPROVED)
        rows = [self, *replaced] if self.is_draft else [self]
        return each_town(scope_of(row) for row in rows)

    def get_absolute_url(self) -> str:
        return reverse("programme_page", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == ProgrammeState.DRAFT

    @property
    def is_approved(self) -> bool:
        return self.state == ProgrammeState.APPROVED

    @property
    def is_retired(self) -> bool:
        return self.state == ProgrammeState.RETIRED

    @property
    def programme_code(self) -> str:
        return self.code

    @cached_property
    def stated(self) -> schema.Programme:
        return schema.stated(self.parameters)

    @property
    def name(self) -> str:
        return said(self.stated.name)

    @property
    def in_force(self) -> "Programme":
        """The approved revision of this programme, else this one."""
        approved = Programme.objects.filter(code=self.code, state=ProgrammeState.APPROVED)
        return approved.first() or self

    @property
    def proposed(self) -> "Programme | None":
        """Another revision of it that waits for approval."""
        drafts = Programme.objects.filter(code=self.code, state=ProgrammeState.DRAFT)
        return drafts.exclude(pk=self.pk).order_by("-revision").first()

    def code_of_call(self, fiscal_year: int, round_no: int) -> str:
        """The public name of a call in addresses; one that was announced keeps it for good."""
        return f"{self.code.replace('_', '-')}-{fiscal_year}-{round_no}"

    def duty_subjects(self) -> list[str]:
        return [f"programme:{self.pk}"]

    @transition(
        source=UNBORN,
        target=ProgrammeState.DRAFT,
        label=_lazy("制度を作る"),
        done=_lazy("制度の版を作りました"),
        internal=True,
        permission=BY_EDITORS,
        duty="edit_programme",
        locks=lambda _row, given: [given["base"]] if "base" in given else [],
    )
    def begin(
        self,
        *,
        text: str,
        by: User,
        base: "Programme | None" = None,
        seen: int | None = None,
        **_given: object,
    ) -> None:
        """`base`: the revision that it was written from, as somebody saw it in its version `seen`.

        Raises mistakes.Mistake (line and reason) for a file that is wrong; Stale where that revision
        moved on, NotReady where another one waits for approval, or the text states another programme.
        """
        stated = schema.read(text)
        if base is not None and stated.code != base.code:
            raise NotReady(str(SAME_CODE) % {"code": base.code})
        if base is not None:
            demand_alone(base, seen, by)
        last = (
            Programme.objects.filter(code=stated.code).aggregate(last=models.Max("revision"))[
                "last"
            ]
            or 0
        )
        self.code, self.revision = stated.code, last + 1
        self._say(text, stated)

    @transition(
        source=ProgrammeState.DRAFT,
        target=ProgrammeState.DRAFT,
        label=_lazy("書き直す"),
        done=_lazy("制度を書き直しました"),
        internal=True,
        permission=BY_EDITORS,
        duty="edit_programme",
    )
    def revise(self, *, text: str, by: User, **_given: object) -> None:
        """Raises NotReady where the text states another programme, Forbidden where it leaves the
        scope of whoever writes it.
        """
        stated = schema.read(text)
        if stated.code != self.code:
            raise NotReady(str(SAME_CODE) % {"code": self.code})
        self._say(text, stated)
        if reasons := BY_EDITORS.reasons(by, self):
            raise Forbidden(*reasons)

    def _say(self, text: str, stated: schema.Programme) -> None:
        self.text, self.order, self.returned_for = text, stated.order, ""
        self.parameters = stated.model_dump(mode="json")
        self.municipality_codes = list(stated.municipalities)

    @transition(
        source=ProgrammeState.DRAFT,
        target=ProgrammeState.DRAFT,
        label=_lazy("作った人に差し戻す"),
        done=_lazy("制度を差し戻しました"),
        permission=BY_APPROVERS,
        reason="required",
        asks="approve_programme",
    )
    def send_back(self, *, reason: str, **_given: object) -> None:
        """Whoever wrote it reads why, and writes it anew."""
        self.returned_for = reason
        for person in editors_of(self):
            write_to(person, self, outgoing.PROGRAMME_SENT_BACK)

    @transition(
        source=ProgrammeState.DRAFT,
        target=ProgrammeState.APPROVED,
        label=_lazy("承認する"),
        done=_lazy("制度を承認しました"),
        tone="solid",
        permission=BY_APPROVERS,
        duty="approve_programme",
        requirements=(
            Requirement["Programme"]("announced", lambda row: announcing.refusals(row.stated)),
        ),
    )
    def approve(self, *, by: User, **_given: object) -> None:
        self.returned_for = ""
        for earlier in Programme.objects.filter(code=self.code, state=ProgrammeState.APPROVED):
            perform(
                earlier, "replace", by=by, reason=_("第%(n)s版に置き換え") % {"n": self.revision}
            )

    @transition(
        source=ProgrammeState.APPROVED,
        target=ProgrammeState.RETIRED,
        label=_lazy("新しい版に置き換える"),
        done=_lazy("制度の版を、新しい版に置き換えました"),
        internal=True,
        permission=BY_APPROVERS,
        reason="required",
    )
    def replace(self, **_given: object) -> None:
        """Its calls go on by the revision that they state, under the one that is approved now."""

    @transition(
        source=ProgrammeState.APPROVED,
        target=ProgrammeState.RETIRED,
        label=_lazy("終了する"),
        done=_lazy("制度を終了しました"),
        tone="danger",
        permission=BY_APPROVERS,
        reason="required",
        requirements=(Requirement["Programme"]("no_pending_calls", _has_pending_calls),),
    )
    def retire(self, **_given: object) -> None:
        pass
