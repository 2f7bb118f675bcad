"""What of its cases is closed to the people of a firm while nobody knows whose it is."""

from django.db.models import Q
from django.utils.translation import gettext as _

from portal.accounts.models import Organisation
from portal.types import Row


def unproved(organisation: Organisation) -> list[str]:
    """Why nothing is handed in for a firm yet of which nobody knows whose it is."""
    if organisation.is_proved:
        return []
    return [
        _(
            "この事業者の確認が済んでいないため、下書きまでできます。"
            "「事業者の確認」のページにある方法で確認を受けると、提出できます。"
        )
    ]


def kept_from_people(case: Row) -> bool:
    """Is it closed to whoever registered its firm: nobody knows whose the firm is, and it is no draft
    that its people began themselves? So what the office attaches to a number reaches no stranger who
    typed that number before.
    """
    return not is_own_draft(case) and not case.organisation.is_proved


def is_own_draft(case: Row) -> bool:
    """Did its people begin it, and handed nothing in yet? So is what has no case."""
    return getattr(case, "is_draft", True) and not getattr(case, "on_paper", False)


OPEN_TO_PEOPLE = Q(is_draft=True, on_paper=False) | ~Q(organisation__proved_how="")
