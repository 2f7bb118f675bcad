"""A line is put under its 予算科目: proposed by one, confirmed by another; and lines are found by it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.budget.changes import changers
from grants.budget.classification import COLUMNS, titles_of, ways
from grants.budget.models import CHANGERS, BudgetLine, ClassificationProposal
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.audit.record import record
from portal.workflow import duties
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


def open_of(line: BudgetLine) -> QuerySet[ClassificationProposal]:
    """What is proposed for a line and waits: of itself, or of all money of its call."""
    of_call = Q(whole_call=True, line__call=line.call_id)
    return ClassificationProposal.objects.filter(Q(line=line) | of_call, closed_at=None)


@transaction.atomic
def propose(
    line: BudgetLine, said: Mapping[str, str], *, by: User, whole_call: bool
) -> ClassificationProposal:
    """Propose under which classification a line, or all money of its call, stands: column of `COLUMNS` → text.

    Raises Forbidden outside the scope or with an interest, NotReady where a code is called
    otherwise in the same budget or another proposal waits.
    """
    for fresh in _held(line, whole_call=whole_call):
        demand(by, fresh, *CHANGERS)
        if reasons := title_refusals(fresh, said):
            raise NotReady(*reasons)
        if open_of(fresh).exists():
            raise NotReady(
                _(
                    "予算科目の別の提案が、確認を待っています。先にその提案を確認するか、取り下げてください。"
                )
            )
    return _proposed(line, said, by=by, whole_call=whole_call)


def _proposed(
    line: BudgetLine, said: Mapping[str, str], *, by: User, whole_call: bool = False
) -> ClassificationProposal:
    columns = {name: said.get(name, "") for name in COLUMNS}
    proposal = ClassificationProposal.objects.create(
        line=line, whole_call=whole_call, proposed_by=by, proposed_at=clock.now(), **columns
    )
    duties.take(by, _subject(proposal), "draft_classification")
    _note(proposal, "propose", gettext_noop("予算科目を提案しました"), by)
    return proposal


def copy_last(line: BudgetLine, *, by: User) -> None:
    """Propose for a line of a new call what the same frame of the programme's last call stood under."""
    before = BudgetLine.objects.filter(
        unit="yen",
        frame=line.frame,
        call__programme__code=line.programme_code,
        call__municipality_codes__0=line.funder,
        fiscal_year__lte=line.fiscal_year,
    ).exclude(Q(pk=line.pk) | Q(chapter_code=""))
    last = before.order_by("-fiscal_year", "-pk").first()
    if line.unit == "yen" and last is not None:
        _proposed(line, {name: getattr(last, name) for name in COLUMNS}, by=by)


@transaction.atomic
def confirm(proposal: ClassificationProposal, *, by: User) -> None:
    """Put the money under what another person proposed.

    Raises Forbidden for whoever proposed it, outside the scope or with an interest; NotReady where
    it is no longer open, or a code is called otherwise in the same budget.
    """
    fresh = proposal.held("line__call")
    fresh.demand_another(by)
    duties.take(by, _subject(fresh), "confirm_classification")
    said = {name: getattr(fresh, name) for name in COLUMNS}
    for line in _held(fresh.line, whole_call=fresh.whole_call):
        demand(by, line, *CHANGERS)
        if reasons := title_refusals(line, said):
            raise NotReady(*reasons)
        was = line.codes_said
        for name, text in said.items():
            setattr(line, name, text)
        line.save(update_fields=COLUMNS)
        record(
            chain=f"call:{line.call_id}",
            action="budgetline.classify",
            label=gettext_noop("予算科目を付けました"),
            subject=f"budgetline:{line.pk}",
            by=by,
            capacity="office",
            was=was,
            classification=[level.with_label for level in line.named_levels],
        )
    fresh.confirmed_at = clock.now()
    fresh.close(by, "confirmed_at")


@transaction.atomic
def take_back(proposal: ClassificationProposal, *, by: User) -> None:
    """Close a proposal; the line stands where it stood.

    Raises Forbidden outside the scope, NotReady where it is no longer open.
    """
    fresh = proposal.held("line__call")
    demand(by, fresh.line, *CHANGERS)
    fresh.close(by, "confirmed_at")
    _note(fresh, "take_back", gettext_noop("予算科目の提案を取り下げました"), by)


def waiting() -> Counter[User]:
    """How many open proposals each person may confirm."""
    rows = ClassificationProposal.objects.filter(closed_at=None).select_related("line__call")
    return Counter(
        person
        for proposal in rows
        for person in changers(proposal.line)
        if proposal.is_anothers(person)
    )


def _held(line: BudgetLine, *, whole_call: bool) -> list[BudgetLine]:
    """The line, or all money of its call, locked in the one order until the end of the transaction."""
    lines = BudgetLine.objects.select_for_update(no_key=True, of=("self",)).select_related("call")
    of_call = list(lines.filter(call=line.call_id, unit="yen").order_by("pk"))
    return [one for one in of_call if whole_call or one.pk == line.pk]


def _subject(proposal: ClassificationProposal) -> str:
    return f"classificationproposal:{proposal.pk}"


def _note(proposal: ClassificationProposal, what: str, label: str, by: User) -> None:
    record(
        chain=f"call:{proposal.line.call_id}",
        action=f"classificationproposal.{what}",
        label=label,
        subject=f"budgetline:{proposal.line_id}",
        by=by,
        capacity="office",
        classification=[level.with_label for level in proposal.named_levels],
        whole_call=proposal.whole_call,
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
