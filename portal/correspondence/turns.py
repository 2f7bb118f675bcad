"""Whose turn a message makes it."""

from django.utils.translation import gettext_noop

from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted, case_kinds
from portal.correspondence.models import Message

unanswered = OfCase(lambda: Message.objects.filter(side="applicant", answered_at=None))


def of_case(case: Case) -> list[TurnWanted]:
    if case.is_draft or not unanswered.all(case):
        return []
    return [
        TurnWanted(
            "office",
            gettext_noop("質問に答える"),
            role=case_kinds[case.kind].office_role,
            person=case.assigned_to,
        )
    ]


SOURCE = TurnSource(turns=of_case, reads=(unanswered,))
