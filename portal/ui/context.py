"""What every page's frame needs."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url

from portal import ports
from portal.workflow.access import only_reads


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    staff = bool(user and user.is_authenticated and user.is_office)
    path = request.get_full_path()
    return {
        "demo": settings.DEMO,
        "is_office": staff,
        "only_reads": bool(staff and only_reads(user)),
        "only_admin": staff and not any(role.role != "administrator" for role in user.roles()),
        "menu": [
            entry for entry in ports.menus.values() if entry.side == "staff" and entry.may_see(user)
        ]
        if staff
        else [],
        "url_ja": translate_url(path, "ja"),
        "url_en": translate_url(path, "en"),
    }
