"""What a draft says of each of its rows: once for all of them, and anew where a row differs.

A row that differs is ticked; its fields are on the page that comes back, filled with what was said
for all.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from django.forms import BaseForm, Form
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.functional import cached_property

from portal.approvals.forms import DropForm
from portal.approvals.ports import Act, Change
from portal.cases.models import Case
from portal.types import Given, Row
from portal.ui.controls import faults
from portal.ui.forms import offer_choices

FOR_ALL = "all"  # the prefix of what is said once


def typed(form: type[Form], post: QueryDict, prefix: str = "") -> Given:
    """What was typed into a form, right or wrong: it is shown again, and nothing is said about it."""
    start = f"{prefix}-" if prefix else ""
    return {
        name: each.widget.value_from_datadict(post, MultiValueDict(), start + name)
        for name, each in form.base_fields.items()
    }


def _told(said: Given) -> Given:
    return {name: value for name, value in said.items() if value not in (None, "")}


class RowForms:
    """The forms of an act for the rows of one draft, its subjects by the number of their case.

    `known`: what rows said before, by number.
    """

    def __init__(
        self,
        act: Act[Row],
        subjects: Mapping[str, Row | None],
        post: QueryDict | None,
        known: Mapping[str, Given] | None = None,
    ) -> None:
        self.act, self._post, self._known = act, post, known or {}
        self._subjects, numbers = subjects, list(subjects)
        self.is_shared = len(numbers) > 1 and not act.asks_each
        self.may_differ = self.is_shared and bool(act.form.base_fields)
        self._differing = self._those_that_differ(numbers)
        self._is_for_some = len(self._differing) < len(numbers)
        opened = post.getlist("opened") if post is not None and self.is_shared else []
        self._opened = set(opened)
        # its fields are wanted first: nothing is sent yet
        self.is_opening = (
            post is not None
            and self.is_shared
            and ("open" in post or bool(self._differing - self._opened))
        )

    def _those_that_differ(self, numbers: Collection[str]) -> set[str]:
        if not self.is_shared:
            return set(numbers)
        if self._post is not None:
            return set(self._post.getlist("differs")) & set(numbers)
        return {number for number, said in self._known.items() if _told(said) != self._common}

    @cached_property
    def _common(self) -> Given:
        """What most rows said that said nothing of their own."""
        alike = [
            json.dumps(_told(said), sort_keys=True)
            for said in self._known.values()
            if not any(said.get(name) for name in self.act.own)
        ]
        [(most, _n)] = Counter(alike).most_common(1) or [("{}", 0)]
        common: Given = json.loads(most)
        return common

    @cached_property
    def shared(self) -> BaseForm | None:
        """What is said once, without what each row says by itself; None where each row says all."""
        if not self.is_shared:
            return None
        if self.is_opening and self._post is not None:
            form = self.act.form(initial=typed(self.act.form, self._post, FOR_ALL), prefix=FOR_ALL)
        else:
            form = self.act.form(self._post, prefix=FOR_ALL, initial=self._common)
        for name in self.act.own:
            form.fields.pop(name)
        return form

    @cached_property
    def own(self) -> dict[str, BaseForm]:
        """The forms of the rows that differ, by number."""
        return {number: self._own(number) for number in self._differing}

    def _own(self, number: str) -> BaseForm:
        form, subject = self._bound(number), self._subjects[number]
        if subject is not None:
            for name, choices in self.act.choices(subject).items():
                offer_choices(form, name, choices)
        return form

    def _bound(self, number: str) -> BaseForm:
        form = self.act.form
        if self.is_opening and self._post is not None:
            prefix = number if number in self._opened else FOR_ALL
            return form(initial=typed(form, self._post, prefix), prefix=number)
        return form(self._post, prefix=number, initial=self._known.get(number))

    def given(self, number: str) -> Given:
        """What is said of a row, as far as it is right; nothing was sent: what it said before."""
        form = self._read(number)
        if form is None or not form.is_bound:
            return self._known.get(number, {})
        said: Given = form.cleaned_data if form.is_valid() else {}
        return said if number in self.own else dict.fromkeys(self.act.own) | said

    def _read(self, number: str) -> BaseForm | None:
        """The form that brought what is said of a row. Where fields are wanted first, what was typed
        by then counts too, though the page says nothing about it yet.
        """
        if not self.is_opening or self._post is None:
            return self.own.get(number, self.shared)
        return self._before[number if number in self._differing & self._opened else FOR_ALL]

    @cached_property
    def _before(self) -> dict[str, BaseForm]:
        opened = self._differing & self._opened
        return {prefix: self.act.form(self._post, prefix=prefix) for prefix in (FOR_ALL, *opened)}

    def is_told(self, number: str) -> bool:
        """Is all said that what it would change hangs on, and rightly?"""
        form = self._read(number)
        if form is not None and form.is_bound and not form.is_valid():
            return False
        said = _told(self.given(number))
        fields = self.act.form.base_fields
        return all(name in said for name, field in fields.items() if field.required)

    def is_right(self, number: str) -> bool:
        form = self.own.get(number, self.shared)
        return form is not None and form.is_valid()


@dataclass
class FormRow:
    """A row of a draft as its form shows it; `blocked`: why the act cannot be about it."""

    case: Case
    subject: Row
    forms: RowForms
    blocked: list[str] = field(default_factory=list)
    drop: DropForm | None = None
    misfits: list[str] = field(default_factory=list)

    @property
    def form(self) -> BaseForm | None:
        """Its own fields, where it has some."""
        return self.forms.own.get(self.case.number)

    @property
    def given(self) -> Given:
        return self.forms.given(self.case.number)

    @property
    def changes(self) -> list[Change]:
        """What the act would change of it, as far as it is told."""
        if self.blocked or self.is_taken_out or not self.forms.is_told(self.case.number):
            return []
        return self.forms.act.preview(self.subject, self.given)

    @property
    def anchor(self) -> str:
        """Where what does not fit it is put right: its own first field, else the row."""
        fields = self.form.visible_fields() if self.form is not None else []
        return str(fields[0].id_for_label) if fields else f"row-{self.case.number}"

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What does not fit it, as the summary at the top of the page names it."""
        return [(self.anchor, f"{self.case}：{text}") for text in self.misfits]

    @property
    def is_taken_out(self) -> bool:
        return bool(self.drop is not None and self.drop["drop"].value())

    @property
    def why_taken_out(self) -> str:
        return self.drop.cleaned_data["why"] if self.drop is not None and self.is_taken_out else ""

    @property
    def parts(self) -> list[BaseForm | None]:
        """What must be right: of a row that is taken out, only why."""
        return [self.drop] if self.is_taken_out else [self.drop, self.form]

    def fits(self, act: Act[Row]) -> bool:
        """Is what is said of it right, by itself and against its subject? What is not is said at it."""
        if self.drop is not None and not self.drop.is_valid():
            return False
        if self.is_taken_out:
            return True
        if not self.forms.is_right(self.case.number):
            return False
        if self.subject is not None and not self.blocked:  # the door says why it is
            unheard = act.unheard(self.subject, self.given) if self.form is not None else ""
            self.misfits = [*act.check(self.subject, self.given), *filter(None, [unheard])]
        return not self.misfits


def all_fit(act: Act[Row], rows: Collection[FormRow]) -> bool:
    """Every row is asked, so that each says what is wrong with it."""
    return all([row.fits(act) for row in rows]) and _is_heard(act, rows)


def _is_heard(act: Act[Row], rows: Collection[FormRow]) -> bool:
    """Does what was said for all rows say something about one of them?"""
    left = [row for row in rows if row.subject is not None and not row.is_taken_out]
    shared = left[0].forms.shared if left else None
    if shared is None or all(row.form is not None for row in left):
        return True
    unheard = [act.unheard(row.subject, row.given | shared.cleaned_data) for row in left]
    if not all(unheard):
        return True
    shared.add_error(None, unheard[0])
    return False


def faulty(form: BaseForm, forms: RowForms, rows: Collection[FormRow]) -> list[tuple[str, str]]:
    """All that stops a draft's form, each with the place where it is put right."""
    parts = [part for row in rows for part in row.parts]
    at_rows = [fault for row in rows for fault in row.faults]
    return [*faults(form, forms.shared, *parts), *at_rows]
