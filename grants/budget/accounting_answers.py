"""What the accounting system says of entries that it was handed: a CSV, read whole or not at all."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grants.budget import accounting
from grants.budget.layouts import IN, NEEDED, AccountingAnswer, Layout, layout_of
from grants.budget.models import BudgetEntry
from portal import clock, parsing
from portal.accounts.models import User
from portal.cases.models import Case
from portal.cases.visibility import of_interest
from portal.registry.models import Municipality
from portal.workflow.errors import NotReady

ROWS = 20_000  # of one file
SIGNS = {"status": 40, "voucher": 40, "reason": 200}
MOST_DIGITS = 18  # a larger number is no key of the database


class Answer(NamedTuple):
    """One row of the file."""

    entry: int
    status: str
    voucher: str
    day: date | None
    reason: str


@dataclass
class Taken:
    """What became of a file: how many answers are new, how many said what is known already; or why
    nothing was taken in, by row (the headings stand in row 1).
    """

    new: int = 0
    same: int = 0
    faults: dict[int, str] = field(default_factory=dict)


def read(text: str, layout: Layout) -> tuple[dict[int, Answer], dict[int, str]]:
    """(answers, faults), both by row.

    Raises NotReady where a column that is needed is missing, and for no row or too many.
    """
    rows = csv.reader(io.StringIO(text))
    heads = [name.strip() for name in next(rows, [])]
    names = dict(layout.columns)
    missing = [names[name] for name in NEEDED[IN] if names[name] not in heads]
    if missing:
        raise NotReady(_("CSVに列がありません：%(names)s") % {"names": "、".join(missing)})
    at = {name: heads.index(heading) for name, heading in names.items() if heading in heads}
    answers: dict[int, Answer] = {}
    faults: dict[int, str] = {}
    for place, row in enumerate(rows, 2):
        if not any(row):
            continue
        cells = {name: row[n].strip() if n < len(row) else "" for name, n in at.items()}
        found = _answer(cells)
        if isinstance(found, Answer):
            answers[place] = found
        else:
            faults[place] = found
    if not answers and not faults:
        raise NotReady(_("1件も入っていません。"))
    if len(answers) + len(faults) > ROWS:
        raise NotReady(_("1つのファイルは%(n)s行までです。") % {"n": f"{ROWS:,}"})
    return answers, faults


def _answer(cells: Mapping[str, str]) -> Answer | str:
    """A row as it was meant, or why it is not read."""
    number = cells["entry"]
    if not number.isascii() or not number.isdigit() or len(number) > MOST_DIGITS:
        return _("異動の番号が数字ではありません。")
    if not cells["status"]:
        return _("状態が空です。")
    if any(len(cells.get(name, "")) > most for name, most in SIGNS.items()):
        return _("長すぎます。状態と伝票の番号は40字まで、備考は200字までです。")
    try:
        day = parsing.day(cells["day"]) if cells.get("day") else None
    except parsing.Unclear:
        return _("処理の日を日付として読めません。")
    voucher, reason = cells.get("voucher", ""), cells.get("reason", "")
    return Answer(int(number), cells["status"], voucher, day, reason)


def stray(
    answers: Mapping[int, Answer], cases: Mapping[int, int | None], own: set[int]
) -> dict[int, str]:
    """Rows about an entry that is none of `cases` (entry → its case), about one of the reader's `own`
    cases, or about one that an earlier row was about.
    """
    found: dict[int, str] = {}
    seen: set[int] = set()
    for place, answer in answers.items():
        if answer.entry not in cases:
            found[place] = _("この市町村の帳簿に、この番号の異動はありません。")
        elif cases[answer.entry] in own:
            found[place] = _("利益相反のある案件の異動です。別の職員が読み込んでください。")
        elif answer.entry in seen:
            found[place] = _("同じ異動の番号が、前の行にもあります。")
        seen.add(answer.entry)
    return found


@transaction.atomic
def take_in(text: str, town: Municipality, entries: QuerySet[BudgetEntry], *, by: User) -> Taken:
    """Read a file of answers about some of the `entries`.

    Raises NotReady as `read`.
    """
    answers, faults = read(text, layout_of(town.pk, IN))
    asked = {answer.entry for answer in answers.values()}
    cases = dict(entries.filter(pk__in=asked).values_list("pk", "case"))
    concerned = Case.objects.filter(pk__in={case for case in cases.values() if case})
    faults |= stray(answers, cases, set(of_interest(by, concerned)))
    if faults:
        return Taken(faults=dict(sorted(faults.items())))
    known = _known(asked)
    new = [answer for answer in answers.values() if known.get(answer.entry) != answer]
    AccountingAnswer.objects.bulk_create(
        [_row(answer, by) for answer in new],
        batch_size=500,
    )
    accounting.note("answers", town, by, new=len(new), same=len(answers) - len(new))
    return Taken(len(new), len(answers) - len(new))


def _known(entries: set[int]) -> dict[int, Answer]:
    """What counts now of these entries."""
    rows = AccountingAnswer.objects.filter(entry__in=entries).order_by("pk")
    return {
        row.entry_id: Answer(row.entry_id, row.status, row.voucher, row.day, row.reason)
        for row in rows
    }


def _row(answer: Answer, by: User) -> AccountingAnswer:
    return AccountingAnswer(
        entry_id=answer.entry,
        status=answer.status,
        voucher=answer.voucher,
        day=answer.day,
        reason=answer.reason,
        read_at=clock.now(),
        read_by=by,
    )
