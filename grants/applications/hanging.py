"""Which cases hang on a row that has none of its own, and on which such rows a case hangs.

Whoever has an interest in one of them does nothing of the office on the row.
"""

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grants.applications.states import UNDECIDED, ApplicationState
from grants.budget.models import BudgetLine
from grants.programmes.models import Call, CallChange, Programme
from portal.cases.models import Case
from portal.together import Ask
from portal.types import Text


def on_call(call: Call) -> QuerySet[Case]:
    """What its period, its lottery and its results decide about.

    While it takes applications in, also who has only begun one.
    """
    cases = Case.objects.filter(application__call=call, closed_at=None)
    return cases.filter(is_draft=False) if call.is_intake_over else cases


def drafts_in(call: Call) -> QuerySet[Case]:
    """Whoever is writing an application to it."""
    return Case.objects.filter(application__call=call, application__state=ApplicationState.DRAFT)


def undecided_in(call: Call) -> QuerySet[Case]:
    """Whoever applied to it and waits for the decision."""
    return Case.objects.filter(application__call=call, application__state__in=UNDECIDED)


def on_change(change: CallChange) -> QuerySet[Case]:
    """What its call decides about."""
    return on_call(change.call)


def on_line(line: BudgetLine) -> QuerySet[Case]:
    """Who waits for the money of the line's frame, or is still to be paid from it."""
    return on_call(line.call).filter(application__frame=line.frame)


def duty_subjects(ask: Ask, case: Case) -> Callable[[], list[tuple[Text, str]]]:
    """The call of the case and its programme: who made and approved them belongs to its proof."""
    calls = ask(Call.objects.filter(applications__case=case).select_related("programme")[:1])
    return lambda: [
        pair for call in calls for pair in (_of_call(call), _of_programme(call.programme))
    ]


def _of_call(call: Call) -> tuple[Text, str]:
    return str(call), call.duty_subjects()[0]


def _of_programme(programme: Programme) -> tuple[Text, str]:
    version = _("%(name)s（第%(n)s版）") % {"name": programme.name, "n": programme.revision}
    return version, programme.duty_subjects()[0]
