"""Who of the office keeps a firm: decides whose it is and what it is called, prints its letters, and
proves its people again who lost a second factor.

A firm lies in no programme and in nobody's hands, and whoever has it has its cases in all of them. So a
role about one programme or about assigned cases keeps none, and a role about one municipality keeps the
firms whose head office lies there; one whose seat is not known is left to roles about all of them.
Why so: docs/decisions/0072.
"""

from django.db.models import Q

from portal.accounts.models import Organisation, OrganisationQuerySet, StaffRole, User, in_force
from portal.accounts.permissions import COUNTER, NOBODY, prefixed


def _is_about_firms(role: StaffRole) -> bool:
    return role.role in COUNTER.roles and not role.programme_code and not role.assigned_only


def _reaches(role: StaffRole, firm: Organisation) -> bool:
    seat = firm.area.municipality_id if firm.area else None
    return _is_about_firms(role) and role.municipality_id in (None, seat)


def keeps_firms(user: User) -> bool:
    """Does the person keep any firms at all? Which ones: `keeps` and `kept_by`."""
    return any(_is_about_firms(role) for role in user.roles())


def keeps_all_firms(user: User) -> bool:
    return any(_is_about_firms(role) and role.municipality_id is None for role in user.roles())


def keeps(user: User, firm: Organisation) -> bool:
    return any(_reaches(role, firm) for role in user.roles())


def kept_by(user: User) -> OrganisationQuerySet:
    """The firms that a person keeps, as `keeps` says of one."""
    return Organisation.objects.filter(of_kept(user))


def of_kept(user: User, firm: str = "") -> Q:
    """The same as a condition, of what hangs on a firm: `firm` is the way there. Nothing is asked of
    firms where the person keeps all of them.
    """
    if keeps_all_firms(user):
        return Q()
    seats = [role.municipality_id for role in user.roles() if _is_about_firms(role)]
    return prefixed(Q(area__municipality__in=seats), firm) if seats else NOBODY


def keepers_of(firm: Organisation) -> list[User]:
    """Everybody who keeps a firm today."""
    held = StaffRole.objects.filter(
        in_force(), role__in=COUNTER.roles, person__is_active=True, person__is_system=False
    )
    rows = held.select_related("person").order_by("person")
    return list(dict.fromkeys(row.person for row in rows if _reaches(row, firm)))
