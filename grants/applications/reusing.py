"""Papers of a firm that serve more than one application: sent once, offered again while they count."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.applications import issued
from grants.applications.models import Application
from portal import clock
from portal.accounts.models import User
from portal.cases.models import Case
from portal.documents.models import Document
from portal.workflow.door import lock
from portal.workflow.errors import NotReady


@dataclass(frozen=True)
class Offer:
    """A file that the firm sent with another application, and the last day on which it counts."""

    document: Document
    until: date


def offered(application: Application, user: User) -> dict[str, list[Offer]]:
    """Requirement → what may be used again, the newest first: files that this person may open, sent by
    the firm itself, as long as the programme lets them count (`usable_days`) from the day on which they
    came. The office sends nothing in a firm's stead.
    """
    days = {wanted.key: wanted.usable_days for wanted in application.stated.documents}
    lasting = {key: n for key, n in days.items() if n is not None}
    if not lasting or user.is_office:
        return {}
    others = Case.objects.visible_to(user).filter(organisation=application.case.organisation_id)
    here = Document.objects.sent().filter(case=application.case_id)
    rows = (
        Document.objects.live()
        .filter(
            case__in=others.exclude(pk=application.case_id),
            key__in=lasting,
            internal=False,
            file__checked_at__isnull=False,
        )
        .exclude(file__sha256__in=here.values("file__sha256"))
        .select_related("file", "case")
        .order_by("-file__stored_at", "-pk")
    )
    asked = issued.asking(application.stated)
    days_of = issued.of_cases({row.case_id for row in rows}) if asked else {}
    found: dict[str, dict[str, Offer]] = {}
    for row in rows:
        until = clock.day_of(row.file.stored_at) + timedelta(days=lasting[row.key])
        day = days_of.get((row.case_id, row.key))
        if day is not None and row.key in asked:
            until = min(until, issued.counts_until(asked[row.key], day))
        if until >= clock.today():
            found.setdefault(row.key, {}).setdefault(row.file.sha256, Offer(row, until))
    return {key: list(offers.values())[:3] for key, offers in found.items()}


@transaction.atomic
def use(application: Application, pk: int, *, by: User) -> Document:
    """Tie a file that was offered to this application, too. Raises NotReady where it is not, any more."""
    lock([application.case, application])
    fresh = Application.objects.get(pk=application.pk)
    if not fresh.is_editable:
        raise NotReady(_("すでに提出しています。ここでは書き換えられません。"))
    known = {
        offer.document.pk: offer.document
        for offers in offered(fresh, by).values()
        for offer in offers
    }
    if pk not in known:
        raise NotReady(_("このファイルは、もう使えません。新しいものを送ってください。"))
    earlier = known[pk]
    document = Document.objects.create(
        case=application.case,
        key=earlier.key,
        name=earlier.name,
        file=earlier.file,
        uploaded_by=by,
        uploaded_at=clock.now(),
    )
    day = issued.of_cases([earlier.case_id]).get((earlier.case_id, earlier.key))
    if day is not None and earlier.key in issued.asking(fresh.stated):
        issued.keep(fresh, earlier.key, day, by=by)
    document.note("add", by, gettext_noop("前に送った書類を使いました"))
    return document
