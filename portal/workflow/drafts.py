"""What people type into a row that can still be written: kept as typed, right or wrong, and never
over another's.
"""

from collections.abc import Mapping
from typing import TypeVar

from django.db import models, transaction
from django.http import QueryDict
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from portal import jptext
from portal.audit.chain import sha256, write
from portal.types import Row
from portal.workflow.errors import Changed, Forbidden, Overtaken, TooLong
from portal.workflow.graph import LifeCycle
from portal.workflow.writing import Tried

L = TypeVar("L", bound=LifeCycle)
M = TypeVar("M", bound=models.Model)


MOST_ROWS = 100  # no form of ours has as many
MOST_OF_ONE, MOST_SIGNS = (
    20_000,
    200_000,
)  # of one control, and of all: no form of ours asks for as many
# fields of a form that nobody types
FRAME = (
    "csrfmiddlewaretoken",
    "version",
    "add",
    "paste",
    "key",
    "go_on",
    "next",
    "seen",
)


def sent(post: QueryDict) -> tuple[dict[str, str], int]:
    """(what was typed, the version the person saw; −1 where it makes no sense) of a posted form."""
    typed = {name: str(post[name]) for name in post if name not in FRAME}
    return counted(typed), jptext.whole(post.get("version", "0"), -1)


_BOUNDS = ("-MIN_NUM_FORMS", "-MAX_NUM_FORMS")


def counted(typed: dict[str, str]) -> dict[str, str]:
    """The same with numbers of rows that can be: nobody types them, so what makes no sense is
    counted anew from the rows, and how few or many there may be is not asked of the page.
    """
    ends = "-TOTAL_FORMS"
    heads = [name.removesuffix(ends) for name in typed if name.endswith(ends)]
    made = {f"{head}{ends}": _rows(typed, head) for head in heads}
    begun = {
        name: jptext.whole(said, 0)
        for name, said in typed.items()
        if name.endswith("-INITIAL_FORMS") and name.removesuffix("-INITIAL_FORMS") in heads
    }
    kept = {name: said for name, said in typed.items() if not name.endswith(_BOUNDS)}
    return kept | {name: str(rows) for name, rows in (made | begun).items()}


def _rows(typed: Mapping[str, str], head: str) -> int:
    said = jptext.whole(typed[f"{head}-TOTAL_FORMS"], MOST_ROWS + 1)
    if said <= MOST_ROWS:
        return said
    numbers = [
        jptext.whole(name.split("-")[1], -1)
        for name in typed
        if name.startswith(f"{head}-") and name.count("-") >= 2
    ]
    return min(max(numbers, default=-1) + 1, MOST_ROWS)


def fingerprint(**said: object) -> str:
    """A digest of what a page of review shows (SHA-256 of its canonical JSON): the same words and
    files, the same digest.
    """
    return sha256(write(said))


def of_draft(**said: object) -> str:
    """`fingerprint` of what one hands in, which nobody else can reckon (HMAC with SHA-256): else
    somebody would press in time with that of a draft that is not written yet, and write it while a
    second proof is asked for.
    """
    return salted_hmac("draft", write(said), algorithm="sha256").hexdigest()


def confirm(seen: str | None, now: str) -> None:
    """Raise Changed unless what was looked over (`seen`, a fingerprint; None: by nobody) is what
    stands now.
    """
    if seen is not None and seen != now:
        raise Changed(_("見直しのあとに内容が変わりました。もう一度お確かめください。"))


@transaction.atomic
def keep(row: L, typed: Mapping[str, str], *, seen: int) -> L:
    """Store `typed` on a fresh copy of a row with EDITABLE states, `typed` and `version`, and
    return it.

    Raises Forbidden once it is submitted, Overtaken when another screen saved since version `seen`,
    and TooLong.
    """
    fresh: Row = _locked(row)
    if fresh.state not in fresh.EDITABLE:
        raise Forbidden(_("提出したあとは書き換えられません。補正の依頼が届いたときに直せます。"))
    kept: L = _store(fresh, typed, seen)
    return kept


@transaction.atomic
def keep_sheet(sheet: M, typed: Mapping[str, str], *, seen: int) -> M:
    """The same of a row with `typed` and `version` that has no states: whether it may be written
    now was asked of the row that it belongs to.
    """
    kept: M = _store(_locked(sheet), typed, seen)
    return kept


def demand_seen(row: Row, typed: Mapping[str, str], *, seen: int) -> None:
    """Raises Overtaken where another screen kept something else since version `seen`: of somebody
    else, or of the same person.
    """
    if seen != row.version and dict(row.typed) != dict(typed):
        raise Overtaken(
            _("ほかの画面で先に保存されました。違うところを確かめてください。"),
            saved=row.typed,
            mine=typed,
        )


def demand_room(typed: Mapping[str, str]) -> None:
    """Raises TooLong where more was typed than any form of ours asks for."""
    signs = sum(len(name) + len(text) for name, text in typed.items())
    if signs > MOST_SIGNS or any(len(text) > MOST_OF_ONE for text in typed.values()):
        raise TooLong(_("入力が長すぎるため、保存していません。短くしてください。"))


def stand_again(row: Row, typed: Mapping[str, str], tried: Tried) -> None:
    """What the page shows of a row that could not be kept: what is kept where another screen was
    first, with what differs beside it; else what was typed, which is stored nowhere.
    """
    if tried.differences:
        row.refresh_from_db(fields=["typed", "version"])
    else:
        row.typed = dict(typed)


def _locked(row: M) -> M:
    rows = type(row)._default_manager.select_for_update(no_key=True, of=("self",))
    return rows.get(pk=row.pk)


def _store(fresh: Row, typed: Mapping[str, str], seen: int) -> Row:
    demand_room(typed)
    demand_seen(fresh, typed, seen=seen)
    fresh.typed, fresh.version = dict(typed), fresh.version + 1
    fresh.save(update_fields=["typed", "version"])
    return fresh
