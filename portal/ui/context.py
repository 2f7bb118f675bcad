"""What every page's frame needs."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url

from portal.types import Context, is_signed_in
from portal.ui import keys
from portal.ui.ports import menus
from portal.workflow.access import only_reads


def shell(request: HttpRequest) -> Context:
    # a request that is refused before sign-in is looked at has no user
    user = request.user if hasattr(request, "user") and is_signed_in(request) else None
    staff = user if user is not None and user.is_office else None
    path = request.get_full_path()
    return {
        "demo": settings.DEMO,
        "is_office": staff is not None,
        "only_reads": staff is not None and only_reads(staff),
        "first_page": "home" if staff is None else staff.first_page,
        "menu": []
        if staff is None
        else [entry for entry in menus.values() if entry.may_see(staff)],
        "keys_off": request.COOKIES.get(keys.COOKIE) == "off",
        "url_ja": translate_url(path, "ja"),
        "url_en": translate_url(path, "en"),
    }
