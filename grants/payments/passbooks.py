"""通帳の写し: by which the office looks at an account. A file of a case as any other, handed in by the firm or
by the office that received it at its counter, and read by who has to do with the money.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.awards.models import Award
from portal.accounts.models import User
from portal.accounts.permissions import office
from portal.cases import visibility
from portal.cases.models import Case
from portal.days import day_said
from portal.documents.models import Document
from portal.workflow.against import Fact

KEY = "passbook"
COUNTER = office("programme_officer")  # receives it on paper


def open_files(user: User, case: Case) -> Q:
    may = (
        visibility.reads(user, case, visibility.MONEY) if user.is_office else is_theirs(user, case)
    )
    return Q() if may else ~Q(key=KEY)


def is_theirs(user: User, case: Case) -> bool:
    """As of the account itself: by the firm's own people, whomever else it sends."""
    return user.memberships.filter(organisation=case.organisation_id, left_at=None).exists()


def may_hand_in(user: User, case: Case) -> bool:
    if user.is_office:
        return not COUNTER.reasons(user, case)
    return is_theirs(user, case)


def is_asked(award: Award) -> bool:
    return award.stated.passbook


def of_firms(cases: QuerySet[Case]) -> dict[int, list[Document]]:
    """The copies that lie in some cases, newest first, by primary key of the firm."""
    rows = Document.objects.live().filter(case__in=cases, key=KEY)
    found: dict[int, list[Document]] = {}
    for row in rows.select_related("case", "file").order_by("-pk"):
        found.setdefault(row.case.organisation_id, []).append(row)
    return found


def said(copies: list[Document]) -> list[Fact]:
    return [
        Fact(
            _("通帳の写し"),
            f"{copy.name}（{day_said(copy.uploaded_at)}）",
            reverse("document", args=[copy.pk]) if copy.file.is_open_to_others else "",
        )
        for copy in copies
    ]


def missing(copies: Sequence[Document], since: datetime | None) -> list[str]:
    """What is missing of the copies for an account; for one that follows another, `since` its day."""
    if not copies:
        return [_("通帳の写しが、まだ届いていません。")]
    if since is not None and copies[0].uploaded_at <= since:
        return [_("通帳の写しは、この口座の届出より前に届いたものです。")]
    return []
