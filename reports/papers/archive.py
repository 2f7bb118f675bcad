"""The notices of a case, as papers, for its ZIP."""

from collections.abc import Callable
from functools import partial

from portal.accounts.models import User
from portal.cases import visibility
from portal.cases.models import Case
from reports.papers.notice import draw


def files(case: Case, user: User) -> list[tuple[str, Callable[[], bytes]]]:
    if not visibility.reads(user, case, visibility.WORKERS):
        return []
    notices = case.notices.select_related("case")
    return [(f"notices/{notice.pk}_{notice.title}.pdf", partial(draw, notice)) for notice in notices]
