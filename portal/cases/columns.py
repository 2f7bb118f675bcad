"""The columns of the office's list of cases: what each shows, sorts by and hands to a spreadsheet."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.db.models import F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.models import User
from portal.cases.models import Case, ListLayout
from portal.cases.visibility import BY_SCOPE, MONEY, WORKERS
from portal.registry import seats, trades
from portal.types import Text
from portal.ui.templatetags.ui import short_day, tr, yen


def _lead(case: Case) -> str:
    href = case.get_absolute_url()
    return format_html('<a class="num" href="{}">{}</a>', href, case.number)


def _strong(name: object) -> str:
    return format_html("<strong>{}</strong>", name)


@dataclass(frozen=True)
class Kind:
    """How the values of a column are written, and the looks of their cells; a card shows the
    column's label beside them, or nothing. `is_code`: a spreadsheet, too, says in words what is stored.
    """

    show: Callable[..., object]
    look: str = ""
    has_label: bool = True
    is_code: bool = False


KINDS = {
    "lead": Kind(_lead, "nowrap", has_label=False),
    "name": Kind(_strong, "inbox__who", has_label=False),
    "text": Kind(lambda value: value or "―"),
    "short": Kind(lambda value: value or "―", "nowrap"),
    "word": Kind(tr, is_code=True),
    "trade": Kind(lambda code: trades.said(code) or "―", is_code=True),
    "seat": Kind(lambda code: seats.said(code) or "―", is_code=True),
    "yen": Kind(yen, "num"),
    "day": Kind(short_day, "nowrap"),
}


@dataclass(frozen=True)
class Cell:
    """A cell of the list as it is drawn."""

    label: str
    look: str
    text: object


@dataclass(frozen=True)
class Column:
    """`path`: from a case to the value that is sorted by and handed out; `shown`: to the one that
    the list shows, where it is another ("": the case itself); `by`: to the one that it is sorted by, where
    it is another; `then`: to what equals are sorted by, where they are so many that the newest of them
    stand under no index; `kind`: of `KINDS`; `is_inner`: how to reach people, and what was decided, for
    those alone who work on cases.
    """

    name: str
    label: Text
    path: str
    kind: str = "text"
    is_standard: bool = True
    shown: str | None = None
    by: str = ""
    then: str = ""
    is_inner: bool = False
    is_paid: bool = False  # for those alone who read the payments of all that they see

    @property
    def sorted_by(self) -> str:
        return self.by or self.path

    @property
    def may_be_empty(self) -> bool:
        """Where it cannot, nothing is said about where the empty ones stand: an index is read from
        either end.
        """
        model: type[Model] = Case
        for step in self.sorted_by.split("__"):
            field = model._meta.get_field(step)
            if field.null:
                return True
            model = field.related_model or model
        return False

    def of(self, case: Case) -> object:
        value: object = case
        path = self.path if self.shown is None else self.shown
        for step in path.split("__") if path else ():
            value = getattr(value, step, None)
        return value


PAID = "paid_amount"
PAID_SAID = _lazy(
    "支払額は、銀行が振り込んだ額の合計で、案件のページの額と同じです。あとで返還された額と、交付決定を取り消した案件に支払われていた額も、引かずに入っています。振り込んだあとに銀行から戻った額は入りません。"
)

COLUMNS = (
    Column("receipt", _lazy("受付番号"), "receipt_number", "lead", shown=""),
    Column("firm", _lazy("申請者"), "organisation__name", "name"),
    Column("title", _lazy("事業の名称"), "title"),
    Column("programme", _lazy("制度"), "programme_name", shown="shown_programme"),
    Column("amount", _lazy("金額（円）"), "amount", "yen", is_inner=True),
    Column("state", _lazy("状態"), "state_label", "word"),
    Column("submitted", _lazy("提出"), "submitted_at", "day"),
    # each officer's stand together; the signs of a name say no order that anybody reads
    Column("officer", _lazy("担当"), "assigned_to__name", "short", by="assigned_to"),
    Column("applied", _lazy("申請額（円）"), "applied_amount", "yen", is_standard=False),
    Column(
        "awarded", _lazy("決定額（円）"), "awarded_amount", "yen", is_standard=False, is_inner=True
    ),
    Column(
        "paid", _lazy("支払額（円）"), PAID, "yen", is_standard=False, is_inner=True, is_paid=True
    ),
    Column("number", _lazy("案件番号"), "number", is_standard=False),
    Column("corporate", _lazy("法人番号"), "organisation__corporate_number", is_standard=False),
    Column(
        "trade",
        _lazy("業種"),
        "organisation__trade_code",
        "trade",
        is_standard=False,
        then="organisation__pk",
    ),
    Column(
        "seat",
        _lazy("本社のある所"),
        "organisation__seat_code",
        "seat",
        is_standard=False,
        then="organisation__pk",
    ),
    Column("call", _lazy("公募回"), "call_label", is_standard=False),
    Column("decided", _lazy("決定の日"), "decided_at", "day", is_standard=False, is_inner=True),
    Column("opened", _lazy("書き始め"), "opened_at", "day", is_standard=False),
    Column("closed", _lazy("終わり"), "closed_at", "day", is_standard=False, is_inner=True),
    Column(
        "person",
        _lazy("代表者"),
        "organisation__representative_name",
        "short",
        is_standard=False,
        is_inner=True,
    ),
    Column(
        "phone",
        _lazy("電話番号"),
        "organisation__phone",
        "short",
        is_standard=False,
        is_inner=True,
    ),
    Column("address", _lazy("所在地"), "organisation__address", is_standard=False, is_inner=True),
)
BY_NAME = {column.name: column for column in COLUMNS}


def layouts_of(user: User) -> QuerySet[ListLayout]:
    """What a person chose, in one row or none, for `shown`."""
    return ListLayout.objects.filter(person=user)


def shown(user: User, layouts: Iterable[ListLayout], names: Collection[str] = ()) -> list[Column]:
    """The columns that a saved view names, else those that a person chose, or the standard ones; in the
    order of the table, with the number that leads to the case always among them.
    """
    layout = next(iter(layouts), None)
    if names:
        chosen = {"receipt", *names}
    elif layout is not None:
        chosen = {"receipt", *layout.columns}
    else:
        chosen = {column.name for column in COLUMNS if column.is_standard}
        chosen |= set() if works(user) else {"applied"}  # in the place of what the case comes to
    return [column for column in offered(user) if column.name in chosen]


def handed_out(user: User, named: Collection[str] = ()) -> list[Column]:
    """Those of a spreadsheet: the sum of a case as it stands is of a draft, of what was refused and of
    what was awarded; whoever adds up needs what was applied for and what was decided apart.
    """
    names = {column.name for column in shown(user, layouts_of(user), named)}
    if "amount" in names:
        names |= {"applied", "awarded"}
    return [column for column in COLUMNS if column.name in names]


def works(user: User) -> bool:
    """Does the person work on all the cases that they see, and reviews none?"""
    return {role.role for role in user.roles()} <= {*WORKERS, "administrator"}


def offered(user: User) -> list[Column]:
    """The columns that a person may choose and sort by: a reviewer reads applications, not whom to call,
    nor what became of them; who reads no payments, nothing of what was paid.
    """
    inner, paid = works(user), reads_money(user)
    return [
        column
        for column in COLUMNS
        if (inner or not column.is_inner) and (paid or not column.is_paid)
    ]


def reads_money(user: User) -> bool:
    """Does the person read the payments of all the cases that they see? By each role, or by one that
    opens what another brings.
    """
    roles = [role for role in user.roles() if role.role != "administrator"]
    wide = [role for role in roles if role.role in BY_SCOPE]
    return all(role.role in MONEY or any(role.lies_in(other) for other in wide) for role in roles)


def choose(user: User, names: Collection[str]) -> None:
    """Keep which columns a person sees; none: the standard ones."""
    if names:
        ListLayout.objects.update_or_create(person=user, defaults={"columns": list(names)})
    else:
        layouts_of(user).delete()


def ordered(cases: QuerySet[Case], order: str) -> QuerySet[Case]:
    """Sorted by the name of a column, "-" before it for the other way; else the newest first."""
    column = BY_NAME.get(order.lstrip("-"))
    if column is None:
        return cases.order_by("-opened_at", "-pk")
    last, down = column.may_be_empty or None, order.startswith("-")
    ways: list[OrderBy] = [
        by.desc(nulls_last=last) if down else by.asc(nulls_last=last)
        for by in (F(column.sorted_by), *([F(column.then)] if column.then else []))
    ]
    return cases.order_by(*ways, "-pk")


@dataclass(frozen=True)
class Head:
    """The head of a column: how the list is sorted by it now, and the order that a click asks for."""

    column: Column
    sorted: str  # as aria-sort says it; "" where the list is sorted by something else
    next_order: str


def heads(shown: Iterable[Column], order: str) -> list[Head]:
    found = []
    for column in shown:
        way = {column.name: "ascending", f"-{column.name}": "descending"}.get(order, "")
        turned = f"-{column.name}" if way == "ascending" else column.name
        found.append(Head(column, way, turned))
    return found


def cells(columns: Iterable[Column], cases: Iterable[Case]) -> list[tuple[Case, list[Cell]]]:
    """Each case with its cells; a label is put into the reader's language once for all rows."""
    kinds = [(column, KINDS[column.kind]) for column in columns]
    labels = [str(column.label) if kind.has_label else "" for column, kind in kinds]
    return [
        (
            case,
            [
                Cell(label, kind.look, kind.show(column.of(case)))
                for (column, kind), label in zip(kinds, labels, strict=True)
            ],
        )
        for case in cases
    ]


def table(columns: Iterable[Column], cases: QuerySet[Case]) -> Iterable[list[object]]:
    """The head and the rows of a spreadsheet, read as they are sent."""
    shown = list(columns)
    yield [str(column.label) for column in shown]
    rows = cases.values_list(*[column.path for column in shown])
    ways = [KINDS[column.kind] for column in shown]
    for row in rows.iterator(chunk_size=1000):
        yield [
            kind.show(value) if kind.is_code and value else value
            for value, kind in zip(row, ways, strict=True)
        ]
