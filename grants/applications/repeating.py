"""What a case repeats of its application, for the lists: brought up to date after each transition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import override

from grants.applications.states import DECIDED
from portal import clock
from portal.cases.models import Case
from portal.workflow.bulk import loaded, store

if TYPE_CHECKING:
    from grants.applications.models import Application


def repeat(application: Application) -> Case:
    """The case as it has to be stored."""
    case = application.case
    with override("ja"):  # stored as the message id, shown in the reader's language
        case.state, case.state_label = application.state, str(application.info.label)
    if application.state in DECIDED:
        case.decided_at = application.state_since
    case.closed_at = clock.now() if application.state in application.ENDED else None
    return case


def repeat_all(applications: Sequence[Application]) -> None:
    """Store what the cases repeat; of many in few queries."""
    cases = [repeat(application) for application in applications]
    if len(cases) == 1:
        cases[0].save()
        return
    stored = Case.objects.in_bulk([case.pk for case in cases])
    store(cases, [loaded(stored[case.pk]) for case in cases])
