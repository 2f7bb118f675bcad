"""Several querysets in one trip give what each gives by itself."""

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep
from unittest.mock import Mock

import pytest
from django.db import connection
from django.db.models import Count, Model, Prefetch, QuerySet, Sum
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from grants.applications.models import Application, ApplicationVersion, Check
from grants.programmes.models import Call
from portal import clock
from portal.cases.lookups import OfCase, fill_together
from portal.cases.models import Case, Turn
from portal.registry.models import Corporation
from portal.together import Standing, together
from tests.conftest import World

CHECKS = Prefetch("checks", Check.objects.select_related("checked_by").order_by("-kind"))

OTHERWISE = Prefetch("versions", to_attr="frozen")


@pytest.fixture
def cases(world: World) -> list[Case]:
    return [world.submitted()[0].case for _ in range(2)]


def test_every_kind_of_queryset_gives_the_same_rows_in_one_trip(
    cases: list[Case], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    applications = Application.objects.filter(case__in=cases)
    asked: list[QuerySet[Model, object]] = [
        applications.select_related("case__organisation").order_by("-pk"),
        applications.values_list("pk", "case__number").order_by("pk"),
        applications.values_list("pk", flat=True).order_by("-pk")[:1],
        applications.annotate(n=Count("versions")).filter(n=1).order_by("pk"),
        applications.values_list("call", flat=True).order_by("pk").distinct(),
        Turn.objects.filter(case__in=[]),
        Turn.objects.filter(what="100% of \u0027what\u0027 %s"),
        Case.objects.filter(pk__in=[case.pk for case in cases]).order_by("pk"),
    ]
    expected = [list(queryset.all()) for queryset in asked]
    with django_assert_num_queries(1), together() as ask:
        found = [ask(queryset.all()) for queryset in asked]
    assert found == expected
    (first, *_others) = found[0]
    with django_assert_num_queries(0):
        assert isinstance(first, Application)
        assert first.case.organisation.name


def test_what_hangs_on_the_rows_comes_along_as_django_would_bring_it(
    cases: list[Case], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    rows = Application.objects.filter(case__in=cases).order_by("pk").select_related("call")
    rows = rows.prefetch_related("versions", CHECKS, "call__periods", "case__turns")
    expected = [_hanging(row) for row in rows]
    with django_assert_num_queries(2), together() as ask:  # the second: under another name
        found = ask(rows.prefetch_related("case__organisation", OTHERWISE))
    with django_assert_num_queries(0):
        assert [_hanging(row) for row in found] == expected
        assert [row.__dict__["frozen"] for row in found] == [first for first, *_rest in expected]
        assert all(row.case.organisation.name for row in found)
        assert [version.application for row in found for version in row.versions.all()] == found
    assert all(row.versions.filter(n=1).exists() for row in found)  # still a manager


def _hanging(row: Application) -> tuple[list[object], ...]:
    return (
        list(row.versions.all()),
        list(row.checks.all()),
        list(row.call.periods.all()),
    )


def test_a_standing_question_is_made_once_and_answered_for_each_key(
    cases: list[Case], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def rows(key: object) -> QuerySet[Application]:
        found = Application.objects.filter(case__in=[key]).select_related("call")
        return found.prefetch_related("versions", CHECKS, "call__periods", "case__turns", OTHERWISE)

    asked_for = Mock(side_effect=rows)
    standing = Standing(asked_for)
    for case in cases:
        (expected,) = rows(case.pk)
        with django_assert_num_queries(2), together() as ask:  # the second: under another name
            found, none = ask.of(standing, case.pk), ask.of(standing, 0)
        assert (found, none) == ([expected], [])
        with django_assert_num_queries(0):
            hanging = _hanging(found[0])
        assert hanging == _hanging(expected)
        assert found[0].__dict__["frozen"] == hanging[0] != []
    asked_for.assert_called_once()


def test_two_threads_ask_the_same_question_of_their_own_connections(cases: list[Case]) -> None:
    standing = Standing(lambda key: Turn.objects.filter(case__in=[key]))
    first, second = standing.about(1), standing.about(2)
    assert first.statement
    assert second.statement
    assert first.statement.compiler is not second.statement.compiler
    assert first.queryset.query is not second.queryset.query
    assert first.statement.params != second.statement.params
    made = [each.statement for each in next(iter(standing.made.values())).whole()]
    assert [statement and statement.compiler.connection for statement in made] == [None]


def test_many_threads_that_ask_a_question_first_get_the_same_statement(db: None) -> None:
    def slow(key: object) -> QuerySet[Turn]:
        sleep(0.01)
        return Turn.objects.filter(case__in=[key]).select_related("person").prefetch_related("case")

    asked_for = Mock(side_effect=slow)
    standing = Standing(asked_for)
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(standing.about, range(1, 33)))
    asked_for.assert_called_once()
    assert len({each.statement and each.statement.sql for each in found}) == 1
    assert [each.statement and [*each.statement.params] for each in found] == [
        [n] for n in range(1, 33)
    ]


def _standing() -> dict[str, OfCase[Model]]:
    """All that rooms know of a case by its key."""
    return {
        f"{module}.{name}": thing
        for module, loaded in list(sys.modules.items())
        if module.startswith(("portal.", "grants.", "startups.", "reports."))
        for name, thing in vars(loaded).items()
        if isinstance(thing, OfCase)
    }


def test_what_a_room_asks_of_a_case_is_the_same_whenever_and_in_whatever_language(db: None) -> None:
    """Its statements are made once in a process."""
    later = clock.now() + timedelta(days=400)
    for name, of_case in _standing().items():
        now = of_case._sharing([7]).query.sql_with_params()
        with clock.at(later), override("en"):
            assert of_case._sharing([7]).query.sql_with_params() == now, name


def test_totals_are_those_of_aggregate(cases: list[Case]) -> None:
    rows, nothing = Application.objects.filter(case__in=cases), Application.objects.filter(pk=0)
    yen = Sum("requested_amount", default=0)
    with together() as ask:
        total, none = ask.totals(rows, yen=yen, n=Count("pk")), ask.totals(nothing, yen=yen)
        counted, uncounted = ask.count(rows.select_related("case")), ask.count(nothing)
    assert total() == rows.aggregate(yen=yen, n=Count("pk"))
    assert (none(), counted(), uncounted()) == ({"yen": 0}, 2, 0)


def test_a_queryset_that_was_asked_is_free_to_go_on(cases: list[Case]) -> None:
    rows = Call.objects.order_by("pk")
    with together() as ask:
        found = ask(rows)
    assert list(rows.filter(pk=found[-1].pk)) == [found[-1]]


def test_what_a_case_has_nothing_of_is_not_asked(cases: list[Case]) -> None:
    one = OfCase(ApplicationVersion.objects.all, "application__case")
    firms = OfCase(Corporation.objects.all, "number", "organisation.corporate_number")
    turns = OfCase(Turn.objects.all)
    Turn.objects.all().delete()
    for case in cases:
        case.memo = {}
    with CaptureQueriesContext(connection) as asked:
        fill_together(cases, [one, firms, turns, one])
        assert [[row.application.case_id for row in one.all(case)] for case in cases] == [
            [case.pk] for case in cases
        ]
        assert [turns.all(case) for case in cases] == [[], []]
    assert sum('FROM "portal_cases_turn"' in query["sql"] for query in asked) == 1
    assert len(asked) == 2 + 2  # the last are `row.application` of each
    cases[0].memo = None  # as inside a door: read anew each time
    assert one.first(cases[0]) is not one.first(cases[0])
