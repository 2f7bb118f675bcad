"""A sketch as a file: taken along, written as text, and put in the place of what there was after a look at
the differences.
"""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from grants.programmes.editing import differing, document
from grants.programmes.models import Sketch
from grants.programmes.sketch_forms import SketchTextForm, SketchUploadForm
from grants.programmes.sketch_views import ENDED, own
from portal.types import Context, SignedIn
from portal.workflow.access import staff
from portal.workflow.door import perform
from portal.workflow.writing import turn_back, write


@staff("programme_officer")
def sketch_file(request: SignedIn, pk: int) -> HttpResponse:
    """Written or uploaded, it is looked at first, and replaces the sketch once that is confirmed."""
    sketch = own(request, pk)
    if not sketch.is_live:
        return turn_back(request, [ENDED], sketch)
    if "replace" in request.POST:
        return _replace(request, sketch)
    initial = {"text": sketch.text, "seen": sketch.version}
    typed = SketchTextForm(request.POST if "look" in request.POST else None, initial=initial)
    sent = SketchUploadForm(*(request.POST, request.FILES) if "upload" in request.POST else ())
    if typed.is_bound and typed.is_valid():
        return _look(request, sketch, typed.cleaned_data["text"], typed.cleaned_data["seen"])
    if sent.is_bound and sent.is_valid():
        return _look(request, sketch, sent.cleaned_data["file"], sketch.version)
    form: forms.Form = sent if sent.is_bound else typed
    context = {"sketch": sketch, "typed": typed, "sent": sent, "form": form}
    status = 422 if form.errors else 200
    return render(request, "grants/programmes/sketch_file.html", context, status=status)


def _look(request: SignedIn, sketch: Sketch, text: str, seen: int) -> HttpResponse:
    form = SketchTextForm(initial={"text": text, "seen": seen})
    return render(request, "grants/programmes/sketch_look.html", _shown(sketch, form, text))


def _shown(sketch: Sketch, form: forms.Form, text: str) -> Context:
    form.fields["text"].widget = forms.HiddenInput()
    return {
        "sketch": sketch,
        "form": form,
        "lines": differing.lines(sketch.text, text),
        "parts": differing.parts(sketch.stated, document.loads(text)),
        "is_same": text == sketch.text,
    }


def _replace(request: SignedIn, sketch: Sketch) -> HttpResponse:
    form = SketchTextForm(request.POST)
    text = form.cleaned_data["text"] if form.is_valid() else sketch.text
    return write(
        request,
        form,
        lambda data: perform(
            sketch, "write", by=request.user, seen=data["seen"], text=data["text"]
        ),
        template="grants/programmes/sketch_look.html",
        context=lambda: _shown(sketch, form, text),
        done=_("ファイルの内容に置きかえました。"),
        then=sketch,
    )


@staff("programme_officer")
def sketch_download(request: SignedIn, pk: int) -> HttpResponse:
    sketch = own(request, pk)
    if not sketch.is_live:
        return turn_back(request, [ENDED], sketch)
    answer = HttpResponse(sketch.text, content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, f"{sketch.code}.toml") or ""
    return answer
