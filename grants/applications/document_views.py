"""The documents of a draft: sent, used again, taken out, or accounted for in another way."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.applications import (
    calculation,
    correcting,
    drafts,
    forms,
    instead,
    issued,
    reusing,
    room,
    rules,
    section_views,
)
from grants.applications.correcting import FileRow
from grants.applications.draft_frame import section_url, writes_draft
from grants.applications.instead_forms import ElsewhereForm, LaterForm
from grants.applications.issued_forms import IssuedForm
from grants.applications.models import Application
from grants.programmes.models import said
from grants.programmes.parameters import Programme
from grants.programmes.parts import Required
from portal import sentences
from portal.accounts.models import User
from portal.documents import direct, intake, kinds
from portal.documents.models import Document
from portal.types import Context, SignedIn
from portal.ui.limits import SAVES, UPLOADS, spend
from portal.workflow.errors import Refused, TooLong
from portal.workflow.writing import press, trying

Instead = LaterForm | ElsewhereForm
CONSENT = "consent"


@writes_draft
def documents(request: SignedIn, application: Application) -> HttpResponse:
    """Attach files: one by one, or several photographs that become one PDF; and say what the city may
    look up in the stead of papers.
    """
    errors: dict[str, str] = {}
    if "version" in request.POST and application.stated.documents:
        spend(request, SAVES)
        if "send" in request.POST:
            return _sent_beside(request, application, request.POST["send"])
        answer = section_views.answered(request, application, CONSENT, _with_consent)
        left = next(task for task in correcting.tasks(application) if task.key == "documents")
        if answer.status_code == 302 and not left.is_done:
            messages.warning(request, _("まだ進めません。%(left)s") % {"left": left.note})
        return answer
    if request.method == "POST":
        key = _known(application, request.POST.get("key", ""))
        if error := intake.attempt(request, application.case, key):
            errors[key] = error
        else:
            return redirect(_row(application, key))
    return _page(request, application, errors)


def _known(application: Application, key: str) -> str:
    """Raises Http404 where no document of the page has this key."""
    if key not in {doc.key for doc in application.stated.documents} | {"other", "paper_scan"}:
        raise Http404
    return key


def _sent_beside(request: SignedIn, application: Application, key: str) -> HttpResponse:
    """A file, and with it what is ticked below: without scripts one press sends both."""
    refused = _keep_consent(request, application)
    field = f"{intake.FIELD}-{_known(application, key)}"
    error = intake.attempt(request, application.case, key, field=field)
    errors = {key: error} if error else {}
    if refused is not None:
        return _with_consent(request, application, CONSENT, refused=refused, errors=errors)
    return _page(request, application, errors) if error else redirect(_row(application, key))


def _keep_consent(request: SignedIn, application: Application) -> Refused | None:
    """What was ticked so far, and may still be without the rest; why it was not kept."""
    ticked = room.own(application, CONSENT, request.POST)
    if not ticked:
        return None
    try:
        room.demand(application, CONSENT, ticked)
        page = section_views.opened(request)
        drafts.save(application, CONSENT, ticked, by=request.user, page=page)
    except (TooLong, drafts.Conflict) as refused:
        return refused
    return None


def _with_consent(
    request: SignedIn,
    application: Application,
    key: str,
    *,
    refused: Refused | None = None,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    """The page again, where the consent that was sent from it is at fault, with the `errors` of a file
    that came along.
    """
    asked, status = section_views.of_section(
        request, application, key, refused=refused, typed=typed
    )
    return _page(
        request, application, errors or {}, asked={**asked, "is_sent": True}, status=status
    )


def _asked(request: SignedIn, application: Application) -> Context:
    """The consent as one comes to the page: what it still lacks is no fault yet."""
    asked, _status = section_views.of_section(request, application, CONSENT)
    stored = drafts.stored(application, CONSENT)
    if stored is not None and not drafts.form_of(application, CONSENT).is_valid():
        asked["form"] = form = forms.ConsentForm(application=application, initial=stored.data)
        correcting.beside(application, CONSENT, form, None)
    return asked


def _row(application: Application, key: str) -> str:
    return f"{section_url(application.case.number, 'documents')}#doc-{key}"


def _page(
    request: SignedIn,
    application: Application,
    errors: dict[str, str],
    tried: Instead | None = None,
    *,
    asked: Context | None = None,
    status: int = 0,
) -> HttpResponse:
    """`tried`: what was typed in the stead of a file, and was not taken; `asked`: the consent as it was
    sent, with the `status` of the answer.
    """
    rows = _rows(application, errors, request.user, tried)
    asked = asked or _asked(request, application)
    context = {
        **asked,
        "asked": asked if application.stated.documents else None,
        "rows": rows,
        "tried": tried,
        "section_remarks": correcting.on_documents(application, rows),
        "errors": errors,
        "types": kinds.TYPES,
        "accepted": kinds.ACCEPTED,
        "limit": settings.UPLOAD_MAX_BYTES // 1048576,
        "direct": direct.is_offered(),
    }
    return render(
        request,
        "grants/applications/documents.html",
        context,
        status=status or (422 if tried is not None else intake.status_of(errors.values())),
    )


def _quotes_said(application: Application, live: list[Document]) -> str:
    """That each vendor's quotation is a file of its own; and how many came, where two are asked for."""
    if not application.stated.two_quotes_above:
        return ""
    words = _(
        "見積書は、1社につき1つのファイルで送ってください。2社目の写真は、1社目と分けて送ります。"
    )
    if not calculation.second_quotes(application):
        return words
    count = sum(document.key == rules.QUOTE for document in live)
    asked = _("2社分の見積書が要る経費があります。いま届いている見積書のファイルは%(n)s件です。")
    return f"{words} {asked % {'n': count}}"


def _hint(stated: Programme, wanted: Required) -> str:
    """What the programme says of a document; of one that is looked at in a blind review, that too."""
    words = said(wanted.hint) if wanted.hint else ""
    if stated.blind is None or wanted.key not in stated.blind.documents:
        return words
    blind = _(
        "審査員は、だれの申請かを知らずにこの書類を見ます。会社や人の名前、ロゴを入れないでください。"
    )
    return sentences.joined([words, blind])


def _rows(
    application: Application, errors: dict[str, str], user: User, tried: Instead | None
) -> list[FileRow]:
    sent = Document.objects.sent().filter(case=application.case)
    files = list(sent.select_related("file", "uploaded_by"))
    have: dict[str, list[Document]] = {}
    for document in files:
        have.setdefault(document.key, []).append(document)
    again = reusing.offered(application, user)
    live = [document for document in files if not document.file.refusal]
    choices = instead.chosen(application, live)
    asked = (
        {doc.key for doc in instead.needed(application)}
        if instead.allowing(application.stated)
        else set()
    )
    days = issued.typed(application)
    rows: list[FileRow] = []
    for wanted in application.stated.documents:
        hint = _hint(application.stated, wanted)
        if wanted.key == rules.QUOTE:
            hint = f"{hint} {_quotes_said(application, live)}".strip()
            if not wanted.later_days:
                hint = sentences.joined([hint, _("見積書は、提出したあとに送ることができません。")])
        is_open = wanted.key in asked and all(file.key != wanted.key for file in live)
        rows.append(
            {
                **_plain(wanted.key, said(wanted.name), hint),
                "required": instead.need_of(wanted),
                "again": again.get(wanted.key, []),
                "choice": choices.get(wanted.key) if is_open else None,
                "later": LaterForm.of(wanted, tried) if is_open else None,
                "elsewhere": ElsewhereForm.of(wanted, live, tried) if is_open else None,
                "issued": IssuedForm.beside(wanted, live, days),
            }
        )
    extra = [("other", _("そのほかの書類"), _("説明に役立つものがあれば"))]
    if application.on_paper:
        extra.insert(
            0, ("paper_scan", _("紙の申請書の写し"), _("窓口で受け取った申請書を読み取ったもの"))
        )
    rows += [_plain(*row) for row in extra]
    for row in rows:
        row["files"], row["error"] = have.get(row["key"], []), errors.get(row["key"])
    return rows


def _plain(key: str, name: str, hint: str) -> FileRow:
    return {
        "key": key,
        "name": name,
        "hint": hint,
        "required": key == "paper_scan",
        "files": [],
        "error": None,
        "remarks": [],
        "again": [],
        "beside": "grants/applications/instead.html",
        "choice": None,
        "later": None,
        "elsewhere": None,
        "issued": None,
    }


@require_POST
@writes_draft
def document_remove(request: SignedIn, application: Application, pk: int) -> HttpResponse:
    document = get_object_or_404(Document.objects.sent(), pk=pk, case=application.case)
    return press(
        request,
        lambda: correcting.take_out(application, document, by=request.user),
        back=_row(application, document.key),
    )


@require_POST
@writes_draft
def document_reuse(request: SignedIn, application: Application, pk: int) -> HttpResponse:
    """A file of an earlier application of the firm counts in this one, too."""
    spend(request, UPLOADS)
    return press(
        request,
        lambda: reusing.use(application, pk, by=request.user),
        back=section_url(application.case.number, "documents"),
        done=_("前に送ったファイルを、この申請にも付けました。"),
    )


@require_POST
@writes_draft
def instead_of_file(request: SignedIn, application: Application, key: str) -> HttpResponse:
    """It follows later, or lies in another file; or neither, any more."""
    wanted = next((doc for doc in instead.allowing(application.stated) if doc.key == key), None)
    if wanted is None:
        raise Http404
    way, back = request.POST.get("way", ""), _row(application, key)
    if not way:
        return press(
            request, lambda: instead.take_back(application, key, by=request.user), back=back
        )
    live = list(Document.objects.live().filter(case=application.case, internal=False))
    form: Instead = (
        LaterForm(request.POST, wanted=wanted)
        if way == "later"
        else ElsewhereForm(request.POST, wanted=wanted, files=live)
    )
    if form.is_valid():
        with trying() as tried:
            form.keep(application, by=request.user)
        if tried.is_done:
            return redirect(back)
        for reason in tried.reasons:
            form.add_error(None, reason)
    return _page(request, application, {}, form)
