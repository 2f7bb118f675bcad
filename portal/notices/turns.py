"""Whose turn a paper makes it: the office's, while it cannot be drawn. The case does not wait for it
(`is_apart`).
"""

from django.utils.translation import gettext_noop

from portal.cases.lookups import OfCase
from portal.cases.models import Case
from portal.cases.ports import TurnSource, TurnWanted, case_kinds
from portal.notices.models import Notice, UndrawnPaper
from portal.notices.states import VALID

undrawn = OfCase(lambda: Notice.objects.filter(undrawn_at__isnull=False, state__in=VALID))
undrawn_papers = OfCase(UndrawnPaper.objects.all)


NOTICE = gettext_noop("PDFを作れなかった通知書を開いて確かめ、作れないときは管理者に連絡する")
PAPER = gettext_noop("PDFを作れなかった書類を開いて確かめ、作れないときは管理者に連絡する")


def of_case(case: Case) -> list[TurnWanted]:
    found = [_turn(case, NOTICE, notice) for notice in undrawn.all(case)]
    return found + ([_turn(case, PAPER)] if undrawn_papers.all(case) else [])


def _turn(case: Case, what: str, notice: Notice | None = None) -> TurnWanted:
    return TurnWanted(
        "office",
        what,
        role=case_kinds[case.kind].office_role,
        person=case.assigned_to,
        obj=notice,
        is_apart=True,
    )


SOURCE = TurnSource(turns=of_case, reads=(undrawn, undrawn_papers))
