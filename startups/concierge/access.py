"""Who opens a consultation."""

from django.shortcuts import get_object_or_404

from portal.accounts.models import User
from startups.concierge.models import Consultation


def consultation_for(user: User, pk: int) -> Consultation:
    return get_object_or_404(Consultation.objects.visible_to(user), pk=pk)
