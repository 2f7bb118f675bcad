"""The desk of finance: the orders that wait for a batch, page by page, and which of them are ticked on
all pages together.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.core.paginator import Page
from django.db.models import Count, QuerySet, Sum

from grants.payments import paying
from grants.payments.accounts import BankAccount, replaced
from grants.payments.states import PaymentState
from grants.payments.transfers import Payment
from portal import sentences
from portal.types import SignedIn
from portal.ui.paging import page_of
from portal.workflow.writing import trying

PER_PAGE = 100
HELD = 20  # of what is held; the list of cases has all
# what is pressed to look and not to write
LOOKS = {"all", "count", "turn"}
_DIGITS = 18  # of a key, at most


@dataclass(frozen=True)
class Picked:
    """Which orders are ticked, and whether others were ticked that wait no longer."""

    orders: list[Payment]
    is_stale: bool

    @property
    def keys(self) -> set[int]:
        return {order.pk for order in self.orders}

    @property
    def yen(self) -> int:
        return sum(order.amount for order in self.orders)

    def beyond(self, page: Iterable[Payment]) -> "Picked":
        """Those that are not on a page."""
        here = {order.pk for order in page}
        return Picked([order for order in self.orders if order.pk not in here], self.is_stale)


Line = tuple[Payment, str, str]


def totals(waiting: QuerySet[Payment]) -> tuple[int, int]:
    """How many wait on all pages, and for how many yen."""
    found = waiting.order_by().aggregate(n=Count("pk"), yen=Sum("amount", default=0))
    return found["n"], found["yen"]


def page(request: SignedIn, waiting: QuerySet[Payment], count: int) -> Page[Payment]:
    """The page turned to, else the one that was looked at."""
    sent = request.POST if request.method == "POST" else request.GET
    number = sent.get("to") or sent.get("at") or "1"
    return page_of(request, waiting, PER_PAGE, count=count, number=number)


def lines(orders: Collection[Payment]) -> list[Line]:
    """Each order with its holder as the bank will write it, and why it cannot be paid."""
    BankAccount.name_all([order.account for order in orders])
    late = paying.past_their_year(orders)
    return [
        (order, "", late[order.case]) if order.case in late else (order, *letters(order))
        for order in orders
    ]


def letters(payment: Payment) -> tuple[str, str]:
    """(the holder as the bank will write it, why it refuses or why nothing may be sent there any more)."""
    if payment.state == PaymentState.ORDERED and (
        reasons := replaced(payment.account, payment.case)
    ):
        return "", sentences.joined(reasons)
    with trying() as tried:
        return payment.transfer().holder, ""
    return "", sentences.joined(tried.reasons)


def wish(request: SignedIn) -> str:
    """What was pressed: to turn to another page is to look, too."""
    return "turn" if "to" in request.POST else request.POST.get("do", "")


def picked(request: SignedIn, waiting: QuerySet[Payment]) -> Picked:
    """What is ticked on this page and was on the others; or all that can be sent, of every page."""
    if wish(request) == "all":
        return Picked(
            [order for order, _holder, refused in lines(list(waiting)) if not refused], False
        )
    sent = {*request.POST.getlist("pick"), *request.POST.get("elsewhere", "").split(",")} - {""}
    keys = {int(key) for key in sent if key.isdecimal() and len(key) <= _DIGITS}
    orders = list(waiting.filter(pk__in=keys)) if keys else []
    return Picked(orders, is_stale=len(orders) < len(sent))


def shown(request: SignedIn, waiting: QuerySet[Payment], ticked: Picked) -> Mapping[str, object]:
    """What the page says of them."""
    count, yen = totals(waiting)
    orders = page(request, waiting, count)
    elsewhere = ticked.beyond(orders)
    return {
        "orders": orders,
        "rows": lines(list(orders)),
        "count": count,
        "total": yen,
        "picked": ticked,
        "elsewhere": elsewhere,
        "elsewhere_keys": ",".join(str(order.pk) for order in elsewhere.orders),
    }
