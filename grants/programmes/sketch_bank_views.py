"""Questions that other programmes ask: found by words, and taken into a sketch."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from grants.programmes.editing import choosing_from
from grants.programmes.editing.forms import with_row
from grants.programmes.models import Programme, Sketch, said
from grants.programmes.parts import Bilingual
from grants.programmes.questions import Question
from grants.programmes.sketch_views import ENDED, own, written
from grants.programmes.states import ProgrammeState
from portal import jptext
from portal.types import SignedIn, Text
from portal.ui.paging import page_of
from portal.workflow.access import staff
from portal.workflow.door import perform
from portal.workflow.writing import press, turn_back

# what a question means only within its own form
OF_ITS_FORM = {"heading", "only_when"}


@dataclass
class Asked:
    """A question with the programmes that ask it so; `code`: of the first."""

    code: str
    question: Question
    names: list[str] = field(default_factory=list)

    @property
    def label(self) -> str:
        return said(self.question.label)

    @property
    def kind(self) -> Text:
        return choosing_from.LISTED["questions.kind"][self.question.kind]


@staff("programme_officer")
def sketch_bank(request: SignedIn, pk: int) -> HttpResponse:
    sketch = own(request, pk)
    if not sketch.is_live:
        return turn_back(request, [ENDED], sketch)
    if request.method == "POST":
        return _take(request, sketch)
    words = request.GET.get("q", "")
    found = [asked for asked in _asked(sketch) if _says(asked, words)]
    context = {"sketch": sketch, "q": words, "page": page_of(request, found, 30)}
    return render(request, "grants/programmes/sketch_bank.html", context)


def _take(request: SignedIn, sketch: Sketch) -> HttpResponse:
    named = (request.POST.get("code", ""), request.POST.get("key", ""))
    known = {(asked.code, asked.question.key): asked.question for asked in _asked(sketch)}
    if named not in known:
        raise Http404
    row = known[named].model_dump(mode="json", exclude_defaults=True, exclude=OF_ITS_FORM)
    return press(
        request,
        lambda: perform(
            sketch,
            "write",
            by=request.user,
            seen=jptext.whole(request.POST.get("seen", ""), -1),
            text=written(lambda: with_row(sketch.text, ("questions",), row)),
        ),
        back=reverse("sketch_part", args=[sketch.pk, "questions"]) + "#questions",
        done=_("質問を加えました。"),
    )


def _asked(sketch: Sketch) -> list[Asked]:
    """What the others ask in the words of their approved revisions, the same question once."""
    found: dict[tuple[str, str], Asked] = {}
    for code, name, question in _questions(sketch):
        same = (question.label.ja, question.kind)
        found.setdefault(same, Asked(code, question)).names.append(name)
    return list(found.values())


def _questions(sketch: Sketch) -> Iterator[tuple[str, str, Question]]:
    others = Programme.objects.filter(state=ProgrammeState.APPROVED).exclude(code=sketch.code)
    rows = others.values_list("code", "parameters__name", "parameters__questions")
    for code, name, questions in rows:
        for row in questions:
            yield code, said(Bilingual.model_validate(name)), Question.model_validate(row)


def _says(asked: Asked, words: str) -> bool:
    text = jptext.search_key(f"{asked.question.label.ja} {asked.question.label.en}")
    return all(jptext.search_key(word) in text for word in words.split())
