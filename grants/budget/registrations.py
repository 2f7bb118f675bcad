"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from grants.budget import (
    adding_up,
    calls,
    changes,
    classifying,
    outgoing,
    owing,
    panels,
    public,
    waiting,
)
from grants.budget.models import BookedMonth
from grants.programmes.ports import call_panels, called_off, past_its_year, room_left, set_free
from portal.audit.ports import Kept, faults, kept_rows, totals
from portal.backups.ports import sums
from portal.cases.ports import beside_inbox, page_names, reading_words
from portal.correspondence.ports import Waiting, second_people
from portal.ui.ports import Menu, menus

NAMED = [
    ("budget_csv", _lazy("予算の一覧（CSV）")),
    ("budget_xlsx", _lazy("予算の一覧（Excel）")),
    ("budget_book_csv", _lazy("月ごとの帳簿（CSV）")),
    ("budget_book_xlsx", _lazy("月ごとの帳簿（Excel）")),
]


def register() -> None:
    for page, label in NAMED:
        page_names.add(page, label)
    sums.add("budget entries", ("grants_budget.BudgetEntry", "amount"))
    call_panels.add("budget", panels.of_call)
    called_off.add("budget", calls.give_back)
    set_free.fill(calls.set_free)
    room_left.fill(public.left)
    past_its_year.fill(owing.past_its_year)
    kept_rows.add("grants_budget.BudgetEntry", Kept())
    kept_rows.add(
        "grants_budget.BudgetChange", Kept(changes=("closed_by_id", "closed_at", "entry_id"))
    )
    kept_rows.add(
        "grants_budget.ClassificationProposal",
        Kept(changes=("closed_by_id", "closed_at", "confirmed_at")),
    )
    kept_rows.add("grants_budget.AccountingAnswer", Kept())
    reading_words.add("accounting.file", _lazy("会計システムへ渡すファイルを取り出した"))
    kept_rows.add(
        "grants_budget.DebtAct",
        Kept(changes=("closed_by_id", "closed_at", "confirmed_at")),
    )
    totals.add("grants_budget.BudgetLine", (*adding_up.NAMES, *adding_up.OUT))
    totals.add("grants_budget.BookedMonth", BookedMonth.COLUMNS)
    faults.add("budget", adding_up.first_fault)
    second_people.add(
        "budget",
        Waiting(
            words=outgoing.PROPOSED_CHANGES,
            page="budget_list",
            counts=changes.waiting,
        ),
    )
    second_people.add(
        "classifications",
        Waiting(
            words=outgoing.PROPOSED_CLASSIFICATIONS,
            page="budget_list",
            counts=classifying.waiting,
        ),
    )
    second_people.add(
        "debt acts",
        Waiting(words=outgoing.PROPOSED_DEBTS, page="debt_list", counts=owing.waiting),
    )
    beside_inbox.add("budget", waiting.of_lines)
    beside_inbox.add("debts", waiting.of_debts)
    menus.add(
        "budget",
        Menu(
            label=_lazy("予算"),
            url_name="budget_list",
            may_see=lambda user: user.has_role(*panels.READERS),
        ),
    )
