"""What the page of the sign-in shows besides the sign-in."""

from django import template

from portal.accounts.allauth_forms import SignUp

register = template.Library()


@register.simple_tag
def sign_up_form() -> SignUp:
    """For whoever is about to apply and may have no account yet: both ways in stand on one page."""
    return SignUp()
