"""What a case asks of the rooms that know its subject."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, TypedDict

from django.utils.translation import gettext as _

from portal.ports import Port, Registry
from portal.types import Context, Given, MakesTurn, Row, Sent, Text

if TYPE_CHECKING:
    from django.db.models import Q, QuerySet
    from django.forms import BaseForm, Field

    from portal.accounts.models import StaffRole
    from portal.together import Ask
    from portal.types import Case, User
    from portal.workflow.against import Against
    from portal.workflow.graph import LifeCycle


@dataclass(frozen=True, kw_only=True)
class CaseKind:
    """What a case is about: how to find its subject, its names, its page.

    `subject(case)` returns the life-cycle row.
    """

    label: Text
    subject: Callable[[Case], LifeCycle]
    applicant_page: Callable[[Case, User], Context]
    staff_page: Callable[[Case, User], Context]
    draft_url: Callable[[Case], str] | None = None
    states: tuple[tuple[str, Text], ...] = ()
    applicant_template: str = "portal/cases/applicant.html"
    staff_template: str = "portal/cases/staff.html"
    # what its state is called in the list of one's own cases; None: as in the office's lists
    own_word: Callable[[Case], Text] | None = None
    # what its pages read of the case, asked for together beforehand
    reads: tuple[Fills, ...] = ()
    # who of the office answers and hears where nothing else says so
    office_role: str = "programme_officer"


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A part of the case page: a template and the function (case, user) -> context, or None where
    it has no say.
    """

    template: str
    context: Callable[[Case, User], Context | None]
    side: str = "both"  # applicant, office or both
    # the id of its section, for the tabs of the case page; `label` is the tab's name
    anchor: str = ""
    label: Text = ""
    # kinds of case that it can say something about; empty: every kind
    kinds: tuple[str, ...] = ("application",)
    readers: tuple[str, ...] = ()  # roles of the office that read it; empty: all that see the case
    # what it, and what its room says of the road and of acts, reads of the case: asked for with what
    # the other parts of the page read
    reads: tuple[Fills, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Assignment:
    """What brings cases before people of `roles`: `cases(role)`, a Q on Case for one role of a
    person, without joins.

    It counts within the role's programme and municipality, or `anywhere`: then it is the same for
    each of the person's `roles`.
    """

    roles: tuple[str, ...]
    cases: Callable[[StaffRole], Q]
    anywhere: bool = False


@dataclass(frozen=True)
class TurnWanted:
    """Whose turn a row makes it: side is applicant or office; role says who of the office; person
    where it is one.
    """

    side: str
    what: str
    _: KW_ONLY
    role: str = ""
    person: User | None = None
    due_on: date | None = None
    obj: MakesTurn | None = None
    # the moment from which the room says something else, though nobody did anything
    until: datetime | None = None
    # work of the office beside the case: nobody holds the case by it, and its applicant does not
    # read of it
    is_apart: bool = False
    # the moment from which it can be done; before, it stands apart and asks nobody
    opens_at: datetime | None = None
    # done once, by `obj`, for each of several cases: one row of the inbox
    is_shared: bool = False


@dataclass(frozen=True, kw_only=True)
class KeptDay:
    """A deadline that a row keeps in a column: `rows` of those where it runs, each with its case;
    `office`: the municipality whose office it is told at, where that is not the one of the case.
    """

    rows: Callable[[], QuerySet[Row]]
    field: str
    office: Callable[[Row], str] | None = None


class Fills(Protocol):
    """Something known of cases, found for many at once (portal.cases.lookups)."""

    @property
    def fill(self) -> Callable[[Collection[Case]], None]: ...


@dataclass(frozen=True, kw_only=True)
class TurnSource:
    """What a room says about whose turn it is: `turns(case)`, and what it `reads`, which is filled
    beforehand.
    """

    turns: Callable[[Case], list[TurnWanted]]
    reads: tuple[Fills, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """Fields that are made blank when the time of keeping is over: `path` leads from a row of the
    model to its case; `kept`: rows that stay as they are.
    """

    path: str = "case"
    blank: Mapping[str, object]
    kept: Mapping[str, object] = field(default_factory=dict)


class Table(TypedDict):
    """A table: the names of its columns, and its rows."""

    head: Sequence[str]
    rows: Sequence[Sequence[object]]


class Section(TypedDict, total=False):
    """A section of a paper as plain facts; what it has is drawn in this order."""

    heading: str
    text: str
    rows: Sequence[Sequence[str]]  # (label, text)
    table: Table
    after: str  # text below them
    undecided: str  # the row, as "approval:12", that is still being considered


@dataclass(frozen=True, kw_only=True)
class DossierPaper:
    """A paper that is bound into the whole of a case. `key`: which row it is, as "document:12";
    `sha256`: of the file as it is kept, "" where it is drawn anew; `make` gives its bytes.
    """

    key: str
    title: str
    name: str
    content_type: str
    sha256: str
    make: Callable[[], bytes]
    file_id: int | None = None  # of the stored file; None where it is drawn anew


@dataclass(frozen=True, kw_only=True)
class DossierPart:
    """What a room has to say in the whole of a case (一件書類), in Japanese: what is written in
    `sections`, then what is bound in. `readers`: roles of the office that read it.
    """

    label: str
    readers: tuple[str, ...]
    sections: Callable[[Case, User], list[Section]] | None = None
    papers: Callable[[Case, User], list[DossierPaper]] | None = None


@dataclass(frozen=True, kw_only=True)
class Private:
    """A text of a case that is not for everybody, as it may stand in any of its papers. `kind`:
    "person", "account", "secret" (marked so by the applicant), "reviewer", "code" (by which a paper
    is verified), or "office": what is public though it looks private (how the office itself is
    reached, a corporation's number).
    """

    text: str
    kind: str


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a case stands before an act on many: what it is like (it has moved where that differs
    later), and why the act cannot be done on it; empty where it can. `hints`: what would stop it
    only for some of what may be typed, known before anything is. `yen`: what the act itself is
    about, where that is another sum than the case's.
    """

    seen: str
    reasons: list[str]
    hints: list[str] = field(default_factory=list)
    yen: int | None = None


@dataclass(frozen=True, kw_only=True)
class BulkAct:
    """What is done with many cases at once (portal.bulk), each by itself.

    `look(by, cases, given)`: each case by primary key, in a number of queries that does not grow
    with the cases; `given` is what the form brought, None before. `effect(case, by, given)` does
    it, or raises Refused. `form(data, cases, by)`: what is typed once for all; of what its choices tell
    it offers what the person may read. `against`: what it is checked against, case by case;
    `sensitive`: who does it proves once more who they are.
    """

    label: Text
    look: Callable[[User, Sequence[Case], Given | None], dict[int, Look]]
    effect: Callable[[Case, User, Given], object]
    form: Callable[[Sent, Sequence[Case], User], BaseForm]
    # primary key of the plan → the page on which it goes on with the cases that it can be done on,
    # instead of being done one by one
    goes_to: Callable[[int], str] | None = None
    against: Callable[[User, Sequence[Case]], dict[int, Against]] | None = None
    sensitive: bool = False


@dataclass(frozen=True, kw_only=True)
class PublicActs:
    """What the applicant reads on the timeline of what happened to one kind of row: the names of its
    acts, a space between. Of `said` the reason too, as it was typed for them; of `bare` none, as it is
    one officer's word to another. An act that stands in neither is the office's own. `is_of_firm`: of a
    row of the whole firm, whose reasons are for those who act for all of it.
    """

    said: str = ""
    bare: str = ""
    is_of_firm: bool = False

    def __contains__(self, name: str) -> bool:
        return name in self.said.split() or name in self.bare.split()


@dataclass(frozen=True, kw_only=True)
class CaseFilterPart:
    """A filter of the list of cases by what a room knows: what is typed, and which `cases` it leaves.
    `readers`: roles of the office that read what is asked about; it leaves what they see alone.
    """

    field: Callable[[], Field]
    cases: Callable[[Row], Q]
    readers: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What waits for a person beside the turns of the inbox: a sentence, and the way to it."""

    text: Text
    link: Text
    url: str


# (person, what the page asks together) → what waits for them there, or None, to be said once that
# is there
beside_inbox: Registry[Callable[[User, Ask], Callable[[], Beside | None]]] = Registry(
    "source beside the inbox"
)
# as above: (template, context) of what stands beside a person's own cases, or None where there is
# nothing
beside_own: Registry[Callable[[User, Ask], Callable[[], tuple[str, Context] | None]]] = Registry(
    "part beside own cases"
)
# (cases, what the page asks together) → case → when the office wrote what nobody of the applicant's
# side has answered; to be said once that is there
said_last: Port[Callable[[Sequence[Case], Ask], Callable[[], Mapping[int, datetime]]]] = Port(
    "said_last"
)
case_filter_parts: Registry[CaseFilterPart] = Registry("filter of the list of cases")
case_kinds: Registry[CaseKind] = Registry("case kind")
case_panels: Registry[Panel] = Registry("case panel")
# room → (state, label) of how what it granted ends, as `Case.ended_as` keeps it
endings: Registry[tuple[tuple[str, Text], ...]] = Registry("list of endings")
# model name → what of its acts the applicant reads too
public_acts: Registry[PublicActs] = Registry("list of public acts")
# room → (by what the acts and rows of a matter begin, the only roles of the office that hear of it):
# others who read the same cases find it neither in the record nor among turns
closed_matters: Registry[tuple[tuple[str, ...], tuple[str, ...]]] = Registry("closed matter")
# row that makes an applicant's turn → the page on which it is done, where that is not the case's
applicant_ways: Registry[Callable[[Case], str]] = Registry("page of an applicant's turn")
# model name → (user, pk) → row the user may see, else 404
loaders: Registry[Callable[[User, int], LifeCycle]] = Registry("loader")
# (name, label) of what can be drafted on many cases at once
drafted_acts: Port[Callable[[], list[tuple[str, Text]]]] = Port("drafted_acts")

# what is done with many cases at once, in the order of the lists' menu
bulk_acts: Registry[BulkAct] = Registry("act on many cases")


def acts_on_many() -> list[tuple[str, Text]]:
    """What can be done with several cases at once: the name of each act, as a plan keeps it, and
    its label.
    """
    drafts = [
        (f"act:{name}", _("「%(label)s」を起案する") % {"label": label})
        for name, label in drafted_acts.value()
    ]
    return [*((name, act.label) for name, act in bulk_acts.items()), *drafts]


assignments: Registry[Assignment] = Registry("assignment")
# person → the cases whose applicants are hidden from them now, though they work on them
veils: Registry[Callable[[User], Q]] = Registry("veil")
# what a room ends when a person (case, person, detail) declares an interest
interest_steps: Registry[Callable[[Case, User, str], None]] = Registry("step of an interest")
# (what is asked together, case) → (label, subject), once it is there
duty_subjects: Registry[Callable[[Ask, Case], Callable[[], list[tuple[Text, str]]]]] = Registry(
    "source of subjects of duties"
)

turn_sources: Registry[TurnSource] = Registry("turn source")
# deadlines that rows keep: a closure of the office moves them (`portal.cases.postponing`)
kept_days: Registry[KeptDay] = Registry("kept deadline")
# model name → primary key → where its turn is done
# model name → (what is asked together, keys, cases) → yen that each row decides about those of the
# cases that hang on it
shared_sums: Registry[
    Callable[[Ask, Collection[int], QuerySet[Case]], Callable[[], dict[int, int]]]
] = Registry("sums of what is decided together")
# the same → by which of those cases a list names each row
shared_names: Registry[
    Callable[[Ask, Collection[int], QuerySet[Case]], Callable[[], dict[int, Case]]]
] = Registry("names of what is decided together")
# model of the row that makes a turn → the yen that it is about, where they are not its case's
turn_sums: Registry[Callable[[Ask, Collection[int]], Callable[[], dict[int, int]]]] = Registry(
    "sums of turns"
)
# the same → what came back after it was to be put right, in words (`portal.cases.came_back`), as far as
# the reader opens it
turn_notes: Registry[Callable[[Ask, Collection[int], User], Callable[[], dict[int, str]]]] = (
    Registry("what turns answer")
)
turn_pages: Registry[Callable[[int], str]] = Registry("page of a turn")
# what a turn of the applicant is called → what is due by its day, as a reminder names it
due_papers: Registry[Text] = Registry("paper that is due")
# the same → the moment at which that day's time is up, where it is before midnight
due_moments: Registry[Callable[[Case], datetime | None]] = Registry("moment of a deadline")
# what a turn is called → the duty that whoever takes it does on the case (portal.workflow.duties)
turn_duties: Registry[str] = Registry("duty of a turn")
# what a turn is called whose act binds every municipality of its case → the role that takes it, over
# all of them
joint_turns: Registry[str] = Registry("turn for all municipalities of a case")

# case → last day; date.max while open
keeping_rules: Registry[Callable[[Case], date | None]] = Registry("rule of keeping")
erasures: Registry[Erasure] = Registry("erasure")  # by model label
# of what is no field: files, payloads of events
disposals: Registry[Callable[[Case], None]] = Registry("disposal")
# (name, what makes it) of each file that the person may read
case_files: Registry[Callable[[Case, User], list[tuple[str, Callable[[], bytes]]]]] = Registry(
    "files of a case"
)
# what else rooms keep of cases to find them by, written anew in the same job: keys of the cases
kept_anew: Registry[Callable[[Collection[int]], None]] = Registry("what is kept to find cases by")
# cases → (primary key, text) of what they are found by. Only what everybody of the office who works
# on the case may read (`visibility.WORKERS`): no memo, no account, nothing marked secret
searched: Registry[Callable[[Sequence[Case]], Iterable[tuple[int, str]]]] = Registry(
    "source of what cases are found by"
)
# in the whole of a case; their order stands in reports.dossiers.contents
dossier_parts: Registry[DossierPart] = Registry("part of a dossier")
# case → what a room knows in it that is not for everybody (reports.disclosure proposes to withhold it)
private_texts: Registry[Callable[[Case], Iterable[Private]]] = Registry("source of private texts")
# what is kept of whom the office opened → what it is called (`Reading.what`)
reading_words: Registry[Text] = Registry("what is read")
# model name → keys → what each row is called, where a reading names it
named_rows: Registry[Callable[[Collection[int]], dict[int, str]]] = Registry("names of rows")
# name of an address whose argument is no number of a case → primary key → the cases that its page
# shows; None where it shows many, and is kept as read of no single one (`portal.cases.opened`)
read_pages: Registry[Callable[[int], Q | None]] = Registry("page that shows cases")
# name of such an address → what its page is called, for the list of readings
page_names: Registry[Text] = Registry("name of a page that shows cases")
