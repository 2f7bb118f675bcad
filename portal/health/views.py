"""Whether the portal is well, for machines that ask."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from portal.events import Event
from portal.health import asking, metrics
from portal.health.access import has_token, may_read_figures
from portal.health.asking import Answer
from portal.health.ports import probes
from portal.types import Json
from portal.workflow.access import anyone


@anyone
@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """Liveness: the process answers."""
    return JsonResponse({"status": "ok"})


@anyone
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Readiness: may this process be sent visitors?"""
    return _said(asking.answers(of_visitors=True), with_figures=may_read_figures(request))


@anyone
@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """Every probe; figures and ages only for whoever runs the portal."""
    return _said(asking.answers(), with_figures=may_read_figures(request))


@anyone
@require_safe
def metrics_page(request: HttpRequest) -> HttpResponse:
    """What Prometheus reads; for whoever shows no token there is nothing."""
    if not has_token(request):
        raise Http404
    response = HttpResponse(metrics.answer(), content_type=CONTENT_TYPE_LATEST)
    response["Cache-Control"] = "no-store"
    return response


def _said(found: dict[str, Answer], *, with_figures: bool) -> HttpResponse:
    is_red = any(answer.is_red for answer in found.values())
    body: dict[str, Json] = {
        "status": "red" if is_red else "ok",
        "probes": {
            name: _figures(name, answer) if with_figures else answer.word
            for name, answer in found.items()
        },
    }
    response = JsonResponse(body, status=503 if is_red else 200)
    response["Cache-Control"] = "no-store"
    if is_red:
        response.event = Event.HEALTH_RED  # type: ignore[attr-defined]  # for portal/ui/middleware.py
    return response


def _figures(name: str, answer: Answer) -> Json:
    label = probes[name].label
    return {
        "word": answer.word,
        "age_seconds": round(answer.age, 1),
        "figures": {
            f'{metric}{{{label}="{value}"}}' if label else metric: round(figure, 3)
            for (metric, value), figure in answer.figures.items()
        },
    }
