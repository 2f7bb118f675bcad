"""The pages on which a programme is written: a sketch as a whole, part by part, row by row."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST

from grants.programmes import announcing, catalogue
from grants.programmes.editing import document, telling
from grants.programmes.editing.document import Path, value_at
from grants.programmes.editing.forms import PartForm, new_row, with_copy
from grants.programmes.editing.layout import PAGE, PAGES, ROWS, fields_of, page_of
from grants.programmes.editing.shapes import Group, Page, Rows
from grants.programmes.mistakes import Problem
from grants.programmes.models import EDITORS, Programme, Sketch
from portal import jptext
from portal.accounts.permissions import demand
from portal.types import Context, SignedIn
from portal.ui.controls import faults
from portal.ui.in_words import in_words
from portal.workflow.access import staff
from portal.workflow.door import actions, begin, perform
from portal.workflow.errors import NotReady, Overtaken
from portal.workflow.writing import Tried, press, trying, turn_back

ENDED = _lazy("この下書きは、もう終わっています。")
UNWRITABLE = _lazy(
    "この下書きのファイルの書き方では、ここから書き込めません。「ファイルで書く」で直してください。"
)


def own(request: SignedIn, pk: int) -> Sketch:
    """Raises Forbidden for whoever may not write in it."""
    sketch = get_object_or_404(Sketch.objects.select_related("base", "made"), pk=pk)
    demand(request.user, sketch, *EDITORS)
    return sketch


@require_POST
@staff("programme_officer")
def sketch_begin(request: SignedIn, pk: int) -> HttpResponse:
    """Write a revision on screen: in the sketch that there is, else in a new one."""
    programme = get_object_or_404(Programme, pk=pk)
    demand(request.user, programme, *EDITORS)
    live = Sketch.objects.live().filter(code=programme.code).first()
    if live is not None:
        return redirect(live)
    return press(
        request,
        lambda: begin(Sketch, by=request.user, base=programme, seen=programme.version),
        back=programme,
        then=lambda made: made,
    )


@staff("programme_officer")
def sketch_page(request: SignedIn, pk: int) -> HttpResponse:
    """Each part with what is wrong in it, and what can be done with the whole."""
    sketch = own(request, pk)
    if not sketch.is_live:
        return redirect(sketch)
    made, problems = sketch.looked
    parts, elsewhere = telling.by_page(problems)
    context = {
        "sketch": sketch,
        "parts": [
            (page, len(wrong), telling.sentence(wrong[0]) if wrong else page.lead)
            for page, wrong in parts
        ],
        "elsewhere": [telling.sentence(problem) for problem in elsewhere],
        "warnings": announcing.refusals(made) if made is not None else [],
        "count": len(problems),
        "is_read": made is not None,
        "writers": sketch.writers,
        "actions": actions(request.user, sketch),
    }
    return render(request, "grants/programmes/sketch.html", context)


@staff("programme_officer")
def sketch_example(request: SignedIn, pk: int) -> HttpResponse:
    """What the example comes to by the sketch as it stands."""
    sketch = own(request, pk)
    if not sketch.is_live:
        return turn_back(request, [ENDED], sketch)
    made, problems = sketch.looked
    context = {
        "sketch": sketch,
        "is_read": made is not None,
        "count": len(problems),
        "example": catalogue.worked_example(made) if made is not None else None,
    }
    return render(request, "grants/programmes/sketch_example.html", context)


@staff("programme_officer")
def sketch_part(request: SignedIn, pk: int, part: str) -> HttpResponse:
    if part not in PAGE:
        raise Http404
    sketch, page = own(request, pk), PAGE[part]
    here = reverse("sketch_part", args=[sketch.pk, part])
    at = PAGES.index(page)
    before, after = (PAGES[n] if 0 <= n < len(PAGES) else None for n in (at - 1, at + 1))
    go_on = reverse("sketch_part", args=[sketch.pk, after.key]) if after else sketch
    return _edit(
        request,
        sketch,
        page,
        None,
        then=_onward(request, sketch, page) or (go_on if "go_on" in request.POST else here),
        context={"before": before, "after": after},
    )


def _onward(request: SignedIn, sketch: Sketch, page: Page) -> str:
    """To the new row that is asked for by the press that saves the page; else nowhere."""
    about = next((rows for rows in page.rows if rows.path == request.POST.get("add")), None)
    if about is None:
        return ""
    return reverse("sketch_row", args=[sketch.pk, about.path, _count(sketch, about)])


@staff("programme_officer")
def sketch_row(request: SignedIn, pk: int, rows: str, n: int) -> HttpResponse:
    """A row of a list; behind the last one, a new one."""
    sketch = own(request, pk)
    page, about = _rows(rows)
    count = _count(sketch, about)
    if n > count:
        raise Http404
    back = reverse("sketch_part", args=[sketch.pk, page.key]) + f"#{about.path}"
    name = telling.named(about, sketch.stated, n)
    context: Context = {
        "rows": about,
        "n": n,
        "is_new": n == count,
        "title": telling.numbered(about, n),
        "name": name,
    }
    return _edit(request, sketch, page, (about, n), then=back, context=context)


@require_POST
@staff("programme_officer")
def sketch_row_move(request: SignedIn, pk: int, rows: str, n: int) -> HttpResponse:
    """A row one place up or down, taken out, or once more below itself."""
    sketch = own(request, pk)
    page, about = _rows(rows)
    if not sketch.is_live:
        return turn_back(request, [ENDED], sketch)
    ways: dict[str, Callable[[str, Path], str]] = {
        "up": lambda text, path: document.moved(text, path, n, -1),
        "down": lambda text, path: document.moved(text, path, n, 1),
        "out": lambda text, path: document.without_row(text, path, n),
        "copy": lambda text, path: with_copy(text, path, n),
    }
    way = ways.get(request.POST.get("do", ""))
    if way is None or n >= _count(sketch, about):
        raise Http404

    def move() -> Sketch:
        return perform(
            sketch,
            "write",
            by=request.user,
            seen=jptext.whole(request.POST.get("seen", ""), -1),
            text=written(lambda: way(sketch.text, (about.path,))),
        )

    back = reverse("sketch_part", args=[sketch.pk, page.key]) + f"#{about.path}"
    done = {"out": _("消しました。"), "copy": _("複製しました。")}
    words = done.get(request.POST["do"], _("順番を変えました。"))
    return press(request, move, back=back, done=words)


def _rows(name: str) -> tuple[Page, Rows]:
    if name not in ROWS:
        raise Http404
    return ROWS[name]


def _count(sketch: Sketch, about: Rows) -> int:
    held = value_at(sketch.stated, (about.path,))
    return len(held) if isinstance(held, list) else 0


def written(write: Callable[[], str]) -> str:
    """Raises NotReady where the file is laid out so that a page cannot write into it."""
    try:
        return write()
    except document.Unwritable as error:
        raise NotReady(UNWRITABLE) from error


def _edit(
    request: SignedIn,
    sketch: Sketch,
    page: Page,
    row: tuple[Rows, int] | None,
    *,
    then: str | Sketch,
    context: Context,
) -> HttpResponse:
    """The form of a page, or of a row of it: what was typed is kept, right or wrong; nothing is where the
    page showed another text than stands there now.
    """
    if not sketch.is_live:
        return turn_back(request, [ENDED], sketch)
    fields = row[0].fields if row else fields_of(page)
    base: Path = (row[0].path, row[1]) if row else ()
    about = [problem for problem in sketch.problems if _is_here(problem, page, base)]

    def shown() -> PartForm:
        return PartForm(fields=fields, stated=sketch.stated, base=base)

    form, tried = shown(), Tried()
    if request.method == "POST":
        form = PartForm(request.POST, fields=fields, stated=sketch.stated, base=base)
        tried = _keep(request, sketch, form, is_new=row is not None and bool(context["is_new"]))
        if tried.is_done:
            messages.success(request, _("保存しました。"))
            return redirect(then)
    differences = in_words(tried.differences, form)
    if tried.differences:
        form = shown()
    if not form.is_typed and not context.get("is_new"):
        form.tell(about)
    listed = [] if row else telling.lists(page, sketch.stated, sketch.problems)
    at_lists = [
        (f"{found.rows.path}-{one.n}", telling.sentence(problem))
        for found in listed
        for one in found.shown
        for problem in one.problems[:1]
    ] + [
        (found.rows.path, f"{found.rows.label}：{text}") for found in listed for text in found.said
    ]
    return render(
        request,
        "grants/programmes/sketch_row.html" if row else "grants/programmes/sketch_part.html",
        {
            **context,
            "page": page,
            "sketch": sketch,
            "form": form,
            "groups": list(form.groups(page.groups if row is None else [Group("", fields)])),
            "lists": listed,
            "errors": faults(form) + at_lists,
            "reasons": tried.reasons,
            "differences": differences,
            # what a page shows again of what was typed, it shows beside what it showed first
            "seen": request.POST.get("seen", "") if form.is_typed else form.mark,
        },
        status=tried.status,
    )


def _is_here(problem: Problem, page: Page, base: Path) -> bool:
    """Is it about what the form of the page, or of the row at `base`, holds?"""
    if base:
        return problem.path[: len(base)] == base
    of_rows = {rows.path for rows in page.rows}
    found = page_of(problem.path)
    return found is not None and found.key == page.key and problem.path[0] not in of_rows


def _keep(request: SignedIn, sketch: Sketch, form: PartForm, *, is_new: bool) -> Tried:
    if not form.is_valid():
        return Tried(status=422)
    with trying() as tried:
        if request.POST.get("seen") != form.mark:
            differs = form.differences
            if differs:
                raise Overtaken(
                    _("ほかの画面で先に保存されました。違うところを確かめてください。"),
                    saved={name: pair[0] for name, pair in differs.items()},
                    mine={name: pair[1] for name, pair in differs.items()},
                )
        if is_new and form.is_blank:
            raise NotReady(_("まだ何も入力されていません。"))
        text = written(
            lambda: (
                new_row(sketch.text, form.base[:-1], form) if is_new else form.written(sketch.text)
            )
        )
        if text != sketch.text:
            perform(sketch, "write", by=request.user, seen=sketch.version, text=text)
    return tried
