"""The cost table of a draft out of a spreadsheet: its columns, how a row of text fills a row of it, and
the workbook to fill in.
"""

from collections.abc import Mapping, Sequence

from django.http import FileResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from grants.applications import drafts, room
from grants.applications.cost_forms import ItemForm
from grants.applications.models import Application
from grants.applications.rules import MAX_ITEMS
from grants.programmes.models import said
from grants.programmes.parameters import Programme
from portal import pasting
from portal.accounts.models import User
from portal.documents import paste_page
from portal.documents.paste_page import Table
from portal.pasting import Column, Line
from portal.sheets import form_response

# in either language, whichever the page is read in
COLUMNS = (
    Column(
        "what",
        _lazy("内容"),
        (
            *("内容", "品名", "品目", "件名", "名称", "項目", "摘要", "内訳", "経費の内容"),
            *("Content", "Item", "Description"),
        ),
    ),
    Column(
        "category",
        _lazy("経費区分"),
        ("経費区分", "区分", "費目", "経費の区分", "Category", "Cost category"),
    ),
    Column(
        "order_on",
        _lazy("発注予定日"),
        (
            *("発注予定日", "発注日", "発注の予定日", "発注予定", "契約予定日"),
            *("Planned order date", "Order date"),
        ),
    ),
    Column(
        "amount",
        _lazy("金額（税抜・円）"),
        (
            *("金額（税抜・円）", "金額", "金額（税抜）", "税抜金額", "税抜額", "金額（円）"),
            *("税別金額", "Amount", "Amount without tax (yen)", "Amount without tax"),
        ),
    ),
)


def table(application: Application, *, by: User) -> Table:
    """The cost table as something that rows are brought to. Taking them raises NotReady,
    TooLong, Conflict.
    """
    section = drafts.stored(application, "costs")

    def take(lines: Sequence[Line], is_instead: bool, seen: int) -> None:
        _take(application, lines, is_instead, by=by, seen=seen)

    return Table(
        COLUMNS,
        rows=len(_filled(application)),
        most=MAX_ITEMS,
        version=section.version if section is not None else 0,
        row_form=lambda line: ItemForm(
            application=application,
            data=paste_page.prefixed(0, _typed(application, line.cells)),
            prefix="item-0",
        ),
        take=take,
        back=reverse("application_section", args=[application.case.number, "costs"]),
    )


def _filled(application: Application) -> list[dict[str, str]]:
    """What is typed in each row that says something: name of the control → text."""
    return paste_page.filled(drafts.items_of(application))


def _take(
    application: Application, lines: Sequence[Line], is_instead: bool, *, by: User, seen: int
) -> None:
    section = drafts.stored(application, "costs")
    rows = [] if is_instead else _filled(application)
    rows += [_typed(application, line.cells) for line in lines]
    typed = {
        name: text
        for name, text in (section.data if section is not None else {}).items()
        if not name.startswith("item-")
    }
    typed |= paste_page.typed_rows(rows, most=MAX_ITEMS)
    room.demand(application, "costs", typed)
    drafts.save(application, "costs", typed, by=by, page=drafts.Page(seen))


def _typed(application: Application, cells: Mapping[str, str]) -> dict[str, str]:
    """A row as if it had been typed: name of the control → text."""
    row = {"what": cells.get("what", ""), "amount": cells.get("amount", "")}
    row["category"] = category_named(application.stated, cells.get("category", ""))
    return row | pasting.day_parts("order_on", cells.get("order_on", ""))


def category_named(stated: Programme, text: str) -> str:
    """The key of a category that is named in either language; where there is one alone, that one;
    else the text as it is, which is at fault.
    """
    if not text and len(stated.categories) == 1:
        return stated.categories[0].key
    wanted = pasting.key(text)
    for category in stated.categories:
        if wanted in map(pasting.key, (category.key, category.name.ja, category.name.en)):
            return category.key
    return text


def workbook(application: Application) -> FileResponse:
    """The table to be filled in, with what stands in it by now, as far as it can be read."""
    names = {category.key: said(category.name) for category in application.stated.categories}
    rows = [
        (item["what"], names[item["category"]], item["order_on"], item["amount"])
        for item in drafts.cost_items(application)
    ]
    headings = [str(column.heading) for column in COLUMNS]
    choices = {headings[1]: list(names.values())}
    return form_response(f"{application.case.number}-costs.xlsx", headings, rows, choices)
