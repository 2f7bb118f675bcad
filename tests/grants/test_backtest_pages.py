"""The pages of a back-test: who opens them, what they say, what is kept of it, what the file holds, and how much
they ask of the database.
"""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.applications import drafts, submit
from grants.applications.models import Application, ApplicationVersion
from grants.applications.said_facts import of_version
from grants.awards import assessing
from grants.backtest import cases
from grants.programmes.models import Programme, Sketch
from portal import clock
from portal.accounts.models import StaffRole, User
from portal.cases import interests
from portal.cases.models import Case, Reading
from portal.workflow.door import perform
from tests.beginning import begins
from tests.conftest import World, set_costs
from tests.grants.test_sketches import TELEWORK, sketched, telework
from tests.ledger import all_clear

LOWER = TELEWORK.replace("cap = 400000", "cap = 150000", 1)


def three(world: World) -> list[Application]:
    """Awarded as reckoned, awarded with a cut of its costs, and accepted: each 300,000 yen applied for."""
    found = []
    for _n in range(3):
        application, person = world.draft()
        set_costs(application, person, 450_000)
        application = submit.submit(application, by=person)
        all_clear(application, by=world.officer)
        found.append(perform(application, "accept", by=world.officer))
    assessing.assess(found[1], [(300_000, "対象外の機器")], by=world.officer)
    for application in found[:2]:
        world.decided("award", [Application.objects.get(pk=application.pk)])
    return found


def lowered(world: World) -> Sketch:
    return perform(sketched(world), "write", by=world.officer, text=LOWER)


def address(about: Sketch | Programme, kind: str = "") -> str:
    name = "sketch" if isinstance(about, Sketch) else "programme"
    return reverse(f"{name}_past{kind}", args=[about.pk])


def table(client: Client, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    text = b"".join(answer) if answer.streaming else answer.content
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))


@begins(three)
def test_the_page_of_a_sketch_says_what_would_be_otherwise(world: World, client: Client) -> None:
    first, _second, third = world.begun(three)
    sketch = lowered(world)
    client.force_login(world.officer)
    assert address(sketch) in client.get(sketch.get_absolute_url()).content.decode()
    page = client.get(address(sketch)).content.decode()
    for words in ("500,000", "300,000", "額が減る", "内部の検討資料", "補助上限額による額", "2件"):
        assert words in page, words
    assert first.case.organisation.name in page
    assert third.case.organisation.name not in page
    assert "まだ決定のない申請1件" in page


@begins(three)
def test_a_revision_that_is_in_force_changes_nothing(world: World, client: Client) -> None:
    world.begun(three)
    client.force_login(world.officer)
    revision = telework()
    assert address(revision) in client.get(revision.get_absolute_url()).content.decode()
    page = client.get(address(revision)).content.decode()
    assert "どの申請も、当時の決定と同じです。" in page
    rows = table(client, address(revision, "_csv"))
    told = [row for row in rows if row["受付番号"]]
    assert {row["違い"] for row in told} == {"当時と同じ", "まだ決定がない"}
    of_decided = [row for row in told if row["当時の結果"] == "交付決定"]
    assert [row["当時の決定額（円）"] for row in of_decided] == ["300000", "200000"]
    assert [row["この版での額（円）"] for row in of_decided] == ["300000", "200000"]


@begins(three)
def test_the_file_holds_every_case_and_what_is_to_be_kept_in_mind(
    world: World, client: Client
) -> None:
    applications = world.begun(three)
    client.force_login(world.officer)
    rows = table(client, address(lowered(world), "_csv"))
    told = {row["受付番号"]: row for row in rows if row["受付番号"]}
    assert set(told) == {application.case.receipt_number for application in applications}
    row = told[applications[0].case.receipt_number]
    assert [row[name] for name in ("違い", "この版での結果", "この版での額（円）")] == [
        "額が減る",
        "交付",
        "150000",
    ]
    assert any("内部の検討資料" in row["公募回"] for row in rows)
    kept = Reading.objects.filter(person=world.officer, what="backtest.export").order_by("pk")
    assert kept[0].case is None
    assert {row.case for row in kept[1:]} == {one.case for one in applications}
    workbook = client.get(address(Sketch.objects.get(), "_xlsx"))
    assert b"".join(workbook)[:2] == b"PK"


@begins(three)
def test_it_is_open_to_whoever_may_write_the_programme_alone(world: World, client: Client) -> None:
    world.begun(three)
    sketch, revision = lowered(world), telework()
    ways = [address(one, kind) for one in (sketch, revision) for kind in ("", "_csv", "_xlsx")]
    for person in (world.approver, world.staff["auditor"], world.staff["reviewer"]):
        client.force_login(person)
        assert [client.get(way).status_code for way in ways] == [403] * 6, person
        assert address(revision) not in client.get(revision.get_absolute_url()).content.decode()
    client.force_login(world.outsider)
    assert {client.get(way).status_code for way in ways} <= {403, 404}
    person = world.staff["second_reviewer"]  # of another programme alone
    StaffRole.objects.create(
        person=person,
        role="programme_officer",
        programme_code="iot",
        granted_by=world.officer,
        starts_on=clock.today(),
    )
    client.force_login(User.objects.get(pk=person.pk))
    assert [client.get(way).status_code for way in ways] == [403] * 6
    assert not Reading.objects.filter(what="backtest.export").exists()


@begins(three)
def test_a_case_in_which_the_officer_has_an_interest_is_in_no_row_and_no_sum(
    world: World, client: Client
) -> None:
    first, *_others = world.begun(three)
    interests.declare(first.case, by=world.officer, detail="親族の会社")
    client.force_login(world.officer)
    sketch = lowered(world)
    page = client.get(address(sketch)).content.decode()
    assert first.case.organisation.name not in page
    assert "表示できない申請1件" in page
    rows = table(client, address(sketch, "_csv"))
    assert first.case.receipt_number not in {row["受付番号"] for row in rows}


def test_without_cases_and_with_faults_it_says_so(world: World, client: Client) -> None:
    client.force_login(world.officer)
    sketch = sketched(world)
    assert "過去の申請がまだありません" in client.get(address(sketch)).content.decode()
    perform(sketch, "write", by=world.officer, text='code = "telework"\n')
    page = client.get(address(sketch)).content.decode()
    assert "まだ計算できません" in page
    assert client.get(address(sketch, "_csv")).status_code == 302


@begins(three)
def test_more_cases_than_one_run_takes_are_not_reckoned(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.begun(three)
    monkeypatch.setattr(cases, "MOST", 2)
    client.force_login(world.officer)
    page = client.get(address(telework())).content.decode()
    assert "2件まで" in page
    assert "この版での交付" not in page


def copied(application: Application, numbers: range) -> None:
    """The same case again, as far as a back-test reads it."""
    version, case = application.last_version, application.case
    assert version is not None
    of_case = {field.attname: getattr(case, field.attname) for field in Case._meta.fields}
    of_row = {f.attname: getattr(application, f.attname) for f in Application._meta.fields}
    for n in numbers:
        told = {
            "id": None,
            "number": f"X-{n}",
            "receipt_number": f"X-{n}",
            "draft_number": f"XD-{n}",
        }
        made = Case.objects.create(**of_case | told)
        row = Application(**of_row | {"id": None, "case_id": made.pk})
        Application.objects.bulk_create([row])
        ApplicationVersion.objects.create(
            application=row,
            n=1,
            content=version.content,
            sha256=version.sha256,
            submitted_at=version.submitted_at,
            submitted_by=version.submitted_by,
        )


@begins(three)
def test_it_asks_as_much_for_two_hundred_cases_as_for_ten(world: World, client: Client) -> None:
    first, *_others = world.begun(three)
    client.force_login(world.officer)
    sketch, asked = lowered(world), []
    for numbers in (range(7), range(7, 197)):
        copied(Application.objects.get(pk=first.pk), numbers)
        for way in (address(sketch), address(sketch, "_csv")):
            client.get(way)  # what is kept once an hour
            with CaptureQueriesContext(connection) as found:
                answer = client.get(way)
            assert answer.status_code == 200
            asked.append(len(found))
    assert (
        len(cases.run(list(cases.calls_of("telework")), telework().stated, world.officer)[0].rows)
        == 200
    )
    assert asked[:2] == asked[2:]


@begins(three)
def test_what_was_frozen_says_the_same_as_the_draft_did(world: World) -> None:
    for application in world.begun(three):
        version = application.last_version
        assert version is not None
        told = of_version(version.content["organisation"], version.content["eligibility"])
        assert told == drafts.facts(Application.objects.get(pk=application.pk))


def test_the_latest_calls_come_first_and_one_can_be_asked_for(world: World) -> None:
    world.submitted()
    with clock.at(clock.now() + timedelta(days=1)):
        second = world.call("telework", round_no=2)
        world.submitted(call=second)
    found = cases.calls_of("telework")
    assert [call.round_no for call in found] == [2, 1]
    assert list(found.values()) == [1, 1]
    assert cases.within(found, str(second.pk)) == [second]
    assert cases.within(found, "x") == list(found)
