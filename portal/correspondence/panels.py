"""What the case page shows of the conversation."""

from django.core.paginator import Paginator

from portal.accounts.models import User
from portal.cases.lookups import OfCase, asked_page
from portal.cases.models import Case
from portal.correspondence.forms import MessageForm
from portal.correspondence.models import Mail, Message
from portal.correspondence.talk import refusals
from portal.registry.models import Municipality
from portal.types import Context

messages_of = OfCase(lambda: Message.objects.select_related("author"))
failed_mails = OfCase(lambda: Mail.objects.filter(state="failed"))
READS = (messages_of, failed_mails)


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
        "failed_mails": len(failed_mails.all(case)) if user.is_office else 0,
    }


def _readers(case: Case) -> list[Municipality]:
    """The towns whose staff read a note, where they are several: the case is the case of each."""
    codes = case.municipality_codes
    return list(Municipality.objects.filter(pk__in=codes)) if len(codes) > 1 else []
