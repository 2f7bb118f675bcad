"""Who opens a consultation, and who lets everyone read an offer."""

from django.db import transaction
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from portal import clock
from portal.accounts.models import User
from portal.audit.record import record_about
from portal.workflow.errors import Forbidden, NotReady
from startups.concierge.models import Answerer, Consultation


def consultation_for(user: User, pk: int) -> Consultation:
    return get_object_or_404(Consultation.objects.visible_to(user), pk=pk)


@transaction.atomic
def show(row: Consultation, *, by: User, is_shown: bool = True) -> Consultation:
    """Let everyone read an offer, or take it back; recorded.

    Raises Forbidden for whoever may not answer it, NotReady where its maker does not want it public.
    """
    if refusals := Answerer().reasons(by, row):
        raise Forbidden(*refusals)
    if not row.is_public:
        raise NotReady(_("提案した方が公表を望んでいません。"))
    row.shown_at = clock.now() if is_shown else None
    row.save(update_fields=["shown_at"])
    action = "consultation.show" if is_shown else "consultation.hide"
    record_about(row, action, by=by, capacity="office")
    return row
