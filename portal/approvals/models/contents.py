"""What a draft says: the rows it is about, what stands in the way of that, and its effect."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import clock, fiscal
from portal.accounts.models import User
from portal.approvals.models.parts import Dropped, Item
from portal.approvals.ports import Act, Change, acts
from portal.approvals.states import LIVE
from portal.approvals.stations import may_take
from portal.cases.models import Case, NumberSeries
from portal.together import Ask
from portal.types import Given, Row
from portal.workflow.errors import NotReady, Refused

if TYPE_CHECKING:
    from portal.approvals.models.approval import Approval


def rows(act: Act[Row], items: list[Item]) -> list[tuple[Row, Given]]:
    """The row of each item, as stored now and with what the act reads, and what its form brought."""
    subjects = _read(act, [item.subject_id for item in items])
    return [(subjects[item.subject_id], item.given) for item in items]


def _read(act: Act[Row], keys: list[int]) -> dict[int, Row]:
    """Primary key → row of the act, as stored now."""
    found: dict[int, Row] = apps.get_model(act.subject_model)._default_manager.in_bulk(keys)
    act.read(list(found.values()))
    return found


def proposed(act: Act[Row], rows: list[tuple[Row, Given]]) -> list[Case]:
    """The cases of the rows; NotReady where the act cannot be about one of them, or not so."""
    if any(subject is None for subject, _given in rows):
        raise NotReady(_("この案件では、まだ起案できません。"))
    fresh = _read(act, [subject.pk for subject, _given in rows])  # its cases are locked by now
    rows = [(fresh[subject.pk], given) for subject, given in rows]
    subjects = list(fresh.values())
    refused = [
        f"{subject.case}: {reason}"
        for subject in subjects
        for reason in act.refusals(subject, subjects)
    ]
    if reasons := refused or act.misfits(rows) or act.overdrawn(rows):
        raise NotReady(*reasons)
    return [subject.case for subject, _given in rows]


def in_hand(cases: Iterable[Case]) -> dict[int, Approval]:
    """Case → the draft that is about it and still waits: no other can be drafted until then."""
    waiting = Item.objects.filter(case__in=cases, approval__state__in=LIVE)
    found = waiting.select_related("approval__drafted_by")
    return {
        item.case_id: item.approval for item in found.prefetch_related("approval__steps__person")
    }


def named_by(ask: Ask, items: models.QuerySet[Item]) -> Callable[[], dict[int, Case]]:
    """Draft → which of its cases names it in a list: the first of `items`, which its reader sees."""
    first = items.order_by("approval_id", "n").distinct("approval_id")
    rows = ask(first.select_related("case__organisation"))
    return lambda: {item.approval_id: item.case for item in rows}


def whereabouts(approval: Approval) -> str:
    """Which draft it is, and with whom it is."""
    people = [step.person for step in approval.open_steps] if approval.is_circulated else []
    return _(
        "%(number)sが%(state)sです（%(names)sさんの番）。決裁か取下げまで、この案件で別の起案はできません。"
    ) % {
        "number": approval.number,
        "state": approval.info.label,
        "names": "、".join(person.name for person in people or [approval.drafted_by]),
    }


def fallen(approval: Approval) -> dict[int, list[str]]:
    """The cases that the act of a draft can no longer be about: case → why."""
    subjects = [subject for subject, _given in approval.rows()]
    refusals = acts[approval.act].refusals
    return {
        subject.case_id: reasons for subject in subjects if (reasons := refusals(subject, subjects))
    }


def demand_able(
    approval: Approval, steps: list[tuple[str, User]], cases: list[Case], by: User
) -> None:
    """Raises NotReady unless each person of the route may take their station over all cases."""
    for kind, person in steps:
        if person == by or not may_take(person, kind, cases, approval):
            raise NotReady(
                _(
                    "%(name)sさんは、いまはこの起案のすべての案件を受け持てません。ほかの方を選んでください。"
                )
                % {"name": person.name}
            )


def drop(approval: Approval, reasons: Mapping[int, str], by: User) -> None:
    """Move rows to what was dropped: case → why. Raises NotReady where none would be left."""
    going = [item for item in approval.items.all() if item.case_id in reasons]
    if going and len(going) == approval.items.count():
        raise NotReady(_("すべての案件は外せません。起案を取り下げてください。"))
    Dropped.objects.bulk_create(
        Dropped(
            approval=approval,
            case_id=item.case_id,
            given=item.given,
            reason=reasons[item.case_id],
            dropped_by=by,
        )
        for item in going
    )
    approval.items.filter(pk__in=[item.pk for item in going]).delete()
    approval.forget_rows()


def title_of(act: Act[Row], cases: Sequence[Case]) -> str:
    """All programmes and all cases are named, or how many there are beside the first."""
    first = cases[0]
    programmes = len({case.programme_code for case in cases})
    others = _("ほか%(n)s制度") % {"n": programmes - 1} if programmes > 1 else ""
    rest = _("ほか%(n)s件") % {"n": len(cases) - 1} if len(cases) > 1 else ""
    return f"{first.shown_programme}{others}　{act.label}（{first}{rest}）"[:200]


def title_after(act: Act[Row], title: str, before: Sequence[Case], stay: Sequence[Case]) -> str:
    """A title that the portal proposed, in the language of its drafter, names the cases that stay; one
    that was typed is the drafter's own.
    """
    for language, _name in settings.LANGUAGES if stay else ():
        with override(language):
            if title == title_of(act, before):
                return title_of(act, stay)
    return title


def next_number() -> str:
    """The 文書番号 of a new draft: by fiscal year, without gaps."""
    year = fiscal.fiscal_year(clock.today())
    n = NumberSeries.one(f"approval-{year}")
    return f"起案第{n}号（{fiscal.era_fiscal_year(year)}）"


def write(approval: Approval, act: Act[Row], rows: list[tuple[Row, Given]]) -> None:
    """The rows of a new draft, in the order of the act."""
    brought = {subject.pk: given for subject, given in rows}
    Item.objects.bulk_create(
        Item(
            approval=approval,
            n=n,
            case=subject.case,
            subject_model=subject._meta.label,
            subject_id=subject.pk,
            given=brought[subject.pk],
            yen=act.sum_of(subject, brought[subject.pk]),
        )
        for n, subject in enumerate(act.order([subject for subject, _given in rows]), 1)
    )


def write_again(items: list[Item], act: Act[Row], rows: list[tuple[Row, Given]]) -> None:
    """What the forms brought anew for the rows of a draft; NotReady for rows that it has not, or
    where one of its own is missing.
    """
    brought = {subject.case_id: given for subject, given in rows}
    if set(brought) != {item.case_id for item in items}:
        raise NotReady(_("起案の案件が変わっています。ページを開き直してください。"))
    subject_of, sum_of = {subject.case_id: subject for subject, _given in rows}, act.sum_of
    for item in items:
        item.given, item.changes, item.changes_en = brought[item.case_id], [], []
        item.yen = sum_of(subject_of[item.case_id], item.given)
    Item.objects.bulk_update(items, ["given", "changes", "changes_en", "yen"])


def sums(ask: Ask, items: models.QuerySet[Item]) -> Callable[[], dict[int, int]]:
    """Approval → what is decided about these of its items, in yen together."""
    yen = models.Sum(Coalesce("yen", "case__amount"))
    rows = ask(items.order_by().values_list("approval").annotate(of=yen))
    return lambda: {key: of or 0 for key, of in rows}


def previews(approval: Approval) -> dict[int, list[Change]]:
    """What the act would change now: case → rows."""
    return _previews(acts[approval.act], approval.rows())


def _previews(act: Act[Row], rows: list[tuple[Row, Given]]) -> dict[int, list[Change]]:
    return {subject.case_id: act.preview(subject, given) for subject, given in rows}


def keep_changes(approval: Approval, rows: list[tuple[Row, Given]]) -> None:
    """Keep what is before its readers now: what each row changes."""
    act = acts[approval.act]
    with override("ja"):  # the record is Japanese, whoever presses the button
        changes = _previews(act, rows)
    with override("en"):
        changes_en = _previews(act, rows)
    items = list(approval.items.all())
    for item in items:
        item.changes, item.changes_en = changes[item.case_id], changes_en[item.case_id]
    Item.objects.bulk_update(items, ["changes", "changes_en"], batch_size=500)


def freeze(approval: Approval, rows: list[tuple[Row, Given]]) -> None:
    """Keep what was before those who ended it: what each row changes, the budget, and by which rule."""
    act = acts[approval.act]
    with override("ja"):
        approval.budget = [draw.frozen() for draw in act.draws(rows)]
        approval.decided_under = str(approval.ruled or "")[:300]
    with override("en"):
        approval.budget_en = [draw.frozen() for draw in act.draws(rows)]
        approval.decided_under_en = str(approval.ruled or "")[:300]
    keep_changes(approval, rows)


def moved(approval: Approval) -> list[str]:
    """Why nobody can agree to it or decide it: a row would now come out otherwise than it was put
    into circulation. What is before the act may move meanwhile.
    """
    with override("ja"):
        now = previews(approval)
    said = _(
        "%(case)s: 回議に回したあとで、決裁すると変わることの内容が動いています。起案者に差し戻して、回し直してもらってください。"
    )
    return [
        said % {"case": item.case}
        for item in approval.items.select_related("case")
        if item.changes and _outcome(item.changes) != _outcome(now[item.case_id])
    ]


def _outcome(changes: Sequence[Change]) -> list[tuple[str, str]]:
    """What comes out of an act, thing by thing, without what was before it."""
    return [(str(what), str(after)) for what, _before, after in changes]


def touched(act: Act[Row], rows: list[tuple[Row, Given]]) -> list[models.Model]:
    """Everything the act will touch, so that the outermost perform locks it in the one order."""
    return [row for subject, _given in rows for row in (subject.case, subject, *act.locks(subject))]


def execute(approval: Approval, decided: list[tuple[Row, Given]], by: User) -> None:
    """Run the act for these rows. One refusal refuses all, with the row named."""
    act = acts[approval.act]
    if reasons := act.misfits(decided):
        raise NotReady(*reasons)
    if act.effect_all is not None:
        act.effect_all(decided, by=by, approval=approval)
        return
    refused = []
    for subject, given in decided:
        try:
            act.effect(subject, by=by, given=given, approval=approval)
        except Refused as error:
            refused += [f"{subject.case}: {reason}" for reason in error.reasons]
    if refused:
        raise NotReady(*refused)
