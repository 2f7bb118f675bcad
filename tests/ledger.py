"""The ledger of checks of an application, written through for tests that are about what comes after."""

from grants.applications import formal
from grants.applications.models import Application, OfficerList
from portal import clock
from portal.accounts.models import User


def all_clear(application: Application, *, by: User) -> None:
    """Every check is noted as clear; the officers' list was taken out for the police before."""
    OfficerList.objects.update_or_create(application=application, defaults={"sent_at": clock.now()})
    for row in application.checks.all():
        formal.check(row, by=by, result="clear", evidence="照会の回答")
