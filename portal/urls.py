"""The composition root of addresses. Japanese without a prefix, English under /en/."""

from allauth.usersessions.views import list_usersessions
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from portal.ui import keys, views
from portal.workflow.access import proves_again

ROOMS = (
    "portal.workflow",
    "portal.privacy",
    "portal.accounts",
    "portal.maintenance",
    "portal.firms",
    "portal.closures",
    "portal.bulk",  # before the cases, whose address takes any word
    "portal.cases",
    "portal.documents",
    "portal.notices",
    "portal.approvals",
    "portal.disposals",
    "portal.correspondence",
    "grants.budget",
    "grants.applications",
    "grants.reviews",
    "grants.awards",
    "grants.backtest",
    "grants.completion",
    "grants.payments",
    "grants.recovery",
    "grants.followup",
    "grants.seats",
    "grants.fitting",
    "grants.programmes",
    "startups.challenges",
    "startups.matching",
    "startups.pilots",
    "startups.rollouts",
    "startups.concierge",
    "reports.dossiers",
    "reports.disclosure",
    "reports.statistics",
    "reports.opendata",
)
urlpatterns = [
    path("health/", include("portal.health.urls")),
    *i18n_patterns(
        path("keys/", keys.choose, name="keys"),
        # whoever ends the other sessions of an account proves to be its owner
        path("accounts/sessions/", proves_again(list_usersessions), name="usersessions_list"),
        path("accounts/", include("allauth.urls")),
        *[path("", include(f"{room}.urls")) for room in ROOMS],
        prefix_default_language=False,
    ),
]
handler400 = views.bad_request
handler403 = views.forbidden
handler404 = views.not_found
handler429 = views.too_many  # asked for by the sign-in library
handler500 = views.failed
