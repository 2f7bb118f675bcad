"""A sketch of a programme: what an officer writes on before it is whole, and proposes as a revision."""

from collections.abc import Iterable
from functools import cached_property

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from grants.programmes import parameters as schema
from grants.programmes.editing import document
from grants.programmes.mistakes import Problem, of_syntax, too_long
from grants.programmes.models.programmes import SAME_CODE, Programme, demand_alone
from grants.programmes.models.rights import BY_EDITORS
from grants.programmes.states import ProgrammeState, SketchState
from portal.accounts.models import User
from portal.accounts.permissions import OfEveryTown
from portal.registry.models import in_english
from portal.types import Given
from portal.workflow import duties
from portal.workflow.door import begin, perform
from portal.workflow.errors import NotReady, TooLong
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Living,
    Requirement,
    state_check,
    state_field,
    transition,
)


def demand_file(text: str) -> None:
    """Raises TooLong or NotReady for what cannot be kept: all else may be wrong in a sketch."""
    if len(text) > schema.LONGEST:
        raise TooLong(too_long(schema.LONGEST))
    try:
        document.loads(text)
    except document.Unwritable as error:
        raise NotReady(of_syntax()) from error


def _alone(sketch: "Sketch") -> list[str]:
    if not Sketch.objects.live().filter(code=sketch.code).exists():
        return []
    return [_("この制度には、もう下書きがあります。その下書きを書き直してください。")]


def _whole(sketch: "Sketch") -> list[str]:
    if not sketch.problems:
        return []
    return [_("直すところが%(n)s件あります。") % {"n": len(sketch.problems)}]


def _new(sketch: "Sketch") -> list[str]:
    if sketch.base is None or sketch.text != sketch.base.text:
        return []
    return [_("もとの版から変わっていません。")]


def _timely(sketch: "Sketch") -> list[str]:
    """The revision that it began from is still what it was, and the next one is not waiting already."""
    base = sketch.base
    if base is None:
        if not Programme.objects.filter(code=sketch.code).exists():
            return []
        return [
            _("この名前の制度が、先に作られました。下書きをファイルに写してから破棄してください。")
        ]
    if base.version == sketch.base_version and (base.is_draft or base.proposed is None):
        return []
    return [
        _(
            "この下書きを始めたあとに、制度の版が先に変わりました。ファイルに保存して破棄し、いまの版から始めた下書きで読み込むと、違いを確かめて続けられます。"
        )
    ]


class Sketch(OfEveryTown, LifeCycle):
    """One a programme at a time; `text` is its file so far, empty once it has ended.

    `base`: the revision that it began from, as it was in `base_version`; none of a programme that there
    was not. `made`: the revision that it became.
    """

    lock_rank = 14
    STATES = SketchState
    LIVE = (SketchState.KEPT,)

    code = models.CharField(max_length=20)
    municipality_codes = ArrayField(models.CharField(max_length=6))
    base = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="+")
    base_version = models.PositiveIntegerField(null=True)
    made = models.ForeignKey(Programme, models.PROTECT, null=True, related_name="+")
    text = models.TextField(blank=True)
    state = state_field()

    objects = Living.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            state_check(SketchState, "programmes_sketch_state"),
            models.UniqueConstraint(
                fields=["code"],
                condition=models.Q(state=SketchState.KEPT),
                name="programmes_one_sketch_kept",
            ),
            models.CheckConstraint(
                condition=models.Q(state=SketchState.KEPT) | models.Q(text=""),
                name="programmes_sketch_emptied",
            ),
        ]

    def __str__(self) -> str:
        return _("%(name)sの下書き") % {"name": self.name}

    def get_absolute_url(self) -> str:
        """Once it has ended, of what it became, or began from."""
        if self.is_live:
            return reverse("sketch", args=[self.pk])
        kept = self.made or self.base
        return kept.get_absolute_url() if kept else reverse("programme_list")

    @property
    def programme_code(self) -> str:
        return self.code

    @cached_property
    def stated(self) -> Given:
        """What the file states so far."""
        return document.loads(self.text)

    @property
    def name(self) -> str:
        """In the reader's language, else in the one that there is."""
        found = self.stated.get("name")
        words = found if isinstance(found, dict) else {}
        first, second = ("en", "ja") if in_english() else ("ja", "en")
        return str(words.get(first) or words.get(second) or self.code)

    @cached_property
    def looked(self) -> tuple[schema.Programme | None, list[Problem]]:
        """The programme that it makes, where it makes one, and all that is wrong with it."""
        made, wrong = schema.look(self.stated)
        if self.stated.get("code") not in (None, self.code):
            wrong.append(Problem(("code",), "value_error", str(SAME_CODE) % {"code": self.code}))
        return made, wrong

    @property
    def problems(self) -> list[Problem]:
        return self.looked[1]

    @property
    def writers(self) -> Iterable[User]:
        """Everybody who began it or wrote in it."""
        done = duties.done_by_anyone(self.duty_subjects())
        return User.objects.filter(pk__in=[person for _subject, person, _duty in done]).order_by(
            "pk"
        )

    @transition(
        source=UNBORN,
        target=SketchState.KEPT,
        label=_lazy("下書きを始める"),
        done=_lazy("制度の下書きを始めました"),
        internal=True,
        permission=BY_EDITORS,
        duty="edit_programme",
        requirements=(Requirement["Sketch"]("alone", _alone),),
        unsaid=("text",),
        locks=lambda _row, given: [given["base"]] if given.get("base") else [],
    )
    def begin(
        self,
        *,
        by: User,
        base: Programme | None = None,
        seen: int | None = None,
        code: str = "",
        text: str = "",
        municipality_codes: Iterable[str] = (),
        **_given: object,
    ) -> None:
        """From a revision, as somebody saw it in its version `seen`; else of a programme that there was
        not. Raises Stale where the revision moved on, NotReady where another one waits for approval.
        """
        codes = set(municipality_codes)
        if base is not None:
            if base.is_retired:
                raise NotReady(_("この版は終了しています。いまの版から始めてください。"))
            if not base.is_draft:
                demand_alone(base, seen, by)
            code, text = base.code, base.text
            self.base, self.base_version = base, Programme.objects.get(pk=base.pk).version
            for row in (base, *Programme.objects.filter(code=code, state=ProgrammeState.APPROVED)):
                codes |= set(row.municipality_codes)
        demand_file(text)
        self.code, self.text, self.municipality_codes = code, text, sorted(codes)

    @transition(
        source=SketchState.KEPT,
        target=SketchState.KEPT,
        label=_lazy("書き込む"),
        done=_lazy("制度の下書きに書き込みました"),
        internal=True,
        permission=BY_EDITORS,
        duty="edit_programme",
        unsaid=("text",),
    )
    def write(self, *, text: str, **_given: object) -> None:
        demand_file(text)
        self.text = document.in_lines(text)

    @transition(
        source=SketchState.KEPT,
        target=SketchState.PROPOSED,
        label=_lazy("版として提案する"),
        done=_lazy("制度の下書きを版として提案しました"),
        tone="solid",
        permission=BY_EDITORS,
        requirements=(
            Requirement["Sketch"]("whole", _whole),
            Requirement["Sketch"]("new", _new),
            Requirement["Sketch"](
                "timely", _timely, locks=lambda row: [row.base] if row.base else []
            ),
        ),
    )
    def propose(self, *, by: User, **_given: object) -> None:
        """The draft in these words, or the next revision of what was approved: nobody who wrote in the
        sketch may approve it.
        """
        if self.base is not None and self.base.is_draft:
            self.made = perform(self.base, "revise", by=by, seen=self.base_version, text=self.text)
        else:
            self.made = begin(
                Programme, by=by, text=self.text, base=self.base, seen=self.base_version
            )
        for person in self.writers:
            duties.note(person, self.made.duty_subjects(), "edit_programme")
        self.text = ""

    @transition(
        source=SketchState.KEPT,
        target=SketchState.DISCARDED,
        label=_lazy("下書きを破棄する"),
        done=_lazy("制度の下書きを破棄しました"),
        tone="danger",
        permission=BY_EDITORS,
    )
    def discard(self, **_given: object) -> None:
        self.text = ""
