"""What a programme states: one typed description of a programme file, frozen into each call.

A file with a mistake is refused with the line and the reason (`read`).
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated, Literal, cast

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, ValidationError, model_validator

from grants.programmes import announcing, consistency, questions, values, wordings
from grants.programmes.blinding import Blind
from grants.programmes.conditions import Condition, filled, standard
from grants.programmes.editing.document import line_of
from grants.programmes.finding.vocabulary import known_topic
from grants.programmes.interest import Interest
from grants.programmes.mistakes import Inconsistent, Mistake, Problem, of_syntax, problems, too_long
from grants.programmes.parts import (
    Amending,
    Bilingual,
    Category,
    Clause,
    Course,
    Easy,
    Example,
    Faq,
    Key,
    Part,
    Periods,
    Rate,
    Required,
    Source,
    Uncounted,
    Year,
    Yen,
)
from grants.programmes.questions import Heading, Question
from grants.programmes.remedies import Act, Provisions, Remedy
from grants.programmes.selecting import Selection
from grants.programmes.unheard import Grounds, standard_grounds
from grants.programmes.wordings import Wording
from portal.money import GroupCap, Terms, pro_rata
from portal.registry.codes import SAPPORO
from portal.types import Json

# who comes first of those whose scores are equal
Tie = Literal["panel", "lower_amount", "earlier_arrival"]


class Frame(Part):
    """枠: part of a call with its own rate, cap, floor, and its own budget in yen or slots."""

    key: Key
    name: Bilingual
    rate: Rate
    cap: Yen
    floor: Yen = 0
    budget: Yen | None = None
    slots: int | None = Field(default=None, ge=1)
    # of a course; the cap is then the most seats of one firm
    seats: int | None = Field(default=None, ge=1)
    yearly: tuple[Year, ...] = ()
    repeat_allowed: bool = False
    # what must have been done before one applies, on a day that the application names
    before: Bilingual | None = None
    purpose: Bilingual | None = None  # what it is for, in a sentence, where the office says so


class Group(Part):
    """Categories that together may be at most `share` of the eligible total."""

    categories: tuple[Key, ...] = Field(min_length=1)
    share: Rate
    cite: str

    @property
    def key(self) -> str:
        return "-".join(self.categories)

    @model_validator(mode="after")
    def _less_than_all(self) -> "Group":
        if self.share == 1:
            raise ValueError(
                _("合わせた上限の割合は、1より小さくしてください。全体の上限は要りません。")
            )
        return self


class Rule(Part):
    """One condition.

    `rule` names a function of `eligibility.py`; `cite` the place in the guideline.
    """

    rule: Literal[
        "head_office",
        "office",
        "sme",
        "sme_or_at_most",
        "independent",
        "industry_in",
        "industry_not_in",
        "employees_at_most",
        "partner",
        "tax",
        "antisocial",
        "not_repeat",
        "tenant",
        "group",
    ]
    cite: str
    text: Bilingual
    areas: tuple[str, ...] = ()
    industries: tuple[str, ...] = ()
    limit: int | None = None
    # a class of `sizes.LIMITS` that holds for every firm, whatever its trade
    sized_as: Literal["software"] | None = None

    @model_validator(mode="after")
    def _with_limit(self) -> "Rule":
        if self.rule in ("employees_at_most", "sme_or_at_most") and self.limit is None:
            raise ValueError(_("この条件には、人数を書いてください。"))
        return self


class Criterion(Part):
    key: Key
    name: Bilingual
    text: Bilingual
    weight: int = Field(default=1, ge=1, le=20)
    maximum: int = Field(default=5, ge=1, le=10)


class Programme(Part):
    """One programme file, whole."""

    code: Key
    # what an application to its calls is: for costs, to a challenge, for the support of a pilot,
    # for seats
    kind: Literal["subsidy", "proposal", "support", "seats"] = "subsidy"
    listed: bool = True  # whether the public list shows its calls
    several: bool = False  # whether one firm may have several live applications in a call
    own_funder: bool = False  # whether each call is one municipality's own
    prefix: str = Field(pattern=r"^[A-Z]{2,4}$")
    order: int = Field(ge=0, le=32_767)
    # whose staff may see its cases
    municipalities: tuple[Annotated[str, Field(pattern=r"^\d{6}$")], ...] = (SAPPORO,)
    family: Bilingual
    name: Bilingual
    summary: Bilingual
    lead: Bilingual
    sources: tuple[Source, ...] = ()
    purposes: tuple[str, ...] = Field(min_length=1)
    # what people look for who are helped by it, the first one most (finding/vocabulary.toml)
    topics: tuple[Annotated[str, AfterValidator(known_topic)], ...] = ()
    guideline: str
    award_article: str
    articles: tuple[Clause, ...] = ()
    in_force_on: date | None = None
    selection: Selection
    payment: tuple[Literal["settlement", "advance"], ...] = ("settlement",)
    passbook: bool = True  # whether a copy of the passbook is asked for with an account
    early_start: bool = False
    asks_adviser_fee: bool = False  # whether a firm says whom it pays for help with its application
    rounding_unit: Literal[1, 10, 100, 1000] = 1000
    floor_at_fixing: bool = False  # whether less than the floor is nothing also when it is fixed
    begun_month_counts: bool = True  # of the use of an asset: a begun month as a whole one
    two_quotes_above: Yen = 1_000_000
    asset_limit: Yen = (
        500_000  # price a piece, without tax, from which an asset is registered and restricted
    )
    tax_return: bool = False  # whether input tax is to be reported and returned
    interest: Interest = Interest()  # on what has to come back
    remedy: Remedy | None = None
    provisions: Provisions = Provisions()
    texts: tuple[Wording, ...] = ()
    conditions: tuple[Condition, ...] = Field(default_factory=standard, min_length=1)
    unheard: Grounds = Field(default_factory=standard_grounds)
    excludes: tuple[str, ...] = ()
    scores_to_rejected: bool = False
    comments_to_rejected: bool = False  # of the reviewers, unsigned
    pass_mark: int | None = Field(default=None, ge=0, le=100)
    tie: Tie = "panel"
    blind: Blind | None = None  # until the scores are in
    amending: Amending = Amending()
    office: Bilingual
    phone: str
    periods: Periods = Periods()
    frames: tuple[Frame, ...] = Field(min_length=1)
    categories: tuple[Category, ...] = Field(min_length=1)
    groups: tuple[Group, ...] = ()
    uncounted: tuple[Uncounted, ...] = ()
    rules: tuple[Rule, ...] = Field(min_length=1)
    headings: tuple[Heading, ...] = ()
    questions: tuple[Question, ...] = Field(min_length=1)
    documents: tuple[Required, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    faq: tuple[Faq, ...] = ()
    easy: Easy | None = None
    example: Example | None = None
    course: Course | None = None

    @model_validator(mode="after")
    def _consistent(self) -> "Programme":
        if faults := list(consistency.faults(self)):
            raise Inconsistent(faults)
        return self

    @property
    def unit(self) -> str:
        """What is applied for and awarded: "yen" or "seats"."""
        return "seats" if self.kind == "seats" else "yen"

    @property
    def pays(self) -> bool:
        """Whether money follows an award of it."""
        return self.kind in ("subsidy", "support")

    @property
    def asked(self) -> tuple[Question, ...]:
        """The questions in the order of the form."""
        return questions.in_order(self.questions, self.headings)

    def frame(self, key: str) -> Frame:
        """Raises KeyError for a frame the programme does not have."""
        for frame in self.frames:
            if frame.key == key:
                return frame
        raise KeyError(key)

    @property
    def award_conditions(self) -> list[str]:
        """The texts of the conditions that belong to the programme; those about interest come last."""
        return [*(text for text, _source in self.binding), *self.interest.conditions()]

    @property
    def binding(self) -> list[tuple[str, str]]:
        """(text with the programme's values, provision) of the conditions that a recipient may break."""
        own = [c for c in self.conditions if announcing.applies(c.announces, self)]
        return [(filled(condition, self), condition.source) for condition in own]

    def under(self, act: Act) -> str:
        """Under what the office writes a paper: the guideline, with the article where one is stated."""
        return f"{self.guideline}{self.provisions.of(act)}の規定により"

    def terms(self, frame_key: str, *, year: int = 1, months: int = 12) -> Terms:
        """The terms of the amount for a frame, in `year` of support with `months` of it left."""
        frame = self.frame(frame_key)
        cap = next((entry.cap for entry in frame.yearly if entry.year == year), frame.cap)
        groups = tuple(GroupCap(group.categories, group.share) for group in self.groups)
        return Terms(frame.rate, pro_rata(cap, months), frame.floor, self.rounding_unit, groups)


# what files once stated, and what to do about it; frozen parameters may still hold it
RETIRED = {
    "appeal_text": "不服申立ての教示、またはできない理由は、[remedy]のtextに書いてください。",
    "withdrawal_text": "取下げの期限の文は withdrawal_days の日数から作られます。この行を消してください。",
    "source": "出典は、[[sources]]に、それが裏付ける値と一緒に書いてください。",
    "to_be_confirmed": "出典のない値は、計画値として公表されます。この行を消してください。",
}


LONGEST = 100_000  # characters: twelve times the longest file that comes with the portal


def read(text: str) -> Programme:
    """A programme from the text of its file. Raises Mistake with line and reason."""
    if len(text) > LONGEST:
        raise Mistake(1, too_long(LONGEST))
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also of numbers and nesting without measure
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        raise Mistake(line, of_syntax()) from error
    made, wrong = look(data)
    for path, _kind, reason in wrong:
        where = ".".join(map(str, path))
        raise Mistake(line_of(text, path), f"{where}：{reason}" if where else reason)
    return cast("Programme", made)


def look(data: Mapping[str, object]) -> tuple[Programme | None, list[Problem]]:
    """The programme that these values make, and all that is wrong with them."""
    retired = [Problem((key,), "retired", RETIRED[key]) for key in RETIRED if key in data]
    try:
        made = Programme.model_validate({k: data[k] for k in data if k not in RETIRED})
    except ValidationError as error:
        return None, retired + list(problems(error))
    return made, retired + list(_strange(made))


KEYED = ("frames", "categories", "uncounted", "headings", "questions", "documents", "criteria")


def _strange(made: Programme) -> Iterator[Problem]:
    """Names of other things than there are, of values and of papers; two of a list by one key; questions
    that do not go together.
    """
    for path, reason in questions.faults(made.questions, made.headings):
        yield Problem(path, "value_error", reason)
    for name in KEYED:
        keys = [row.key for row in getattr(made, name)]
        for n, key in enumerate(keys):
            if key in keys[:n]:
                words = _("この記号は、%(n)s番目と同じです。ほかの記号にしてください。")
                yield Problem((name, n, "key"), "value_error", words % {"n": keys.index(key) + 1})
    for n, source in enumerate(made.sources):
        if names := values.unknown(made, source):
            yield Problem(
                ("sources", n, "values"),
                "value_error",
                _("出典の%(names)sは、この制度の値ではありません。") % {"names": "、".join(names)},
            )
    if papers := wordings.unknown(made):
        yield Problem(
            ("texts",),
            "value_error",
            _("[[texts]]の%(names)sは、通知書の名前でないか、2回書いてあります。")
            % {"names": "、".join(papers)},
        )


KEPT = 256  # programmes read last, of some 130 kB each: more than a portal reads in a day


def stated(parameters: Json) -> Programme:
    """A programme from the parameters that a call or an award froze; equal ones are read once."""
    return _stated(json.dumps(parameters, sort_keys=True))


@lru_cache(maxsize=KEPT)
def _stated(text: str) -> Programme:
    frozen = json.loads(text)
    return Programme.model_validate({k: v for k, v in frozen.items() if k not in RETIRED})
