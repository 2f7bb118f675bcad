"""How much one person, or one address where nobody is signed in, may ask for: the table, and the one
counter behind it.

Whoever is signed in is counted as themselves, so that nobody's limit hits the colleagues behind the
same proxy; the limits of an address leave room for a whole city office.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import update_wrapper
from typing import Literal, NamedTuple, TypeVar, cast

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock, events, visitor
from portal.events import Event
from portal.types import Text
from portal.ui.models import Use

MINUTE, HOUR, DAY = 60, 3600, 86400
MORNING = 9 * HOUR  # a day begins at midnight in Sapporo
GIGABYTE = 1024**3


class Rate(NamedTuple):
    """So many (times, or bytes) in so many seconds; a text names the setting that says how many."""

    amount: int | str
    seconds: int

    @property
    def most(self) -> int:
        return getattr(settings, self.amount) if isinstance(self.amount, str) else self.amount


@dataclass(frozen=True)
class Limit:
    """`person`: of whoever is signed in; `address`: of an address, for everybody else, or for all
    where there is no `person`; `named`: of what the caller names; `counts`: which requests of the
    pages that it is put on.
    """

    name: str
    what: Text
    person: Rate | None = None
    address: Rate | None = None
    named: Rate | None = None
    counts: Literal["POST", "GET", "query"] = "POST"

    @property
    def is_of_a_day(self) -> bool:
        return self.person is not None and self.person.seconds == DAY


# -- the table ------------------------------------------------------------------------------------
UPLOADS = Limit("uploads", _lazy("書類を送る回数"), Rate(600, HOUR))
BYTES = Limit("bytes", _lazy("送る書類の大きさの合計"), Rate(2 * GIGABYTE, DAY))
DRAFTS = Limit("drafts", _lazy("申請を書き始める回数"), Rate(60, DAY))
# each time something handed in is handed in anew, the city writes to its people and its contact
AMENDMENTS = Limit("amendments", _lazy("提出した内容を直し始める回数"), Rate(30, DAY))
# what the office and everybody of a firm are written to about, as often as it is said
CHANGES = Limit("changes", _lazy("変更や口座を届け出る回数"), Rate(40, DAY))
# a step that leads from a state to the same one can be taken again and again, and may tell the office
PRESSES = Limit("presses", _lazy("手続きを進める回数"), Rate(120, DAY))
# each press is kept, whatever comes of it
HAND_INS = Limit("hand_ins", _lazy("提出する回数"), Rate(120, HOUR))
ORGANISATIONS = Limit("organisations", _lazy("事業者を登録する回数"), Rate(60, DAY))
CLAIMS = Limit("claims", _lazy("事業者の確認を頼む回数"), Rate(40, DAY))
# what is typed is saved while one types: a page sends it every second or third second
SAVES = Limit("saves", _lazy("保存する回数"), Rate(3600, HOUR))
# what somebody typed whose session had ended, kept in a new one
WAITING = Limit("waiting", _lazy("保存する回数"), address=Rate(120, HOUR))
MESSAGES = Limit("messages", _lazy("文章を送る回数"), Rate(120, HOUR))
CONSULTATIONS = Limit("consultations", _lazy("相談や質問を送る回数"), Rate(40, DAY))
DATA_REQUESTS = Limit("data_requests", _lazy("自分の情報について請求する回数"), Rate(10, DAY))
INVITATIONS = Limit("invitations", _lazy("招待する回数"), Rate(60, DAY))
KEPT_SEARCHES = Limit("kept_searches", _lazy("検索を保存する回数"), Rate(60, HOUR))
SEARCHES = Limit(
    "searches", _lazy("検索する回数"), Rate(120, MINUTE), Rate(1200, MINUTE), counts="query"
)
CHECKS = Limit(
    "checks", _lazy("確かめる回数"), Rate(120, MINUTE), Rate(1200, MINUTE), counts="query"
)
PAPERS = Limit(
    "papers", _lazy("通知書や資料を開く回数"), Rate(120, MINUTE), Rate(600, MINUTE), counts="GET"
)
ZIPS = Limit("zips", _lazy("案件をまとめて受け取る回数"), Rate(120, HOUR), counts="GET")
EXPORTS = Limit("exports", _lazy("一覧を書き出す回数"), Rate(60, HOUR), counts="GET")
VERIFICATIONS = Limit("verifications", _lazy("記録を確かめる回数"), Rate(12, DAY))
# the public API, and files that are drawn when asked for
_READS = Rate("API_PER_MINUTE", MINUTE)
READS = Limit("reads", _lazy("データを読む回数"), _READS, _READS, counts="GET")
SIGN_INS = Limit("sign_ins", _lazy("ログインの回数"), address=Rate(1200, MINUTE))
SIGN_UPS = Limit("sign_ups", _lazy("登録の回数"), address=Rate(120, MINUTE))
KEYS = Limit("keys", _lazy("メールを頼む回数"), address=Rate(120, MINUTE))
# keys and codes by mail to one account: asked from one place, and from places that it does not know
MAILS_HERE = Limit("mails_here", _lazy("メールを頼む回数"), named=Rate(5, 5 * MINUTE))
MAILS = Limit("mails", _lazy("メールを頼む回数"), named=Rate(30, HOUR))
# "nobody is registered here", to an address that somebody typed
MAILS_TO_STRANGERS = Limit("mails_to_strangers", _lazy("メールを頼む回数"), named=Rate(1, DAY))
# "somebody knows your password", to the owner of an account
WARNINGS = Limit("warnings", _lazy("知らせる回数"), named=Rate(1, DAY))
# "here is a way in", to the owner of an account at which others guess
WAYS_IN = Limit("ways_in", _lazy("知らせる回数"), named=Rate(1, HOUR))
# codes by mail to whoever is signed in and acts for a firm, and tries of one code
CODES = Limit("codes", _lazy("確認コードを頼む回数"), Rate(6, HOUR))
CODE_TRIES = Limit("code_tries", _lazy("確認コードを試す回数"), named=Rate(5, DAY))
# tries of one code by mail that signs in: as many as the sign-in library takes one after another
LOGIN_CODE_TRIES = Limit("login_code_tries", _lazy("確認コードを試す回数"), named=Rate(3, DAY))
# wrong passwords: of one account from one place (a known browser, or an address); of one account
# from places that it does not know; of one address, known browsers aside
GUESSES_HERE = Limit("guesses_here", _lazy("パスワードを試す回数"), named=Rate(5, 5 * MINUTE))
GUESSES = Limit("guesses", _lazy("パスワードを試す回数"), named=Rate(50, HOUR))
GUESSES_OF_ADDRESS = Limit(
    "guesses_of_address", _lazy("パスワードを試す回数"), address=Rate(120, MINUTE)
)
# what the sign-in library counts by itself, by person: how often one proves who one is, and the like
OF_LIBRARY = Limit("library", _lazy("この操作の回数"))
OF_GUESSES = (GUESSES_HERE, GUESSES, GUESSES_OF_ADDRESS)
TABLE = (
    UPLOADS,
    BYTES,
    DRAFTS,
    AMENDMENTS,
    CHANGES,
    PRESSES,
    HAND_INS,
    ORGANISATIONS,
    CLAIMS,
    SAVES,
    WAITING,
    MESSAGES,
    CONSULTATIONS,
    KEPT_SEARCHES,
    DATA_REQUESTS,
    INVITATIONS,
    SEARCHES,
    CHECKS,
    PAPERS,
    ZIPS,
    EXPORTS,
    VERIFICATIONS,
    READS,
    SIGN_INS,
    SIGN_UPS,
    KEYS,
    MAILS_HERE,
    MAILS,
    MAILS_TO_STRANGERS,
    WARNINGS,
    WAYS_IN,
    CODES,
    CODE_TRIES,
    LOGIN_CODE_TRIES,
    *OF_GUESSES,
)


class TooOften(Exception):
    """Nothing was done; `seconds` until it can go on. Where no page catches it, it is a 429 that
    keeps what was typed (portal/ui/middleware.py).
    """

    mails_a_way_in = False  # to the owner of the account that is asked about

    def __init__(self, limit: Limit, seconds: int) -> None:
        super().__init__(limit.name)
        self.limit, self.seconds = limit, seconds

    @property
    def sentence(self) -> str:
        return _("%(what)sが上限を超えました。%(when)sに、また続けられます。") % {
            "what": self.limit.what,
            "when": _when(self.seconds),
        }


def _when(seconds: int) -> str:
    if seconds < 2 * MINUTE:
        return _("%(n)s秒後") % {"n": seconds}
    if seconds < HOUR:
        return _("%(n)s分後") % {"n": -(-seconds // MINUTE)}
    at = (clock.now() + timedelta(seconds=seconds)).astimezone(clock.JST)
    said = {"month": at.month, "day": at.day, "hour": at.hour, "minute": f"{at.minute:02}"}
    return _("%(month)s月%(day)s日 %(hour)s時%(minute)s分") % said


def spend(request: HttpRequest, limit: Limit, amount: int = 1, *, named: str = "") -> None:
    """Count `amount` for whoever asks, or for what is `named`. Raises TooOften beyond the limit."""
    left, seconds = used(request, limit, amount, named=named)
    if left < 0:
        user = getattr(request, "_cached_user", None)
        events.log(
            Event.RATE_LIMITED, user=user.pk if user else None, code=limit.name, seconds=seconds
        )
        raise TooOften(limit, seconds)


def used(
    request: HttpRequest, limit: Limit, amount: int = 1, *, named: str = ""
) -> tuple[int, int]:
    """Count, and give (what is left in this window, seconds until the next); below zero: too much.
    A negative amount gives back.
    """
    rate, who = _counted(request, limit, named)
    now = int(clock.now().timestamp())
    until = now - (now + MORNING) % rate.seconds + rate.seconds
    table = connection.ops.quote_name(Use._meta.db_table)
    count_up = (
        f"INSERT INTO {table} AS u (who, what, until, amount) VALUES (%s, %s, %s, %s) "  # noqa: S608  a table of ours
        "ON CONFLICT (who, what, until) DO UPDATE SET amount = u.amount + excluded.amount "
        "RETURNING amount"
    )
    with connection.cursor() as cursor:
        cursor.execute(count_up, [_hashed(who), limit.name, until, amount])
        (total,) = cursor.fetchone()
    return rate.most - total, until - now


def _counted(request: HttpRequest, limit: Limit, named: str) -> tuple[Rate, str]:
    if limit.named is not None:
        return limit.named, f"named:{named}"
    if limit.person is not None and request.user.is_authenticated:
        return limit.person, f"person:{request.user.pk}"
    rate = limit.address or limit.person
    assert rate is not None  # noqa: S101  a row of the table has one
    return rate, f"address:{visitor.network(request)}"


def _hashed(text: str) -> str:
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def forget() -> int:
    """Remove the windows that are over."""
    return Use.objects.filter(until__lte=int(clock.now().timestamp())).delete()[0]


V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def limited(limit: Limit, *, of_firms: bool = False) -> Callable[[V], V]:
    """Put a limit on a page; below the word that says who may enter. `of_firms`: the office is not
    counted. What the visitor has already
    (304) is not counted, nor, of a limit that ends at midnight, a form that came back with faults:
    nothing came of it, and tomorrow may be too late.
    """

    def decorate(view: V) -> V:
        def wrapped(request: HttpRequest, *args: object, **given: object) -> HttpResponseBase:
            asks = limit.counts == "GET" or (limit.counts == "query" and bool(request.GET))
            is_free = of_firms and bool(getattr(request.user, "is_office", False))
            if is_free or (not asks and request.method != "POST"):
                return view(request, *args, **given)
            spend(request, limit)
            response = view(request, *args, **given)
            if response.status_code == 422 and limit.is_of_a_day:
                used(request, limit, -1)
            return response

        update_wrapper(wrapped, view)
        wrapped.limit = limit  # type: ignore[attr-defined]  # for the test that asks for it
        return cast(V, wrapped)

    return decorate
