"""Whose turn a notice makes it: the office's, while its paper cannot be drawn. The case does not wait
for it (`is_apart`).
"""

from django.utils.translation import gettext_noop

from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted, case_kinds
from portal.notices.models import Notice
from portal.notices.states import VALID

undrawn = OfCase(lambda: Notice.objects.filter(undrawn_at__isnull=False, state__in=VALID))


def of_case(case: Case) -> list[TurnWanted]:
    return [
        TurnWanted(
            "office",
            gettext_noop("PDFを作れなかった通知書を開いて確かめ、作れないときは管理者に連絡する"),
            role=case_kinds[case.kind].office_role,
            person=case.assigned_to,
            obj=notice,
            is_apart=True,
        )
        for notice in undrawn.all(case)
    ]


SOURCE = TurnSource(turns=of_case, reads=(undrawn,))
