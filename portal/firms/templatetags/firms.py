"""What pages say of a firm that nobody has proved yet."""

from django import template

from portal.accounts.models import Organisation, User
from portal.firms import letters
from portal.firms.models import ProofLetter

register = template.Library()


@register.simple_tag
def letter_of(organisation: Organisation, person: User) -> ProofLetter | None:
    """The letter that the person asked for, and whose code is still to be entered."""
    return letters.live_of(organisation, person)


@register.simple_tag
def proof_advice(organisation: Organisation) -> str:
    """Which way of proving the firm is to be taken in good time."""
    return letters.advice(organisation)
