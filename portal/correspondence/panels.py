"""What the case page shows of the conversation."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.core.paginator import Paginator

from portal.accounts.models import User
from portal.cases import visibility
from portal.cases.lookups import OfCase, asked_page
from portal.cases.models import Case
from portal.correspondence import unreached
from portal.correspondence.forms import MessageForm
from portal.correspondence.kinds import KINDS
from portal.correspondence.models import Mail, Message
from portal.correspondence.talk import refusals
from portal.registry.models import Municipality
from portal.together import Ask
from portal.types import Context

messages_of = OfCase(lambda: Message.objects.select_related("author"))
mails_of = OfCase(lambda: Mail.objects.select_related("to"))
READS = (messages_of,)
SHOWN = 30  # mails of a case; the newest ones


# how many a page shows: the latest, unless the earlier ones are asked for
LATEST = 30


def of_case(case: Case, user: User) -> Context:
    messages = [row for row in messages_of.all(case) if user.is_office or not row.internal]
    # the latest are the first page, each in the order in which they were written
    page = Paginator(messages[::-1], LATEST).get_page(asked_page.get(case) or 1)
    return {
        "talk": list(page)[::-1],
        "talk_page": page,
        "form": MessageForm(),
        "may_write": not refusals(case, user),
        "may_note": user.is_office and not refusals(case, user, internal=True),
        "note_readers": _readers(case) if user.is_office else [],
    }


def of_mails(case: Case, user: User) -> Context | None:
    """What was sent about the case, to whom and what became of it: the office reads of all but what is
    closed to the reader, the firm of what went to its own side.
    """
    closed = visibility.closed_to(user, case)
    mails = [
        row
        for row in mails_of.all(case)
        if (not row.is_of(closed) if user.is_office else row.kind not in KINDS)
    ]
    if not mails:
        return None
    failing = [row for row in mails if row.is_failing]
    return {
        "mails": mails[:SHOWN],
        "more": len(mails[SHOWN:]),
        "failing": unreached.by_address(failing),
        "may_settle": user.is_office and not refusals(case, user),
        "unsent": sum(row.state == "failed" for row in mails) if user.is_office else 0,
        "is_stopped": any(row.stopped_at for row in mails),
    }


def _readers(case: Case) -> list[Municipality]:
    """The towns whose staff read a note, where they are several: the case is the case of each."""
    codes = case.municipality_codes
    return list(Municipality.objects.filter(pk__in=codes)) if len(codes) > 1 else []


def said_last(cases: Sequence[Case], ask: Ask) -> Callable[[], dict[int, datetime]]:
    """Of each conversation in which the office has the last word: when it said it. Cases that are over
    have none.
    """
    among = [case for case in cases if case.closed_at is None]
    last = Message.objects.filter(case__in=among, internal=False)
    rows = ask(last.order_by("case", "-sent_at", "-pk").distinct("case"))
    return lambda: {row.case_id: row.sent_at for row in rows if row.side == "office"}


def beside_own(user: User, ask: Ask) -> Callable[[], tuple[str, Context] | None]:
    """Beside a person's own cases: their own address fails."""
    failed = ask(Mail.objects.failing().filter(to=user).order_by("-unreached_at")[:1])
    template = "portal/correspondence/own_address.html"
    return lambda: (template, {"mail": failed[0]}) if failed else None
