"""People, organisations, and who may act for whom, since when and until when."""

from portal.accounts.models.absences import (
    DEPUTISED,
    Absence,
    Deputy,
    away,
    away_until,
    stood_for,
)
from portal.accounts.models.comings import Demonstration, FormerAddress, SignIn
from portal.accounts.models.duty_exceptions import DutyException
from portal.accounts.models.lost_factors import FactorRemoval
from portal.accounts.models.people import (
    Delegation,
    Invitation,
    Membership,
    Organisation,
    OrganisationQuerySet,
    User,
    UserManager,
    in_force,
)
from portal.accounts.models.roles import RoleEnd, RoleProposal, RoleTerms, StaffRole

__all__ = [
    "DEPUTISED",
    "Absence",
    "Delegation",
    "Demonstration",
    "Deputy",
    "DutyException",
    "FactorRemoval",
    "FormerAddress",
    "Invitation",
    "Membership",
    "Organisation",
    "OrganisationQuerySet",
    "RoleEnd",
    "RoleProposal",
    "RoleTerms",
    "SignIn",
    "StaffRole",
    "User",
    "UserManager",
    "away",
    "away_until",
    "in_force",
    "stood_for",
]
