"""People, organisations, and who may act for whom, since when and until when."""

from portal.accounts.models.comings import Demonstration, FormerAddress, SignIn
from portal.accounts.models.people import (
    Delegation,
    Invitation,
    Membership,
    Organisation,
    User,
    UserManager,
    in_force,
)
from portal.accounts.models.roles import RoleProposal, RoleTerms, StaffRole

__all__ = [
    "Delegation",
    "Demonstration",
    "FormerAddress",
    "Invitation",
    "Membership",
    "Organisation",
    "RoleProposal",
    "RoleTerms",
    "SignIn",
    "StaffRole",
    "User",
    "UserManager",
    "in_force",
]
