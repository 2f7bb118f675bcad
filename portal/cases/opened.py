"""Each page of a case that somebody of the office opens is kept in one place: no page can forget it.

Asked by every address but the public's, after it has answered. An address names a case by its
number; where it names another row, its room says which cases that page shows
(`portal.cases.ports.read_pages`). Whatever else is handed out as a file is kept under the name of its
address, so that no list that is taken out can be forgotten either.
"""

from django.db.models import Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from portal.accounts.models import User
from portal.cases.models import Reading
from portal.cases.ports import read_pages
from portal.cases.taken_out import asked

# answers that show the page
SHOWN = (200, 409, 422)
# addresses that keep more than that they were opened: which file, and each time
KEPT_APART = frozenset(
    (
        "case",
        "case_export",
        "case_workbook",
        "case_zip",
        "do",
        "document_original",
        "document_page",
        "notice_paper",
        "programme_past_csv",
        "programme_past_xlsx",
        "sketch_past_csv",
        "sketch_past_xlsx",
        "approval_attachment_original",
        "approval_attachment_page",
        "approval_document",
        "approval_rows_csv",
        "approval_rows_xlsx",
        "approval_letter",
        "approval_letter_paper",
        "dossier_file",
        "batch_file",
        "batch_word",
        "bank_word",
        "budget_accounting_csv",
        "disclosure_copy",
        "disclosure_picture",
        "inquiry",
        "recovery_list_csv",
        "rollout_evidence",
    )
)


def note(request: HttpRequest, user: User, response: HttpResponseBase) -> None:
    """Keep that the page of an address was opened, once an hour: a page is loaded many times."""
    match = request.resolver_match
    if match is None or response.status_code not in SHOWN or not user.is_office:
        return
    name = match.url_name or ""
    if name in KEPT_APART:
        return
    if name in read_pages:
        pk = match.kwargs["pk"]
        cases = read_pages[name](pk)
        if cases is None:
            Reading.note_once(user, "many.open", None, f"{name}:{pk}")
        else:
            Reading.note_once(user, "page.open", cases, name)
    elif response.get("Content-Disposition"):
        Reading.note(user, "file.out", None, asked(request, name))
    elif "number" in match.kwargs:
        Reading.note_once(user, "page.open", Q(number=match.kwargs["number"]), name)
