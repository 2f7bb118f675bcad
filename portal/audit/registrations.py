"""What this room fills in elsewhere."""

from django.core.checks import Tags
from django.core.checks import register as register_check

from portal.audit import checks_at_start


def register() -> None:
    for check in (checks_at_start.role_is_restricted, checks_at_start.clocks_agree):
        register_check(check, Tags.database, deploy=True)
