"""The record of a selection: frozen at the first decision, the same afterwards, and read by whom."""

import hashlib

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from grants.applications.models import Application
from grants.programmes.models import Call
from grants.reviews import recording, told
from grants.reviews.models import Review
from grants.reviews.records import SelectedRow, SelectionRecord
from portal.audit import rows
from portal.cases import interests
from portal.cases.models import Case
from portal.workflow.door import perform
from tests.conftest import World
from tests.grants.test_deciding import reviewed
from tests.markup import one_line
from tests.portal.test_audit import around_triggers


def test_the_record_is_kept_as_it_was_at_the_first_decision(world: World) -> None:
    panel, (first, second) = reviewed(world, 2)
    assert not SelectionRecord.objects.exists()
    with world.after_intake(panel.call):
        world.decided("award", [first])
        record = SelectionRecord.objects.get()
        before = [row.said for row in record.rows.all()]
        world.decided("reject", [second], {"reason": "点が足りない"})
    assert [row.said for row in SelectionRecord.objects.get().rows.all()] == before
    assert record.decided_by == world.director
    assert record.said["panels"][0]["minutes"] == "x"
    one = before[0]
    assert one is not None
    assert (one["number"], one["rank"], one["state"], one["score"]) == (
        first.case.number,
        1,
        "reviewed",
        "80.00",
    )
    assert {review["reviewer"] for review in one["reviews"]} == {
        world.staff["reviewer"].name,
        world.staff["second_reviewer"].name,
    }
    names = [c.name.ja for c in panel.call.stated.criteria]
    points = [tuple(given) for given in one["reviews"][0]["points"]]
    assert points == [(name, 4, 5, "根拠がある") for name in names]


def test_what_did_not_stand_in_it_gets_a_further_record(world: World) -> None:
    panel, (first,) = reviewed(world)
    later, _person = world.submitted("dx_promotion")
    with world.after_intake(panel.call):
        world.decided("award", [first])
        Application.objects.filter(pk=later.pk).update(
            state="reviewed"
        )  # corrected and scored late
        world.decided("award", [Application.objects.get(pk=later.pk)])
    one, two = SelectionRecord.objects.all()
    assert [tuple(row) for row in one.said["beside"]] == [(later.case.receipt_number, "submitted")]
    assert [[row.application_id for row in record.rows.all()] for record in (one, two)] == [
        [first.pk],
        [later.pk],
    ]


def test_interests_and_absences_are_kept_with_their_words(world: World) -> None:
    panel, (application,) = reviewed(world)
    mine = Review.objects.get(application=application, reviewer=world.staff["reviewer"])
    perform(mine, "recuse", by=mine.reviewer, reason="教え子の会社")
    with world.after_intake(panel.call):
        world.decided("award", [Application.objects.get(pk=application.pk)])
    row = SelectionRecord.objects.get().rows.get().said
    assert row is not None
    found = {r["reviewer"]: (r["state"], r["total"], r["why"]) for r in row["reviews"]}
    assert found == {
        mine.reviewer.name: ("recused", None, "教え子の会社"),
        world.staff["second_reviewer"].name: ("scored", "80.00", ""),
    }


def test_where_arrival_decides_there_is_no_selection(world: World) -> None:
    application, _person = world.accepted()
    world.decided("award", [application])
    assert not SelectionRecord.objects.exists()


def test_a_lottery_has_no_ranks_before_its_draw_and_shows_the_draw_after_it(
    world: World, client: Client
) -> None:
    call = world.calls["iot"] = world.call("iot")
    application, _person = world.accepted("iot")
    client.force_login(world.officer)
    page = reverse("ranking", args=[call.pk])
    with world.after_intake(call):
        text = one_line(client.get(page))
        assert ("抽選の前なので" in text, "予算内" in text) == (True, False)
        assert application.case.organisation.name not in text
        call = perform(call, "select", by=world.officer)
        text = one_line(client.get(page))
        assert ("予算内" in text, call.seed in text) == (True, True)
        assert application.case.organisation.name in text
        world.decided("award", [Application.objects.get(pk=application.pk)])
        record = SelectionRecord.objects.get()
    assert (record.said["seed"], record.said["seed_hash"]) == (call.seed, call.seed_hash)
    row = record.rows.get().said
    assert row is not None
    assert row["lot"][:12] in one_line(client.get(record.get_absolute_url()))


def test_a_kept_record_does_not_change_and_a_change_is_found(world: World) -> None:
    panel, (first,) = reviewed(world)
    with world.after_intake(panel.call):
        world.decided("award", [first])
    assert (recording.first_fault(), rows.fault_of_rows()) == ("", "")
    row = SelectedRow.objects.get()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SelectedRow.objects.filter(pk=row.pk).update(facts=row.facts | {"rank": 2})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        SelectionRecord.objects.update(facts={"frame": "x"})
    around_triggers(
        "UPDATE grants_reviews_selectedrow SET facts = jsonb_set(facts, '{rank}', '2') WHERE id = %s",
        row.pk,
    )
    assert recording.first_fault() == f"grants_reviews.SelectedRow {row.pk}: its facts were changed"


def test_the_office_reads_the_record_and_has_it_as_a_paper(world: World, client: Client) -> None:
    panel, (first, second) = reviewed(world, 2)
    with world.after_intake(panel.call):
        world.decided("award", [first, second])
    record = SelectionRecord.objects.get()
    client.force_login(world.officer)
    for page in (reverse("ranking", args=[panel.call_id]), panel.call.get_absolute_url()):
        assert record.get_absolute_url() in one_line(client.get(page))
    text = one_line(client.get(record.get_absolute_url()))
    for words in (first.case.organisation.name, "根拠がある", "80.00", world.director.name):
        assert words in text
    paper = client.get(reverse("selection_record_pdf", args=[record.pk]))
    assert (paper.status_code, paper["Content-Type"]) == (200, "application/pdf")
    client.force_login(world.staff["reviewer"])
    assert client.get(record.get_absolute_url()).status_code == 403


def test_whoever_has_an_interest_reads_the_others_alone(world: World, client: Client) -> None:
    panel, (first, second) = reviewed(world, 2)
    with world.after_intake(panel.call):
        world.decided("award", [first, second])
    record = SelectionRecord.objects.get()
    interests.declare(Case.objects.get(pk=first.case_id), by=world.officer, detail="兄の会社")
    shown = told.rows_for(record, world.officer)
    assert [row.said is None for row in shown] == [True, False]
    client.force_login(world.officer)
    text = one_line(client.get(record.get_absolute_url()))
    assert first.case.organisation.name not in text
    assert "表示できない申請が1件あります" in text


def test_anybody_reads_the_order_of_a_draw_and_can_repeat_it(world: World, client: Client) -> None:
    call = world.call("iot", round_no=7)
    rows = [world.accepted(call=call)[0] for _n in range(3)]
    gone, person = world.accepted(call=call)
    perform(gone, "withdraw", by=person)
    page = one_line(client.get(call.public_url))
    assert "抽選の順番" not in page
    assert rows[0].case.receipt_number not in page
    with world.after_intake(call):
        call = perform(Call.objects.get(pk=call.pk), "select", by=world.officer)
    assert hashlib.sha256(call.seed.encode()).hexdigest() == call.seed_hash
    numbers = [row.case.receipt_number for row in (*rows, gone)]
    values = {n: hashlib.sha256(f"{call.seed}{n}".encode()).hexdigest() for n in numbers}
    wanted = sorted(numbers, key=lambda n: values[n])
    page = one_line(client.get(call.public_url))
    places = [page.index(f">{n}<") for n in wanted]
    assert places == sorted(places)
    assert all(values[n][:12] in page for n in numbers)
    assert not any(row.case.organisation.name in page for row in rows)
