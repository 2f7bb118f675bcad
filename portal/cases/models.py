"""The Case: the spine on which conversation, documents, timeline, turns, clocks and search hang."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock, events
from portal.accounts.models import Organisation, StaffRole, User
from portal.accounts.permissions import covers, organisation_q
from portal.cases import visibility
from portal.cases.layouts import ListLayout, SavedView
from portal.cases.list_indexes import INDEXES
from portal.cases.numbers import OF_RECEIPT, NumberSeries, word_of
from portal.cases.ports import case_kinds, reading_words, turn_pages
from portal.cases.search_document import SearchDocument
from portal.cases.tallies import Tally
from portal.closures import calendars
from portal.events import Event
from portal.registry.models import in_english
from portal.types import Text
from portal.workflow.access import may_open
from portal.workflow.graph import LifeCycle

__all__ = [
    "DRAFT",
    "Case",
    "CaseQuerySet",
    "Holding",
    "Interest",
    "ListLayout",
    "NumberSeries",
    "Reading",
    "SavedView",
    "SearchDocument",
    "Tally",
    "Turn",
]


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(
        self, user: User, *, blindly: bool = False, by: Collection[str] = ()
    ) -> "CaseQuerySet":
        """The only rule of visibility: the office by role, scope and assignment (`visibility`),
        applicants by organisation.

        `blindly`: also the cases whose applicants are hidden from the person, for pages that hide
        them; `by`: of the office, those alone that one of these roles brings before the person.
        """
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if not user.is_office:
            return self.filter(organisation_q(user), disposed_on=None)
        return self.filter(visibility.seen(user, by, blindly=blindly))

    def worked_on_by(self, user: User) -> "CaseQuerySet":
        """What follows an award, and what is said on the way, is for the applicant's side and for
        who works on the case: a review opens the application alone.
        """
        return self.visible_to(user, by=visibility.WORKERS)


# the one word that rows of all rooms share with their case: it is being written
DRAFT = "draft"


class Case(models.Model):
    lock_rank = 30

    # by which it is called, also in addresses: as a draft, and then as received (`numbers.receive`)
    number = models.CharField(max_length=24, unique=True)
    draft_number = models.CharField(max_length=24, unique=True, null=True, editable=False)
    receipt_number = models.CharField(max_length=24, blank=True, db_index=True)
    kind = models.CharField(max_length=20)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="cases")
    programme_code = models.CharField(max_length=20)
    programme_name = models.CharField(max_length=120)
    programme_name_en = models.CharField(max_length=160, blank=True)
    call_label = models.CharField(max_length=60, blank=True)
    call_label_en = models.CharField(max_length=60, blank=True)
    municipality_codes = ArrayField(models.CharField(max_length=6))
    title = models.CharField(max_length=200, blank=True)
    # yen: the sum it is about now; of an application also what was asked for, decided, and paid (copied)
    amount = models.BigIntegerField(null=True)
    applied_amount = models.BigIntegerField(null=True)
    awarded_amount = models.BigIntegerField(null=True)
    paid_amount = models.BigIntegerField(null=True, editable=False)
    state = models.CharField(max_length=24, default=DRAFT)
    state_label = models.CharField(max_length=40, blank=True)
    ended_as = models.CharField(max_length=24, blank=True)  # how what was granted ended, if it did
    is_draft = models.BooleanField(default=True)
    on_paper = models.BooleanField(default=False)  # at the counter: the office writes for them
    assigned_to = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)  # of an application: granted, or not
    closed_at = models.DateTimeField(null=True)
    disposed_on = models.DateField(null=True)  # when its records were erased, their time being over

    objects = CaseQuerySet.as_manager()
    number_word = property(word_of)  # of `number`
    # (person, sentences) as `interests.fill` found them
    interests_of: tuple[int, Sequence[Text]] | None = None
    # (person, roles) as `visibility.capacities` found them
    seen_by: tuple[int, frozenset[str]] | None = None
    # (person, whether the applicant is hidden from them) as `visibility.veil` found it
    veiled_for: tuple[int, bool] | None = None
    # what `portal.cases.lookups` has found; None where nothing is kept
    memo: dict[object, object] | None = None

    class Meta:
        indexes = INDEXES
        constraints = [OF_RECEIPT]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("case", args=[self.number])

    @property
    def is_being_written(self) -> bool:
        """Nothing was handed in yet, nor was it taken back."""
        return self.state == DRAFT

    @property
    def shown_applicant(self) -> str:
        """Whose case it is, on a page of those from some of whom it is hidden."""
        hidden = self.veiled_for is not None and self.veiled_for[1]
        return _("（名前を伏せて審査中）") if hidden else self.organisation.name

    @property
    def shown_programme(self) -> str:
        """The programme in the reader's language."""
        english = self.programme_name_en if in_english() else ""
        return english or self.programme_name

    @property
    def shown_call(self) -> str:
        return self.call_label_en if in_english() and self.call_label_en else self.call_label

    @property
    def subject(self) -> LifeCycle:
        """The life-cycle row the case is about (through its kind; this room does not know upper
        floors).
        """
        return case_kinds[self.kind].subject(self)


# in Sapporo, as `clock.day_of` says it
_DAY_OF_SINCE = Func(
    "since",
    template="((%(expressions)s AT TIME ZONE 'Asia/Tokyo')::date)",
    output_field=models.DateField(),
)


class Turn(models.Model):
    """Whose turn it is, and to do what by when. Written only by `portal.cases.turns`."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="turns")
    subject = models.CharField(max_length=80)
    side = models.CharField(
        max_length=10, choices=[("office", "office"), ("applicant", "applicant")]
    )
    role = models.CharField(max_length=20, blank=True)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=120)
    due_on = models.DateField(null=True)
    until = models.DateTimeField(null=True)  # when it changes by the passing of time alone
    since = models.DateTimeField()
    is_apart = models.BooleanField(default=False)  # `TurnWanted.is_apart`
    # before it, nothing can be done yet: it waits, and nobody is asked
    opens_at = models.DateTimeField(null=True)
    # one thing to do for several cases, each of which has this turn: a draft
    is_shared = models.BooleanField(default=False)
    # of its case, as the database copies them (migration 0021): the inbox asks no case who sees it
    CARRIED = (
        "kind",
        "awarded_amount",
        "programme_code",
        "municipality_codes",
        "organisation",
        "assigned_to",
        "is_draft",
    )
    kind = models.CharField(max_length=20, editable=False)
    awarded_amount = models.BigIntegerField(null=True, editable=False)
    programme_code = models.CharField(max_length=20, editable=False)
    municipality_codes = ArrayField(models.CharField(max_length=6), default=list, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", db_index=False, editable=False
    )
    assigned_to = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False
    )
    is_draft = models.BooleanField(default=True, editable=False)
    # by which lists sort it: without a deadline it stands where it came
    stands_on = models.GeneratedField(
        expression=Coalesce("due_on", _DAY_OF_SINCE),
        output_field=models.DateField(),
        db_persist=True,
    )

    # of a draft in a list: about how many cases, and over which sum (`listing.fill_shared`)
    cases = 1
    whole_sum: int | None = None
    came_back = ""  # of a list: that it was put right, and what that answers (`came_back`)
    # of a case page: where an applicant does it, and the id of its part (`folding.way_of`, `part_of`)
    way = part = ""

    class Meta:
        indexes = [
            models.Index(fields=["side", "role", "due_on"], name="cases_turn_inbox"),
            models.Index(fields=["side", "stands_on", "since", "id"], name="cases_turn_order"),
            models.Index(fields=["side", "since", "id"], name="cases_turn_age"),
            models.Index(
                fields=["programme_code", "side", "stands_on", "since", "id"],
                name="cases_turn_programme",
            ),
            models.Index(
                fields=["assigned_to", "side", "stands_on", "since", "id"],
                condition=Q(assigned_to__isnull=False),
                name="cases_turn_officer",
            ),
            # since when the oldest of one kind waits, and the oldest that is somebody's by name (0: nobody's)
            models.Index(
                fields=["programme_code", "side", "what", "since"],
                condition=Q(is_draft=False),
                name="cases_turn_oldest",
            ),
            models.Index(
                Coalesce("person", 0),
                F("since"),
                condition=Q(side="office", is_draft=False),
                name="cases_turn_longest",
            ),
            GinIndex(fields=["municipality_codes"], name="cases_turn_municipalities"),
            models.Index(fields=["person", "due_on"], name="cases_turn_person"),
            models.Index(fields=["subject"], condition=Q(is_shared=True), name="cases_turn_shared"),
            models.Index(
                fields=["opens_at"],
                condition=Q(opens_at__isnull=False),
                name="cases_turn_later",
            ),
            models.Index(
                fields=["until"], condition=Q(until__isnull=False), name="cases_turn_until"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.what}"

    @property
    def more(self) -> int:
        """Cases of a draft beside the one that a list names."""
        return self.cases - 1

    @property
    def role_label(self) -> Text:
        return dict(StaffRole.ROLES)[self.role] if self.role else ""

    @property
    def shown_amount(self) -> int | None:
        """What is decided together about all its cases; else the case's own."""
        return self.case.amount if self.whole_sum is None else self.whole_sum

    @property
    def days_lying(self) -> int:
        """Working days of its office since it began."""
        return calendars.of_case(self.case).between(clock.day_of(self.since), clock.today())

    @property
    def own_page(self) -> str:
        """Where it is done: on the page of what makes it, else on the case's."""
        model, _colon, key = self.subject.partition(":")
        return turn_pages[model](int(key)) if model in turn_pages else self.case.get_absolute_url()

    def page_for(self, user: User) -> str:
        """Where the person reads about it: its own page where that is open to them and it is theirs,
        or they keep or decide about the case. Asks no query: lists ask it.
        """
        roles = (*visibility.BY_SCOPE, self.role) if self.is_shared else visibility.BY_SCOPE
        is_theirs = self.person_id == user.pk or covers(user, self.case, *roles)
        opens = is_theirs and may_open(user, self.own_page)
        return self.own_page if opens else self.case.get_absolute_url()


class Holding(models.Model):
    """A span in which one side held the case: the two clocks are sums over these."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="holdings")
    side = models.CharField(max_length=10)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(to_at=None), name="cases_holding_open_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.side}"


class Reading(models.Model):
    """Somebody of the office opened a case or a file of it, or took data out: who, what, when.

    `what`: a key of `portal.cases.ports.reading_words`; `subject`: which row of several, as
    "document:12".
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="readings")
    what = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField(default=clock.now)
    named = ""  # what was opened, in words (`portal.cases.told_readings`)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["case", "-at"], name="cases_reading_of_case"),
            models.Index(fields=["person", "-at"], name="cases_reading_of_person"),
            models.Index(fields=["-at", "-id"], name="cases_reading_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.what}"

    @property
    def words(self) -> Text:
        return reading_words[self.what]

    @classmethod
    def note(cls, person: User, what: str, case: Case | None = None, subject: str = "") -> None:
        """Keep it. Raises KeyError for what no room has words for."""
        cls(what=what).words  # noqa: B018  asked, so that nothing is kept that no page can say
        cls.objects.create(person=person, case=case, what=what, subject=subject)
        events.log(Event.DATA_READ, user=person.pk, of=case or "", code=what)

    @classmethod
    def note_once(cls, person: User, what: str, cases: Q | None, subject: str) -> None:
        """Keep it once an hour of each of `cases` (None: of no single one): for what is loaded piece by
        piece, or again and again.

        One query where nothing is new.
        """
        lately = clock.now() - timedelta(hours=1)
        known = cls.objects.filter(person=person, what=what, subject=subject, at__gt=lately)
        if cases is None:
            if not known.filter(case=None).exists():
                cls.note(person, what, None, subject)
            return
        kept = models.Exists(known.filter(case=models.OuterRef("pk")))
        cls._keep(person, what, Case.objects.filter(cases).exclude(kept), subject)

    @classmethod
    def note_each(cls, person: User, what: str, cases: Q, subject: str) -> None:
        """Keep it, each time, of each of `cases`: of a paper that tells of several."""
        cls._keep(person, what, Case.objects.filter(cases), subject)

    @classmethod
    def _keep(cls, person: User, what: str, cases: models.QuerySet[Case], subject: str) -> None:
        cls(what=what).words  # noqa: B018  as above
        found = list(cases)
        Reading.objects.bulk_create(
            Reading(person=person, case=case, what=what, subject=subject) for case in found
        )
        for case in found:
            events.log(Event.DATA_READ, user=person.pk, of=case, code=what)


class Interest(models.Model):
    """A conflict of interest, declared or written when the case passed to another firm: from then on
    the person does no duty of the office in the case.
    """

    person = models.ForeignKey(User, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.PROTECT, related_name="interests")
    detail = models.CharField(max_length=200)
    declared_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "case"], name="cases_interest_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.case_id}"
