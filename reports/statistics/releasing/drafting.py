"""The first step of a release: somebody asks for it, and a job builds it."""

from django.db import transaction

from portal.accounts.models import User
from portal.workflow.door import begin, defer
from reports.statistics.models import Release


def draft(fiscal_year: int, *, by: User, note: str = "", key: str = "") -> Release:
    """Begin a release and let a job build it."""
    with transaction.atomic():
        release = begin(Release, by=by, fiscal_year=fiscal_year, note=note, key=key)
        if release.as_of is None:
            defer("build_release", release_id=release.pk)
    return release
