"""What the case page shows of the conversation."""

from portal.accounts.models import User
from portal.cases.models import Case
from portal.correspondence.talk import refusals
from portal.types import Context


def of_case(case: Case, user: User) -> Context:
    messages = case.messages.select_related("author")
    if not user.is_office:
        messages = messages.filter(internal=False)
    return {
        "talk": list(messages),
        "may_write": not refusals(case, user),
        "may_note": user.is_office and not refusals(case, user, internal=True),
        "failed_mails": case.mails.filter(state="failed").count() if user.is_office else 0,
    }
