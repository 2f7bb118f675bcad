"""The list of officers that was handed in stands while another is typed: the police are asked with it."""

from datetime import timedelta
from importlib import import_module
from typing import cast

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from grants.applications import formal, inquiring, known, many, officer_list, submit
from grants.applications.check_ledger import Inquiry, OfficerList, OfficersAnew
from grants.applications.content import Officer
from grants.applications.models import Application, Check, SubmissionAttempt
from portal import clock, crypto
from portal.accounts.models import User
from portal.audit.models import Event
from portal.workflow.door import perform
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.grants.test_corrections import typed
from tests.grants.test_inquiry import (
    SOMEBODY,
    answered,
    corrected,
    ledger,
    others_are_clear,
    sent,
)
from tests.markup import one_line


def anew(world: World, *, typed: bool = True) -> tuple[Application, User]:
    """Handed in, and being written anew with another list."""
    application, person = world.submitted()
    application = perform(application, "begin_amending", by=person)
    if typed:
        officer_list.save(application, [SOMEBODY])
    return application, person


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def names(world: World, application: Application) -> list[str]:
    """Whom the file for the police names."""
    rows = inquiring.send([application], addressee="x", ordinance="x", number="", by=world.officer)
    return [row[1] for row in rows]


def people(application: Application) -> list[Officer]:
    found = OfficerList.objects.get(application=application).sealed
    return cast("list[Officer]", crypto.unseal(bytes(found or b"")))


def handed_in(application: Application) -> list[str]:
    return [row["name"] for row in people(application)]


def test_the_police_are_asked_with_the_list_that_was_handed_in(world: World) -> None:
    application, person = anew(world)
    assert names(world, application) == ["三上 健一"]
    perform(fresh(application), "stop_amending", by=person)
    assert (names(world, application), handed_in(application)) == (["三上 健一"], ["三上 健一"])
    assert not OfficersAnew.objects.exists()


@pytest.mark.parametrize("how", ["accept", "withdraw", "conclude"])
def test_however_it_ends_the_list_that_was_handed_in_stands(world: World, how: str) -> None:
    application, person = anew(world)
    answered(world, sent(world, application), "clear")
    others_are_clear(world, application)
    perform(fresh(application), how, by=person if how == "withdraw" else world.officer)
    assert (handed_in(application), OfficersAnew.objects.count()) == (["三上 健一"], 0)
    assert ledger(application).result == "clear"


def test_a_list_that_is_handed_in_anew_is_asked_about_anew(world: World) -> None:
    application, person = anew(world, typed=False)
    answered(world, sent(world, application), "clear")
    officer_list.save(application, [SOMEBODY])
    submit.submit(fresh(application), by=person)
    others_are_clear(world, application)
    row = ledger(application)
    assert (row.result, row.evidence, handed_in(application)) == ("", "", ["別の役員"])
    with pytest.raises(NotReady, match="名簿をまだ取り出していません"):
        formal.check(row, by=world.officer, result="clear", evidence="見た")
    assert known.look_first(fresh(application), "antisocial") != []
    given = {"kinds": ["antisocial"], "evidence": "見た", "unasked": "", "accept": False}
    assert many.CHECKS.look(world.officer, [application.case], given)[application.case_id].reasons
    with pytest.raises(NotReady):
        perform(fresh(application), "accept", by=world.officer)
    assert list(inquiring.to_ask(world.officer)) == [application]
    assert names(world, application) == ["別の役員"]
    assert Event.objects.filter(action__endswith="officer_list.changed").count() == 1


def test_the_same_list_typed_again_changes_nothing(world: World) -> None:
    application, person = anew(world, typed=False)
    was = people(application)
    answered(world, sent(world, application), "clear")
    officer_list.save(application, [SOMEBODY])
    officer_list.save(application, was)
    submit.submit(fresh(application), by=person)
    assert (ledger(application).result, OfficersAnew.objects.count()) == ("clear", 0)


def test_a_list_typed_after_the_first_was_erased_is_asked_about(world: World) -> None:
    application, person = anew(world, typed=False)
    answered(world, sent(world, application), "clear")
    officer_list.save(application, [SOMEBODY])
    assert formal.erase_officer_lists() == 1
    submit.submit(fresh(application), by=person)
    assert formal.erase_officer_lists() == 0
    assert names(world, application) == ["別の役員"]


def test_what_was_typed_is_erased_with_what_ended(world: World) -> None:
    application, _person = anew(world)
    Application.objects.filter(pk=application.pk).update(state="lapsed")
    formal.erase_officer_lists()
    assert not OfficersAnew.objects.exists()


def test_an_answer_about_the_earlier_list_comes_before_the_next_question(world: World) -> None:
    application, person = anew(world)
    inquiry = sent(world, application)
    submit.submit(fresh(application), by=person)
    assert (list(inquiring.to_ask(world.officer)), names(world, application)) == ([], [])
    assert "前の名簿についての" in known.look_first(fresh(application), "antisocial")[0]
    answered(world, inquiry, "clear")
    assert ledger(application).result == ""
    with pytest.raises(NotReady, match="名簿をまだ取り出していません"):
        formal.check(ledger(application), by=world.officer, result="clear", evidence="見た")
    assert names(world, application) == ["別の役員"]
    answered(world, Inquiry.objects.get(result=""), "clear")
    assert ledger(application).result == "clear"


def test_a_list_typed_before_the_question_and_handed_in_after_it_was_not_asked_about(
    world: World,
) -> None:
    application, person = anew(world)
    inquiry = sent(world, application)
    submit.submit(fresh(application), by=person)
    answered(world, inquiry, "clear")
    assert ledger(application).result == ""


@pytest.mark.parametrize("is_amended", [True, False])
def test_nobody_goes_on_over_a_hit_before_the_new_list_is_answered(
    world: World, *, is_amended: bool
) -> None:
    application, person = world.submitted()
    answered(world, sent(world, application), "hit")
    formal.go_on(ledger(application), by=world.director, reason="別人と確かめた")
    if is_amended:
        application = perform(fresh(application), "begin_amending", by=person)
        officer_list.save(application, [SOMEBODY])
        submit.submit(application, by=person)
    else:
        corrected(world, fresh(application), person)
    assert ledger(application).is_open_finding
    with pytest.raises(NotReady, match="役員等の名簿が変わって"):
        formal.go_on(ledger(application), by=world.director, reason="別人と確かめた")
    assert names(world, application) == ["別の役員"]
    with pytest.raises(NotReady, match="役員等の名簿が変わって"):
        formal.go_on(ledger(application), by=world.director, reason="別人と確かめた")
    answered(world, Inquiry.objects.get(result=""), "clear")
    assert ledger(application).result == "concern"
    assert not formal.go_on(
        ledger(application), by=world.director, reason="別人と確かめた"
    ).is_open_finding


def test_a_correction_leaves_the_list_until_it_is_handed_in(world: World) -> None:
    application, person = world.submitted()
    formal.raise_defect(
        application, by=world.officer, part="plan.title", part_label="x", cite="x", text="x"
    )
    application = perform(application, "return_for_correction", by=world.officer)
    officer_list.save(application, [SOMEBODY])
    assert handed_in(application) == ["三上 健一"]
    perform(fresh(application), "withdraw", by=person)
    assert (handed_in(application), OfficersAnew.objects.count()) == (["三上 健一"], 0)


def test_the_pages_name_the_change(world: World, client: Client) -> None:
    application, person = anew(world)
    client.force_login(person)
    number = application.case.number
    for page in ("application_amend_stop", "application_review"):
        said = one_line(client.get(reverse(page, args=[number])))
        assert "提出した一覧（1人）" in said
        assert "入力し直した一覧（1人）" in said
        assert "提出した内容から変わったところはありません" not in said
    submit.submit(fresh(application), by=person)
    client.force_login(world.officer)
    assert "出し直した一覧" in one_line(client.get(application.case.get_absolute_url()))


# -- what lay there before what is typed anew had its own place ---------------------------------------
def typed_over(
    world: World, *, state: str, sent_at: timedelta | None, result: str
) -> tuple[Application, User]:
    """As it lay before: typed over the list that was handed in, an hour ago. `sent_at`: since then."""
    now = clock.now()
    with clock.at(now - timedelta(hours=2)):
        application, person = world.submitted()
    if state == "returned":
        formal.raise_defect(
            application, by=world.officer, part="plan.title", part_label="x", cite="x", text="x"
        )
        application = perform(application, "return_for_correction", by=world.officer)
    elif state == "amending":
        application = perform(application, "begin_amending", by=person)
    saved_at = now - timedelta(hours=1 if state != "handed in" else 3)
    OfficerList.objects.update(
        sealed=crypto.seal([SOMEBODY]),
        people=1,
        saved_at=saved_at,
        sent_at=None if sent_at is None else saved_at + sent_at,
    )
    Check.objects.filter(kind="antisocial").update(
        result=result, evidence="x", checked_by=world.officer, checked_at=now
    )
    return fresh(application), person


def migrated() -> None:
    migration = import_module("grants.applications.migrations.0006_officers_anew")
    migration.fill(apps, None)


@pytest.mark.parametrize("state", ["returned", "amending"])
@pytest.mark.parametrize("hours", [-2, 0.5, None])
def test_what_was_typed_over_goes_beside(world: World, state: str, hours: float | None) -> None:
    since = None if hours is None else timedelta(hours=hours)
    application, person = typed_over(world, state=state, sent_at=since, result="clear")
    migrated()
    beside = OfficersAnew.objects.get(application=application)
    assert crypto.unseal(bytes(beside.sealed or b"")) == [SOMEBODY]
    stands = OfficerList.objects.get(application=application)
    assert (stands.sealed, stands.erased_at is None, stands.came_with) == (None, False, None)
    asked_before = hours == -2
    assert (stands.sent_at is not None, stands.people) == (asked_before, int(asked_before))
    assert ledger(application).result == ("" if hours == 0.5 else "clear")
    assert names(world, application) == []
    if state == "returned":
        typed(application, person, "plan", title="在宅勤務の導入")
    submit.submit(fresh(application), by=person)
    assert (ledger(application).result, handed_in(application)) == ("", ["別の役員"])
    assert names(world, application) == ["別の役員"]


def test_a_list_that_was_handed_in_anew_is_asked_about_whatever_was_found(world: World) -> None:
    application, _person = typed_over(
        world, state="handed in", sent_at=timedelta(hours=-1), result="concern"
    )
    assert list(inquiring.to_ask(world.officer)) == []
    migrated()
    stands = OfficerList.objects.get(application=application)
    assert (stands.sent_at, stands.came_with, OfficersAnew.objects.count()) == (None, 1, 0)
    assert list(inquiring.to_ask(world.officer)) == [application]


def test_what_was_typed_at_the_counter_after_its_paper_came_was_handed_in(world: World) -> None:
    application, _person = typed_over(world, state="returned", sent_at=None, result="")
    SubmissionAttempt.objects.update(arrived_at=clock.now() - timedelta(minutes=5))
    migrated()
    assert (handed_in(application), OfficersAnew.objects.count()) == (["別の役員"], 0)
