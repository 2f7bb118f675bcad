"""What every page's frame needs."""

import re

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import escape_leading_slashes

from portal.types import Context, is_signed_in
from portal.ui import furigana, keys
from portal.ui.ports import menus
from portal.workflow.access import only_reads


def in_both_languages(request: HttpRequest) -> Context:
    """Where the page stands in Japanese and in English (portal/urls.py).

    Django's `translate_url` would look through all addresses for it, four times a page.
    """
    path = escape_leading_slashes(re.sub(r"^/en(?=/)", "", request.get_full_path()))
    return {"url_ja": path, "url_en": f"/en{path}"}


def shell(request: HttpRequest) -> Context:
    # a request that is refused before sign-in is looked at has no user
    user = request.user if hasattr(request, "user") and is_signed_in(request) else None
    staff = user if user is not None and user.is_office else None
    return {
        "demo": settings.DEMO,
        "is_office": staff is not None,
        "only_reads": staff is not None and only_reads(staff),
        "first_page": "home" if staff is None else staff.first_page,
        "menu": []
        if staff is None
        else [entry for entry in menus.values() if entry.may_see(staff)],
        "keys_off": request.COOKIES.get(keys.COOKIE) == "off",
        "has_furigana": furigana.wanted(request),
        **in_both_languages(request),
    }
