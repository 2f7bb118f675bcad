"""The ledger of checks of one application."""

from grants.applications import formal
from grants.applications.models import Application
from portal.accounts.models import User


def all_clear(application: Application, evidence: str, *, by: User) -> None:
    """The officers' list is taken out for the police, then every check is noted; where nobody is to be
    asked about, that is said.
    """
    formal.inquiry_rows([application], by=by)
    for row in application.checks.all():
        if row.is_unasked:
            formal.check(row, by=by, result="not_needed", evidence="役員の名簿を求めない制度")
        else:
            formal.check(row, by=by, result="clear", evidence=evidence)
