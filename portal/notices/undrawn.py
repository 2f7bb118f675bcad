"""Papers that could not be drawn when somebody asked for them: kept until they are, and brought before
the office: by a turn of their case, or beside the inbox where they are about none.
"""

from collections.abc import Callable

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from portal.accounts.models import User
from portal.cases.ports import Beside
from portal.notices.issue import fails
from portal.notices.models import Notice, UndrawnPaper
from portal.notices.ports import office_papers
from portal.together import Ask
from portal.workflow.door import touch


@transaction.atomic
def note(paper: str, row: Model) -> None:
    """It could not be drawn of this row."""
    if isinstance(row, Notice):
        fails(row)
        return
    case = getattr(row, "case", None)
    _row, is_new = UndrawnPaper.objects.get_or_create(
        paper=paper, row=row.pk, defaults={"case": case}
    )
    if is_new and case is not None:
        touch(case)


@transaction.atomic
def forget(paper: str, pk: int) -> None:
    """It was drawn of the row with this key."""
    for row in UndrawnPaper.objects.filter(paper=paper, row=pk).select_related("case"):
        row.delete()
        if row.case is not None:
            touch(row.case)


def beside(user: User, ask: Ask) -> Callable[[], Beside | None]:
    """What is said beside the inbox of papers that are about no case."""
    failed = UndrawnPaper.objects.filter(case=None).order_by()
    found = [
        ask(rows(user).filter(pk__in=failed.filter(paper=paper).values("row")))
        for paper, rows in office_papers.items()
    ]

    def said() -> Beside | None:
        rows = [row for each in found for row in each]
        if not rows:
            return None
        text = _(
            "PDFを作れなかった書類が%(n)s件あります。開いて確かめ、作れないときは管理者に連絡してください。"
        )
        return Beside(
            text=text % {"n": len(rows)},
            link=_("作れなかった書類のページを開く"),
            url=rows[0].get_absolute_url(),
        )

    return said
