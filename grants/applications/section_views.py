"""The sections of a draft: what was typed is kept, whole or on its way."""

import uuid
from typing import Protocol

from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from grants.applications import (
    calculation,
    correcting,
    cost_paste,
    drafts,
    forms,
    inquiring,
    officer_list,
    room,
    rules,
)
from grants.applications.content import Officer
from grants.applications.cost_forms import Items
from grants.applications.draft_frame import frame, next_section, section_url, writes_draft
from grants.applications.models import Application
from grants.applications.sections import Section
from portal import clock, jptext
from portal.documents import paste_page
from portal.types import Context, Json, SignedIn
from portal.ui.controls import control_id
from portal.ui.in_words import Written, in_words
from portal.ui.limits import EXPORTS, SAVES, limited
from portal.workflow.drafts import counted
from portal.workflow.errors import Refused, TooLong
from portal.workflow.writing import Tried, trying


@writes_draft
@limited(SAVES)
def section(request: SignedIn, application: Application, key: str) -> HttpResponse:
    """One section: what was typed is kept whether or not it is right; errors stay until corrected."""
    if key not in drafts.form_classes(application):
        raise Http404
    if key == "consent" and application.stated.documents and request.method != "POST":
        return redirect(f"{section_url(application.case.number, 'documents')}#consent")
    return answered(request, application, key, _shown)


class Shown(Protocol):
    """The page on which a section stands: as it is kept, or with what was `typed` and could not be."""

    def __call__(
        self,
        request: SignedIn,
        application: Application,
        key: str,
        *,
        refused: Refused | None = None,
        typed: dict[str, str] | None = None,
    ) -> HttpResponse: ...


def answered(request: SignedIn, application: Application, key: str, shown: Shown) -> HttpResponse:
    """A section on its page: what is sent is kept, and leads on. What is far too long is kept on the
    page alone.
    """
    if request.method != "POST":
        return shown(request, application, key)
    data = _changed_rows(request, key, room.own(application, key, request.POST))
    try:
        room.demand(application, key, data)
        saved = drafts.save(application, key, data, by=request.user, page=opened(request))
    except TooLong as refused:
        return shown(request, application, key, refused=refused, typed=data)
    except drafts.Conflict as refused:
        return shown(request, application, key, refused=refused)
    if key == "organisation":
        drafts.learn(application, by=request.user)
    onward = _onward(request, application, key, saved)
    return redirect(onward) if onward else shown(request, application, key)


def _onward(request: SignedIn, application: Application, key: str, saved: Section) -> str:
    """Where a section leads to that was kept; nowhere while something in it is wrong."""
    number = application.case.number
    if "add" in request.POST or "del" in request.POST:
        return f"{section_url(number, key)}#row-{saved.data.get('item-TOTAL_FORMS', '1')}"
    if key == "costs" and "paste" in request.POST:
        return reverse("costs_paste", args=[number])
    if key == "eligibility" and drafts.unmet(application):
        return f"{section_url(number, key)}#found-h"
    if correcting.tasks_ok(application, key):
        return section_url(number, next_section(application, key))
    return ""


def _shown(
    request: SignedIn,
    application: Application,
    key: str,
    *,
    refused: Refused | None = None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    context, status = of_section(request, application, key, refused=refused, typed=typed)
    return render(
        request,
        "grants/applications/costs.html" if key == "costs" else "grants/applications/section.html",
        context,
        status=status,
    )


def of_section(
    request: SignedIn,
    application: Application,
    key: str,
    *,
    refused: Refused | None = None,
    typed: dict[str, str] | None = None,
) -> tuple[Context, int]:
    """What the page of a section shows of it, and the status of the answer."""
    conflict = refused if isinstance(refused, drafts.Conflict) else None
    stored = drafts.stored(application, key)
    form = drafts.form_of(application, key, typed)
    items = drafts.items_of(application, typed) if key == "costs" else None
    written: list[Written] = [form] if items is None else [form, items]
    left = correcting.beside(application, key, form, items)
    is_looked_at = request.method == "POST" or "check" in request.GET
    is_right = form.is_bound and form.is_valid()
    if not is_looked_at and not typed:
        _let_blanks_be(form, items)
    shown_errors = (stored is not None and (is_looked_at or bool(stored.version))) or bool(typed)
    errors = [("", reason) for reason in refused.reasons] if refused and typed else []
    if form.is_bound and shown_errors:
        errors += _errors(form, items, blanks=is_looked_at or bool(typed))
    if request.method == "POST" and not errors and not conflict:
        errors = _not_done(application, key)
    context = {
        **frame(application),
        "key": key,
        "form": form,
        "items": items,
        "stored": stored,
        "is_taken": stored is not None and stored.editor == drafts.TAKEN,
        "conflict": conflict,
        "section_remarks": left,
        "reasons": conflict.reasons if conflict else [],
        "differences": in_words(conflict.differences, *written) if conflict else [],
        "version": stored.version if stored else 0,
        "editor": uuid.uuid4().hex,
        "title": drafts.title_of(application, key),
        "show_errors": shown_errors,
        "errors": errors,
        "go_on": section_url(application.case.number, next_section(application, key))
        if key == "eligibility"
        else "",
        "findings": drafts.eligibility(application) if key == "eligibility" and is_right else [],
        "calc": calculation.of(application) if key == "costs" else None,
    }
    return context, 409 if conflict else 422 if request.method == "POST" and errors else 200


def opened(request: SignedIn) -> drafts.Page:
    """The opened page that a request comes from, as its hidden fields say."""

    seen, stroke = (jptext.whole(request.POST.get(name), 0) for name in ("version", "stroke"))
    return drafts.Page(seen, request.POST.get("editor", "")[:32], stroke)


def _changed_rows(request: SignedIn, key: str, data: dict[str, str]) -> dict[str, str]:
    """The rows of the cost table after "add a row" or "remove this row"."""
    if key != "costs":
        return data
    total = jptext.whole(data.get("item-TOTAL_FORMS"), 1)
    if "add" in request.POST and total < rules.MAX_ITEMS:
        day = {
            f"item-{total}-order_on_{part}": data.get(f"item-{total - 1}-order_on_{part}", "")
            for part in "ymd"
        }
        return data | day | {"item-TOTAL_FORMS": str(total + 1)}
    gone = jptext.whole(request.POST.get("del"), -1)
    if gone >= 0 and total > 1:
        return _without_row(data, gone, total)
    return data


@writes_draft
def costs_paste(request: SignedIn, application: Application) -> HttpResponse:
    """Rows out of a spreadsheet, looked at before they stand in the cost table."""
    if "costs" not in drafts.form_classes(application):
        raise Http404
    table = cost_paste.table(application, by=request.user)
    return paste_page.page(
        request, table, "grants/applications/costs_paste.html", frame(application)
    )


@writes_draft
@limited(EXPORTS)
def costs_workbook(request: SignedIn, application: Application) -> FileResponse:
    """The cost table as a workbook to be filled in."""
    if "costs" not in drafts.form_classes(application):
        raise Http404
    return cost_paste.workbook(application)


def _other_people(data: dict[str, str]) -> dict[str, str]:
    """The officers' list after "one more" or "take this one out"."""
    total, gone = (jptext.whole(data.get(name), -1) for name in ("p-TOTAL_FORMS", "del"))
    if 0 <= gone < total and total > 1:
        return _without_row(data, gone, total, "p")
    return data | {"p-TOTAL_FORMS": str(min(max(total, 1) + 1, 30))}


def _without_row(data: dict[str, str], gone: int, total: int, head: str = "item") -> dict[str, str]:
    kept: dict[str, str] = {}
    for name, value in data.items():
        parts = name.split("-", 2)
        n = jptext.whole(parts[1], -1) if len(parts) == 3 else -1
        if n >= 0:
            if n == gone:
                continue
            name = f"{parts[0]}-{n - 1 if n > gone else n}-{parts[2]}"
        kept[name] = value
    return kept | {f"{head}-TOTAL_FORMS": str(total - 1)}


def _let_blanks_be(form: forms.SectionForm, items: Items | None) -> None:
    """What is still to be written is no fault before its writer has said to go on."""
    for one in (form, *(items.forms if items is not None else ())):
        for name, faults in one.errors.as_data().items():
            if all(fault.code == "required" for fault in faults):
                del one.errors[name]


def _errors(form: forms.SectionForm, items: Items | None, *, blanks: bool) -> list[tuple[str, str]]:
    """(id of the control, sentence) for the error summary: the form's, then each row's; with that there
    is no row, where `blanks` count.
    """
    found = [
        (control_id(form[name]), f"{form[name].label}：{message}")
        for name in form.errors
        if name in form.fields
        for message in form.errors[name]
    ]
    if items is not None:
        items.is_valid()
        found += [
            ("id_item-0-what", message)
            for fault in items.non_form_errors().as_data()
            if blanks or fault.code != "required"
            for message in fault.messages
        ]
        for n, row in enumerate(items.forms, 1):
            for name in row.errors if row.has_changed() else []:
                found += [
                    (
                        row[name].id_for_label,
                        _("%(n)s行目の%(field)s：%(message)s")
                        % {"n": n, "field": row[name].label, "message": m},
                    )
                    for m in row.errors[name]
                ]
    return found


def _not_done(application: Application, key: str) -> list[tuple[str, str]]:
    """What keeps a section from being done of which each answer is right, for the error summary."""
    return [
        ("calc-h" if key == "costs" else "", task.note)
        for task in correcting.tasks(application)
        if task.key == key and not task.is_done
    ]


@require_POST
@writes_draft
@limited(SAVES)
def autosave(request: SignedIn, application: Application, key: str) -> JsonResponse:
    """Keep what is typed now; 409 with the differences when somebody else saved in between, 413 where
    it is to be shortened first.
    """
    if key not in drafts.form_classes(application):
        raise Http404
    data = room.own(application, key, request.POST)
    try:
        room.demand(application, key, data)
        saved = drafts.save(application, key, data, by=request.user, page=opened(request))
    except TooLong as too_long:
        return JsonResponse({"message": too_long.reasons[0]}, status=413)
    except drafts.Conflict as conflict:
        return JsonResponse(
            {
                "message": conflict.reasons[0],
                "differences": conflict.differences,
                "version": conflict.section.version,
            },
            status=409,
        )
    body: dict[str, Json] = {
        "version": saved.version,
        "saved_at": f"{saved.saved_at.astimezone(clock.JST):%H:%M}",
    }
    if key == "costs":
        calc = {"calc": calculation.of(application)}
        body |= {
            "amount": f"{drafts.aid(application).amount:,}",
            "calculation": render_to_string("grants/applications/calculation.html", calc, request),
        }
    return JsonResponse(body)


@writes_draft
@limited(SAVES)
def officers(request: SignedIn, application: Application) -> HttpResponse:
    """The officers' list: kept encrypted, never shown again as a whole.

    It is typed anew to change it; whoever did so meanwhile is not written over unasked.
    """
    there = officer_list.of(application)
    firm = application.case.organisation
    asked = {
        "addressee": _(inquiring.ADDRESSEE),
        "ordinance": _(inquiring.ORDINANCE),
        "title": officer_list.title(application),
        "is_alone": firm.is_sole_proprietor,
    }
    post = request.POST if request.method == "POST" else None
    if post is not None and ("add" in post or "del" in post):
        rows = forms.OfficerSet(_other_people(post.dict()), prefix="p")
        return render(
            request,
            "grants/applications/officers.html",
            {**frame(application), **asked, "rows": rows, "there": there, "plain": True},
        )
    typed = (
        None
        if post is None
        else counted({"p-TOTAL_FORMS": "", "p-INITIAL_FORMS": ""} | post.dict())
    )
    known = [{"name": firm.representative_name}] if firm.representative_name else None
    rows = forms.OfficerSet(typed, prefix="p", initial=None if there.people else known)
    tried = Tried(status=422 if post else 200)
    if post is not None and rows.is_valid():
        people = [
            Officer(
                name=row["name"],
                kana=row["kana"],
                born_on=row["born_on"].isoformat(),
                sex=row["sex"],
                address=row["address"],
            )
            for row in rows.cleaned_data
            if row
        ]
        with trying() as tried:
            officer_list.save(application, people, seen=post.get("seen", ""))
        if tried.is_done:
            return redirect(
                section_url(application.case.number, next_section(application, "officers"))
            )
        there = officer_list.of(application)
    return render(
        request,
        "grants/applications/officers.html",
        {**frame(application), **asked, "rows": rows, "there": there, "reasons": tried.reasons},
        status=tried.status,
    )
