"""What an officer does for a firm by hand: checks whose it is, with the ground of it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.accounts import proving
from portal.accounts.models import Organisation, User
from portal.firms import outgoing
from portal.firms.claims import holders
from portal.workflow.door import door, write_to


@dataclass(frozen=True)
class Proof:
    """What a mail about a proof is called and leads to."""

    organisation: Organisation

    @property
    def told_as(self) -> str:
        return _("事業者の確認")

    def address_for(self, _user: User) -> str:
        return reverse("firm_proof", args=[self.organisation.pk])


def check(organisation: Organisation, *, by: User, ground: str) -> Organisation:
    """Note what was seen, and tell the firm's people that they may go on."""
    with door(by, [organisation]):
        done = proving.check(organisation, by=by, ground=ground)
        for person in holders(done):
            write_to(person, Proof(done), outgoing.PROVED)
    return done
