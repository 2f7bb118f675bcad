"""What a page answers when it writes: 302 once it is done; else the page again, with what was typed
and the reasons: 422 for what is missing or wrong, 409 where somebody else was first, 403 where the
person may not.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from portal.types import Given, Row, Text
from portal.workflow.errors import Forbidden, Refused, Stale


@dataclass
class Tried:
    """What became of a write: why it was refused (empty: it is done), and the status that says so."""

    reasons: list[str] = field(default_factory=list)
    status: int = 200

    @property
    def is_done(self) -> bool:
        return self.status == 200


@contextmanager
def trying() -> Iterator[Tried]:
    """Around a write: a refusal ends the block and is kept in what it gives."""
    tried = Tried()
    try:
        yield tried
    except Refused as refused:
        tried.reasons = refused.reasons
        tried.status = (
            409 if isinstance(refused, Stale) else 403 if isinstance(refused, Forbidden) else 422
        )


def write(
    request: HttpRequest,
    form: BaseForm,
    save: Callable[[Given], Row],
    *,
    template: str,
    context: Mapping[str, object] | Callable[[], Mapping[str, object]],
    done: Text | Callable[[Row], Text] = "",
    then: Row = None,
) -> HttpResponse:
    """A page that is one form: save what a valid one brings and go to `then` (or to what was made);
    otherwise the page again.

    `done`: what is said then; `context` may be a function, `done` and `then` such of what
    was made.
    """
    tried = Tried(status=422 if form.errors else 200)
    if form.is_bound and form.is_valid():
        with trying() as tried:
            made = save(form.cleaned_data)
        if tried.is_done:
            _say(request, done(made) if callable(done) else done)
            return redirect((then(made) if callable(then) else then) or made)
    shown = context() if callable(context) else context
    return render(
        request,
        template,
        {**shown, "form": form, "reasons": tried.reasons},
        status=tried.status,
    )


def send(
    request: HttpRequest,
    form: BaseForm,
    save: Callable[[Given], Row],
    *,
    title: Text,
    about: Row,
    back: str,
    done: Text | Callable[[Row], Text] = "",
) -> HttpResponse:
    """A small form that stands on another page: save what a valid one brings and go `back`;
    otherwise a page of its own, where what was typed still stands. `about`: the row it is about.
    """
    return write(
        request,
        form,
        save,
        template="portal/ui/again.html",
        context={"title": title, "about": about, "back": back},
        done=done,
        then=back,
    )


def press(
    request: HttpRequest,
    act: Callable[[], Row],
    *,
    back: Row,
    done: Text | Callable[[Row], Text] = "",
    then: Row = None,
) -> HttpResponse:
    """A button of a page: do it and go to `then`; refused, back with the reasons."""
    with trying() as tried:
        made = act()
    if tried.is_done:
        _say(request, done(made) if callable(done) else done)
        return redirect((then(made) if callable(then) else then) or back)
    messages.error(request, "".join(tried.reasons))
    return redirect(back)


def _say(request: HttpRequest, text: Text) -> None:
    if text:
        messages.success(request, text)
