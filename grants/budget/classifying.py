"""A line is put under its 予算科目, and lines are found by it."""

from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.budget.classification import COLUMNS, titles_of, ways
from grants.budget.models import CHANGERS, BudgetLine
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.audit.record import record
from portal.workflow.errors import NotReady

UNCLASSIFIED = "none"


def beside(line: BudgetLine) -> list[BudgetLine]:
    """Other classified lines of the same municipality and year, one for each classification."""
    funder = line.call.municipality_codes[0]
    others = BudgetLine.objects.filter(
        fiscal_year=line.fiscal_year, call__municipality_codes__0=funder
    ).exclude(pk=line.pk)
    found = {other.path: other for other in others.exclude(chapter_code="").order_by("pk")}
    return [found[path] for path in sorted(found)]


def title_refusals(line: BudgetLine, said: Mapping[str, str]) -> list[str]:
    """A code means one thing in one budget: where it is called otherwise, that is said."""
    known = titles_of(beside(line))
    wanted = BudgetLine(**{name: said.get(name, "") for name in COLUMNS})
    text = _("%(label)s%(code)sは、この年度のほかの予算では「%(title)s」です。")
    return [
        text % {"label": level.label, "code": level.code, "title": known[way]}
        for level, way in zip(wanted.levels, ways(wanted.path), strict=True)
        if level.code and known.get(way, level.title) != level.title
    ]


@transaction.atomic
def classify(line: BudgetLine, said: Mapping[str, str], *, by: User, whole_call: bool) -> None:
    """Put a line, or all money of its call, under a classification: column of `COLUMNS` → text.

    Raises Forbidden outside the scope or with an interest, NotReady where a code is called
    otherwise in the same budget.
    """
    lines = BudgetLine.objects.select_for_update(no_key=True).select_related("call")
    of_call = lines.filter(call=line.call_id, unit="yen").order_by("pk")
    for fresh in of_call if whole_call else of_call.filter(pk=line.pk):
        demand(by, fresh, *CHANGERS)
        if reasons := title_refusals(fresh, said):
            raise NotReady(*reasons)
        was = fresh.codes_said
        for name in COLUMNS:
            setattr(fresh, name, said.get(name, ""))
        fresh.save(update_fields=COLUMNS)
        record(
            chain=f"call:{fresh.call_id}",
            action="budgetline.classify",
            label=gettext_noop("予算科目を付けました"),
            subject=f"budgetline:{fresh.pk}",
            by=by,
            capacity="office",
            was=was,
            classification=[level.with_label for level in fresh.named_levels],
        )


def choices(lines: Iterable[BudgetLine]) -> list[tuple[str, str]]:
    """The tree of what lines stand under, as the choices of a filter: 款 to 事業, then 節."""
    listed = list(lines)
    titles = titles_of(listed)
    tree = sorted(way for way in titles if way[0])
    expenses = sorted(way for way in titles if not way[0])
    found = [("-".join(way), f"{'　' * (len(way) - 1)}{way[-1]} {titles[way]}") for way in tree]
    found += [
        ("-".join(way), _("節%(said)s") % {"said": f"{way[-1]} {titles[way]}"}) for way in expenses
    ]
    if any(line.unit == "yen" and not line.is_classified for line in listed):
        found.append((UNCLASSIFIED, _("予算科目のないもの")))
    return found


def under(lines: Sequence[BudgetLine], wanted: str) -> list[BudgetLine]:
    """The lines that stand under one of the `choices`; all of them for ""."""
    if not wanted:
        return list(lines)
    if wanted == UNCLASSIFIED:
        return [line for line in lines if line.unit == "yen" and not line.is_classified]
    way = tuple(wanted.split("-"))
    return [line for line in lines if line.is_classified and way in ways(line.path)]
