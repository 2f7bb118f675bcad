"""What a page answers when it writes: 302 once it is done; else the page again, with what was typed
and the reasons: 422 for what is missing or wrong, 409 where somebody else was first, 403 where the
person may not.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, TypeVar, cast

from django.contrib import messages
from django.db.models import Model
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _lazy

from portal import clock, sentences
from portal.types import Given, Text
from portal.workflow.errors import Forbidden, Overtaken, Refused, Stale, TooLong
from portal.workflow.sent_forms import NotDone, demand_first

Made = TypeVar("Made")


class HasPage(Protocol):
    """A row with a page of its own."""

    def get_absolute_url(self) -> str: ...


class HasVersion(Protocol):
    version: int


STORAGE_AWAY = _lazy("いま書類の保管庫につながりません。数分後にもう一度お試しください。")

# Where a page goes on: a row's page, an address, or the name of one.
Way: TypeAlias = str | HasPage


@dataclass
class Tried:
    """What became of a write: why it was refused (empty: it is done), the status that says so, and
    where another screen was first: name → (what is kept, what was typed).
    """

    reasons: list[str] = field(default_factory=list)
    status: int = 200
    differences: dict[str, tuple[str, str]] = field(default_factory=dict)
    is_too_long: bool = False

    @property
    def is_done(self) -> bool:
        return self.status == 200


@contextmanager
def trying(*, away: Text = "") -> Iterator[Tried]:
    """Around a write: a refusal ends the block and is kept in what it gives.

    `away`: what is said where the write needs the document storage, and that cannot be reached.
    """
    tried = Tried()
    try:
        yield tried
    except Refused as refused:
        tried.reasons = refused.reasons
        tried.status = (
            409 if isinstance(refused, Stale) else 403 if isinstance(refused, Forbidden) else 422
        )
        tried.is_too_long = isinstance(refused, TooLong)
        tried.differences = refused.differences if isinstance(refused, Overtaken) else {}
    except OSError:
        if not away:
            raise
        tried.reasons, tried.status = [str(away)], 422


def autosaved(keep: Callable[[], HasVersion]) -> JsonResponse:
    """What a page that saves while one types is told: the version that is kept now, and when; 409
    with the reasons where it could not be kept, 413 where it is to be shortened first.
    """
    with trying() as tried:
        kept = keep()
    if not tried.is_done:
        status = 413 if tried.is_too_long else 409
        return JsonResponse({"message": sentences.joined(tried.reasons)}, status=status)
    at = f"{clock.now().astimezone(clock.JST):%H:%M}"
    return JsonResponse({"version": kept.version, "saved_at": at})


def write(
    request: HttpRequest,
    form: BaseForm,
    save: Callable[[Given], Made],
    *,
    template: str,
    context: Mapping[str, object] | Callable[[], Mapping[str, object]],
    done: Text | Callable[[Made], Text] = "",
    then: Way | Callable[[Made], Way] | None = None,
    once: bool = False,
) -> HttpResponse:
    """A page that is one form: save what a valid one brings and go to `then` (or to what was made);
    otherwise the page again.

    `done`: what is said then; `context` may be a function, `done` and `then` such of what
    was made. `once`: each time another record is made, so that a page makes one without asking back.
    """
    tried = Tried(status=422 if form.errors else 200)
    if form.is_bound and form.is_valid():
        with trying() as tried:
            if once:
                demand_first(request)
            made = save(form.cleaned_data)
        if tried.is_done:
            _say(request, done(made) if callable(done) else done)
            return redirect(_way(then, made) or cast("HasPage", made))
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
    save: Callable[[Given], Made],
    *,
    title: Text,
    about: Model | Text,
    back: str,
    done: Text | Callable[[Made], Text] = "",
) -> HttpResponse:
    """A small form that stands on another page: save what a valid one brings and go `back`;
    otherwise a page of its own, where what was typed still stands. `about`: the row it is about, or
    the name of the page that it stands on.
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
    act: Callable[[], Made],
    *,
    back: Way,
    done: Text | Callable[[Made], Text] = "",
    then: Way | Callable[[Made], Way] | None = None,
) -> HttpResponse:
    """A button of a page: do it and go to `then`; refused, back with the reasons."""
    with trying() as tried:
        made = act()
    if tried.is_done:
        _say(request, done(made) if callable(done) else done)
        return redirect(_way(then, made) or back)
    return turn_back(request, tried.reasons, back)


def turn_back(request: HttpRequest, reasons: Iterable[Text], back: Way) -> HttpResponse:
    """Back to the page with the reasons; whoever presses the same button again is asked anew."""
    messages.error(request, sentences.joined(reasons))
    return NotDone(redirect(back).url)


def _way(then: Way | Callable[[Made], Way] | None, made: Made) -> Way | None:
    return then(made) if callable(then) else then


def _say(request: HttpRequest, text: Text) -> None:
    if text:
        messages.success(request, text)
