"""What a list of the office is sorted by, or found by, lies under an index: two hundred thousand cases are
neither sorted nor read through for a page.
"""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client

from portal import clock
from portal.accounts.models import Organisation
from portal.cases import columns, labels, listing
from portal.cases.models import Case, Reading
from tests.conftest import World


def plan(rows: QuerySet) -> str:  # type: ignore[type-arg]  # of any model
    """How PostgreSQL finds them where reading all and sorting them costs it dear."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
        cursor.execute("SET LOCAL enable_bitmapscan = on")
    return rows.explain()


@pytest.mark.parametrize("down", [False, True])
@pytest.mark.parametrize("name", [c.name for c in columns.COLUMNS])
def test_a_column_of_the_list_is_sorted_by_its_index(world: World, name: str, down: bool) -> None:
    rows = columns.ordered(Case.objects.filter(is_draft=False), f"-{name}" if down else name)
    found = plan(rows.select_related("organisation")[:61])
    head = found.partition("\n")[2].lstrip(" ->").partition(" ")[0]
    assert head in ("Index", "Nested", "Incremental"), found
    assert "Seq Scan" not in found


def test_the_newest_readings_are_read_in_their_order(world: World) -> None:
    case = world.submitted()[0].case
    Reading.note(world.officer, "case.open", case)
    auditor = world.staff["auditor"]
    found = plan(listing.readings(auditor, {})[:100])
    assert "cases_reading_newest" in found
    assert "Index Cond: (id = portal_cases_reading.case_id)" in found, found


def test_older_readings_are_reached_by_their_day(world: World) -> None:
    case = world.submitted()[0].case
    long_ago = clock.now() - timedelta(days=9)
    Reading.objects.create(person=world.officer, what="case.open", case=case, at=long_ago)
    Reading.note(world.approver, "case.open", case)
    client = Client()
    client.force_login(world.staff["auditor"])
    day = clock.today() - timedelta(days=5)
    rows = client.get("/readings/", {"until": day.isoformat()}).context["rows"]
    assert [row.person for row in rows] == [world.officer]
    assert client.get("/readings/", {"until": clock.today().isoformat()}).context[
        "page"
    ].paginator.count == len(client.get("/readings/").context["rows"])


def test_a_firm_is_found_by_any_part_of_its_name(world: World) -> None:
    firm = world.submitted()[0].case.organisation
    firm.name = "ﾎｸﾄ 雪まつり製菓"
    firm.save()
    number = firm.corporate_number or ""
    assert list(Organisation.objects.named(f"{number[:4]}-{number[4:]}")) == [firm]
    for text in ("雪", "雪ま", "まつり製菓", "ホクト雪まつり製菓", "ほくと"):
        assert list(Organisation.objects.named(text)) == [firm], text
    for text in ("雪り", "製菓雪", "まつり製薬"):
        assert not Organisation.objects.named(text).exists(), text
    found = plan(Organisation.objects.named("まつり"))
    assert "accounts_firm_name_pairs" in found


def test_words_of_a_call_are_looked_for_among_its_labels(world: World, client: Client) -> None:
    first, second = world.submitted()[0].case, world.submitted()[0].case
    Case.objects.filter(pk=first.pk).update(call_label="令和8年度 第1回 AbC")
    Case.objects.filter(pk=second.pk).update(call_label="令和8年度 第12回")
    world.draft()
    assert labels.with_words("第1") == ["令和8年度 第12回", "令和8年度 第1回 AbC"]
    assert labels.with_words("1回 aBc") == ["令和8年度 第1回 AbC"]
    assert labels.with_words("第1%") == labels.with_words("第3回") == []
    client.force_login(world.officer)
    rows = client.get("/cases/", {"call": "第1回"}).context["page"]
    assert list(rows) == [first]
    assert not client.get("/cases/", {"call": "第3回"}).context["page"].object_list
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {labels.EACH}", ["第1回"])
        found = "\n".join(line for (line,) in cursor.fetchall())
    assert re.search("Index Only Scan .*_call_label", found), found
    assert "Seq Scan" not in found
