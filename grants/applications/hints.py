"""Hints of the section on eligibility that are put together from what is known."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from grants.applications.models import Application
from grants.programmes.ports import partner_search


def of_partner(application: Application) -> SafeString:
    """Without a partner no application is whole: whoever has none is told who helps to find one, and
    comes back from there to this section.
    """
    here = reverse("application_section", args=[application.case.number, "eligibility"])
    return format_html(
        '{} <a href="{}">{}</a>',
        _("まだ決まっていないときは、相談員が一緒にさがします。ほかの項目は先に書けます。"),
        partner_search.value(application.call, here),
        _("IT企業をさがす相談をする"),
    )
