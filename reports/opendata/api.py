"""The public read API, version 1: programmes, calls, challenges, releases and their tables.

Every address is described in `described`.
"""

from typing import TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from grants.programmes.models import Call, Programme
from grants.programmes.states import ProgrammeState
from portal.registry.models import Municipality
from portal.workflow.access import anyone
from reports.opendata import described, shapes
from reports.opendata.serving import PageForm, Problem, answer, api, asked, paged
from reports.statistics.models import Release
from reports.statistics.page.releases import newest
from startups.challenges.models import Challenge

M = TypeVar("M", bound=Model)


class SearchForm(PageForm):
    q = forms.CharField(min_length=1, max_length=100, required=False)


class CallForm(SearchForm):
    programme = forms.SlugField(required=False)
    fiscal_year = forms.IntegerField(min_value=2000, max_value=2100, required=False)
    open = forms.ChoiceField(choices=[("true", "true"), ("false", "false")], required=False)


class ChallengeForm(SearchForm):
    municipality = forms.ModelChoiceField(Municipality.objects.all(), required=False)
    open = forms.ChoiceField(choices=[("true", "true"), ("false", "false")], required=False)


class ReleaseForm(PageForm):
    fiscal_year = forms.IntegerField(min_value=2000, max_value=2100, required=False)


@anyone
def docs(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description as a page."""
    return render(
        request,
        "reports/opendata/api.html",
        {"paths": described.listed(), "limit": described.limit()},
    )


@api
def openapi(request: HttpRequest) -> HttpResponse:
    return answer(described.document())


@api
def nothing(request: HttpRequest, rest: str = "") -> HttpResponse:
    raise Problem(404, "Not found", "この接続先（URL）はありません。/api/ に一覧があります。")


@api
def programmes(request: HttpRequest) -> HttpResponse:
    data = asked(request, PageForm)
    return paged(
        request,
        Programme.objects.filter(state=ProgrammeState.APPROVED).order_by("order", "code"),
        data,
        shapes.programme,
    )


@api
def programme(request: HttpRequest, code: str) -> HttpResponse:
    asked(request, forms.Form)
    return answer(
        shapes.programme(get_object_or_404(Programme, code=code, state=ProgrammeState.APPROVED))
    )


@api
def calls(request: HttpRequest) -> HttpResponse:
    data = asked(request, CallForm)
    rows = (
        Call.objects.public()
        .select_related("programme")
        .prefetch_related("periods")
        .order_by("-fiscal_year", "code")
    )
    for name, lookup in (("programme", "programme__code"), ("fiscal_year", "fiscal_year")):
        if data.get(name):
            rows = rows.filter(**{lookup: data[name]})
    if data["q"]:
        rows = rows.search(data["q"])
    return paged(request, _open(rows, Call.objects.open(), data["open"]), data, shapes.call)


def _open(rows: QuerySet[M], open_ones: QuerySet[M], asked_for: str) -> QuerySet[M]:
    """Only those open now ("true"), only those that are not ("false"), or all."""
    if not asked_for:
        return rows
    now = open_ones.values("pk")
    return rows.filter(pk__in=now) if asked_for == "true" else rows.exclude(pk__in=now)


@api
def call(request: HttpRequest, code: str) -> HttpResponse:
    asked(request, forms.Form)
    return answer(
        shapes.call(
            get_object_or_404(
                Call.objects.public().select_related("programme").prefetch_related("periods"),
                code=code,
            )
        )
    )


@api
def challenges(request: HttpRequest) -> HttpResponse:
    data = asked(request, ChallengeForm)
    rows = Challenge.objects.public().order_by("-published_at", "number")
    if data["q"]:
        rows = rows.search(data["q"])
    if data["municipality"]:
        rows = rows.filter(municipality_codes__contains=[data["municipality"].pk])
    return paged(
        request, _open(rows, Challenge.objects.open(), data["open"]), data, shapes.challenge
    )


@api
def challenge(request: HttpRequest, number: str) -> HttpResponse:
    asked(request, forms.Form)
    return answer(shapes.challenge(get_object_or_404(Challenge.objects.public(), number=number)))


@api
def releases(request: HttpRequest) -> HttpResponse:
    data = asked(request, ReleaseForm)
    rows = Release.objects.public()
    if data["fiscal_year"]:
        rows = rows.filter(fiscal_year=data["fiscal_year"])
    return paged(request, rows, data, shapes.release)


def _release(number: str) -> Release:
    """A release by its number, or the one that stands by "latest". Raises Problem 404."""
    found = (
        newest() if number == "latest" else Release.objects.public().filter(number=number).first()
    )
    if found is None:
        raise Problem(404, "No such release", "この番号の公表はありません。")
    return found


@api
def release(request: HttpRequest, number: str) -> HttpResponse:
    asked(request, forms.Form)
    return answer(shapes.release(_release(number)))


@api
def statistics(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Rows of a table; every column of it may be asked for by its value."""
    found = _release(number).tables.filter(name=name).first()
    if found is None:
        raise Problem(404, "No such table", "この名前の表はありません。")
    head = [column for column, _kind in found.columns]
    data = asked(request, PageForm, also=head)
    rows = [dict(zip(head, row, strict=True)) for row in found.rows]
    for column in head:
        if wanted := request.GET.get(column):
            rows = [row for row in rows if _said(row[column]) == wanted]
    return paged(request, rows, data, dict)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
