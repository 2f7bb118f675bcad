"""Open data and the public API, as strangers' programs use them."""

import csv
import io
import json
from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from pytest_django import Settings

from portal import clock
from portal.audit.sealing import seal
from portal.notices.models import Notice
from portal.ui.models import Use
from portal.workflow.door import begin
from reports.opendata import described, threesixty
from reports.statistics.models import Release
from reports.statistics.releasing import building
from tests.conftest import World
from tests.grants import test_payments as payments
from tests.reports.test_releases import YEAR
from tools.demonstration.rooms import challenges as asking


@pytest.fixture
def release(world: World) -> Release:
    payments.fixed(world)
    return building.publish(YEAR, by=world.officer, approved_by=world.approver)


def get(client: Client, path: str, data: dict[str, str] | None = None) -> Any:
    return json.loads(client.get(path, data).content)


# -- downloads -------------------------------------------------------------------------------------
def test_awards_in_360giving_keep_the_rules_of_the_standard(
    release: Release, client: Client
) -> None:
    data = get(client, f"/opendata/{release.number}/awards.360.json")
    assert (threesixty.faults(data), len(data["grants"]), data["version"]) == ([], 1, "1.4")
    grant = data["grants"][0]
    assert grant["id"].startswith("360G-")
    assert set(threesixty.REQUIRED) <= set(grant)
    assert grant["fundingOrganization"] == [{"id": "JP-JCN-9000020011002", "name": "札幌市"}]
    assert "recipientIndividual" not in grant


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"amountAwarded": "12"}, "amount"),
        ({"awardDate": ""}, "awardDate"),
        ({"recipientIndividual": [{}]}, "kind of recipient"),
        ({"id": "x"}, "360G-"),
        ({"recipientOrganization": [{"id": "x"}]}, "lacks id or name"),
    ],
)
def test_what_breaks_the_standard_is_named(change: dict[str, object], words: str) -> None:
    row = {
        "id": "A",
        "programme_name": "制度",
        "call_label": "第1回",
        "awarded_yen": 1,
        "paid_yen": 0,
        "awarded_on": "2026-05-01",
        "ends_on": "2026-09-01",
        "corporate_number": None,
        "name": "架空",
        "address": "",
        "funder": "011002",
        "programme": "p",
        "area": "011100",
    }
    grant = threesixty.grant(row, {}, {}, "2026-06-01T00:00:00+09:00") | change
    package = {"version": "1.4", "issued": "x", "license": "x", "grants": [grant]}
    assert any(words in fault for fault in threesixty.faults(package))


def test_awards_in_the_eight_columns_of_gbizinfo(release: Release, client: Client) -> None:
    text = client.get(f"/opendata/{release.number}/awards.gbizinfo.csv").content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["法人番号", "法人名", "所在地", "認定日", "補助金等", "金額", "対象", "府省"]
    assert (len(rows), len(rows[1]), rows[1][7]) == (2, 8, "札幌市")


def test_the_catalogue_names_every_file_and_each_is_there(release: Release, client: Client) -> None:
    data = get(client, "/opendata/catalog.jsonld")
    addresses = [
        d["dcat:downloadURL"]["@id"]
        for dataset in data["dcat:dataset"]
        for d in dataset["dcat:distribution"]
    ]
    assert len(addresses) > 40
    wrong = {
        a: status
        for a in addresses
        if (status := client.get(a.split("8000", 1)[-1]).status_code) != 200
    }
    assert wrong == {}
    page = client.get("/opendata/").content.decode()
    assert all(f"tables/{name}.parquet" in page for name in release.row_counts)


def test_seals_are_published_as_rows(db: None, client: Client) -> None:
    made = seal()
    rows = list(
        csv.DictReader(io.StringIO(client.get("/opendata/seals.csv").content.decode("utf-8-sig")))
    )
    assert (rows[0]["hash"], rows[0]["day"], get(client, "/opendata/seals.json")["rows"][0][4]) == (
        made.hash,
        made.day.isoformat(),
        made.hash,
    )
    assert client.get("/opendata/seals.exe").status_code == 404


def test_a_notice_is_verified_by_number_and_code(world: World, client: Client) -> None:
    application, _person = world.submitted()
    notice = Notice.objects.get(case=application.case)
    assert client.get("/verify/", {"code": notice.code, "number": notice.number}).status_code == 302
    wrong = client.get("/verify/", {"code": notice.code, "number": "札経産第99999号"})
    assert (wrong.status_code, "本物ではないかもしれません" in wrong.content.decode()) == (
        422,
        True,
    )


def test_before_the_first_release_pages_say_so_and_files_are_not_there(
    db: None, client: Client
) -> None:
    assert "まだ統計を公表していません" in client.get("/statistics/").content.decode()
    assert [
        client.get(path).status_code
        for path in ("/opendata/", "/opendata/catalog.jsonld", "/api/v1/releases/latest")
    ] == [200, 404, 404]


# -- the API ---------------------------------------------------------------------------------------
def test_the_description_is_valid_and_answers_are_as_described(
    release: Release, world: World, client: Client
) -> None:
    asking.published(asking.round_of(world.staff), world.staff, "owner", asking.SNOW)
    document = get(client, "/api/v1/openapi.json")
    validate(document)
    call, challenge = (
        world.calls["telework"].code,
        get(client, "/api/v1/challenges")["data"][0]["number"],
    )
    filled = {
        "{code}": {"programmes": "telework", "calls": call},
        "{number}": {"challenges": challenge, "releases": release.number},
        "{name}": {"releases": "awards"},
    }
    for row in described.ADDRESSES:
        path = row.path
        for hole, by in filled.items():
            path = (
                path.replace(hole, next((value for part, value in by.items() if part in path), ""))
                if hole in path
                else path
            )
        path = path.replace("{id}", f"a0SPR{world.calls['telework'].pk:013}") + (
            "?keyword=補助金" if path.endswith("subsidies") else ""
        )
        answer = client.get(path)
        assert answer.status_code == 200, path
        schema = document["paths"][row.path]["get"]["responses"]["200"]["content"][
            "application/json"
        ]["schema"]
        Draft202012Validator({**schema, "components": document["components"]}).validate(
            json.loads(answer.content)
        )


def test_a_list_is_paged_with_links_and_asks_the_same_queries_for_one_and_three(
    world: World, client: Client
) -> None:
    def queries() -> int:
        client.get("/api/v1/calls")
        with CaptureQueriesContext(connection) as found:
            assert client.get("/api/v1/calls").status_code == 200
        return len(found)

    one = queries()
    world.call("telework", round_no=2)
    world.call("iot")
    assert (queries(), one <= 6) == (one, True)
    answer = client.get("/api/v1/calls?per_page=2&page=1")
    assert 'rel="next"' in answer["Link"]
    body = json.loads(answer.content)
    assert (body["meta"]["total"], body["meta"]["pages"], len(body["data"])) == (3, 2, 2)
    assert {
        row["programme"] for row in get(client, "/api/v1/calls?programme=iot&open=true")["data"]
    } == {"iot"}
    assert get(client, "/api/v1/calls?open=false")["data"] == []


def test_checks_are_said_to_agree_and_only_those_of_the_list_with_their_sums(
    release: Release, client: Client
) -> None:
    checks = get(client, f"/api/v1/releases/{release.number}")["checks"]
    assert all(check["equal"] for check in checks)
    assert {check["what"] for check in checks if "ledger" in check} == {
        "list_awarded_yen",
        "list_paid_yen",
        "list_returned_yen",
    }


def test_drafts_are_in_no_list(world: World, client: Client) -> None:
    building.build(begin(Release, by=world.officer, fiscal_year=YEAR))
    assert get(client, "/api/v1/releases")["data"] == []
    assert client.get(f"/api/v1/releases/{YEAR}-01").status_code == 404
    assert client.get(f"/statistics/releases/{YEAR}-01/tables/awards.csv").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/calls?per_page=101", 400),
        ("/api/v1/calls?per_page=0", 400),
        ("/api/v1/calls?page=x", 400),
        ("/api/v1/calls?page=9999999999", 400),
        ("/api/v1/calls?page=7", 404),
        ("/api/v1/calls?fiscal_year=12", 400),
        ("/api/v1/calls?open=perhaps", 400),
        ("/api/v1/calls?colour=red", 400),
        ("/api/v1/challenges?municipality=999999", 400),
        (f"/api/v1/calls?q={'あ' * 101}", 400),
        ("/api/v1/calls/nothing", 404),
        ("/api/v1/nothing/at/all", 404),
        ("/api/v1/releases/2001-01/tables/awards", 404),
        ("/api/v1/calls?q=%00", 400),
        ("/exp/v1/public/subsidies", 400),
        ("/exp/v1/public/subsidies?keyword=a", 400),
        (f"/exp/v1/public/subsidies?keyword={'a' * 256}", 400),
        ("/exp/v1/public/subsidies?keyword=aa&sort=x", 400),
        ("/exp/v1/public/subsidies?keyword=aa&acceptance=2", 400),
        ("/exp/v1/public/subsidies/id/x", 404),
        ("/exp/v1/public/subsidies/id/a0SPR0000000000000", 404),
    ],
)
def test_a_wrong_question_gets_a_problem_that_names_it(
    world: World, client: Client, path: str, status: int
) -> None:
    answer = client.get(path)
    body = json.loads(answer.content)
    assert (answer.status_code, answer["Content-Type"], body["status"]) == (
        status,
        "application/problem+json",
        status,
    )
    assert body["title"]
    assert body["detail"]


def test_the_api_only_reads_and_lets_other_sites_read(world: World, client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    for method in ("post", "put", "delete", "patch"):
        answer = getattr(strict, method)("/api/v1/programmes")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    answer = client.get("/api/v1/programmes")
    assert (
        answer["Access-Control-Allow-Origin"],
        "Link" in answer["Access-Control-Expose-Headers"],
    ) == ("*", True)
    assert client.options("/api/v1/programmes")["Access-Control-Allow-Headers"] == "If-None-Match"


def test_an_unchanged_answer_is_not_sent_twice(world: World, client: Client) -> None:
    first = client.get("/api/v1/programmes")
    again = client.get("/api/v1/programmes", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, "max-age=300" in first["Cache-Control"]) == (
        304,
        b"",
        True,
    )


def test_too_many_questions_of_one_address_wait_and_others_do_not(
    world: World, client: Client, settings: Settings
) -> None:
    settings.API_PER_MINUTE = 3
    with clock.at(clock.now().replace(second=20)):
        answers = [client.get("/api/v1/programmes", REMOTE_ADDR="192.0.2.1") for _ in range(4)]
        assert [a.status_code for a in answers] == [200, 200, 200, 429]
        assert answers[3]["Retry-After"] == "40"
        assert client.get("/api/v1/programmes", REMOTE_ADDR="192.0.2.2").status_code == 200
    assert not Use.objects.filter(who__contains="192.0.2").exists()  # a keyed hash, no address


# -- as the national portal ------------------------------------------------------------------------
LIST = {
    "id",
    "name",
    "title",
    "target_area_search",
    "subsidy_max_limit",
    "acceptance_start_datetime",
    "acceptance_end_datetime",
    "target_number_of_employees",
}
DETAIL = LIST | {
    "subsidy_catch_phrase",
    "detail",
    "use_purpose",
    "industry",
    "target_area_detail",
    "subsidy_rate",
    "project_end_deadline",
    "request_reception_presence",
    "is_enable_multiple_request",
    "front_subsidy_detail_page_url",
    "application_guidelines",
    "outline_of_grant",
    "application_form",
}


def test_a_client_of_the_national_portal_reads_our_subsidies(world: World, client: Client) -> None:
    data = get(
        client,
        "/exp/v1/public/subsidies",
        data={"keyword": "補助金", "sort": "created_date", "order": "DESC", "acceptance": "1"},
    )
    assert (data["metadata"]["resultset"]["count"], set(data["result"][0])) == (1, LIST)
    row = data["result"][0]
    assert (len(row["id"]), row["subsidy_max_limit"], row["target_number_of_employees"]) == (
        18,
        600_000,
        "従業員数の制約なし",
    )
    closes = world.calls["telework"].periods.get().closes_at
    assert row["acceptance_end_datetime"] == closes.strftime("%Y-%m-%dT%H:%M:%S.000Z")
    assert datetime.fromisoformat(row["acceptance_end_datetime"]) == closes
    detail = get(client, f"/exp/v1/public/subsidies/id/{row['id']}")["result"][0]
    assert set(detail) == DETAIL
    assert (detail["request_reception_presence"], detail["subsidy_rate"]) == ("有", "3分の2")


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({"keyword": "助金"}, 1),
        ({"keyword": "ワーク導入"}, 1),
        ({"keyword": "宇宙船"}, 0),
        ({"keyword": "補助金 テレワーク"}, 1),
        ({"keyword": "補助金", "target_area_search": "札幌市"}, 1),
        ({"keyword": "補助金", "target_area_search": "小樽市"}, 0),
        ({"keyword": "補助金", "target_area_search": "小樽市 / 札幌市"}, 1),
        ({"keyword": "補助金", "target_area_search": "小樽市 / 北海道"}, 1),
        ({"keyword": "補助金", "target_number_of_employees": "従業員数の制約なし"}, 1),
        (
            {"keyword": "補助金", "use_purpose": "設備整備・IT導入をしたい / 資金繰りを改善したい"},
            1,
        ),
        ({"keyword": "補助金", "use_purpose": "人材育成を行いたい"}, 0),
        ({"keyword": "補助金", "target_number_of_employees": "100名以下"}, 1),
        ({"keyword": "補助金", "target_number_of_employees": "5名以下"}, 1),
        ({"keyword": "補助金", "industry": "情報通信業"}, 1),
        ({"keyword": "ﾃﾚﾜｰｸ"}, 1),
    ],
)
def test_its_filters_find_words_inside_longer_ones_and_several_values(
    world: World, client: Client, query: dict[str, str], count: int
) -> None:
    assert (
        get(client, "/exp/v1/public/subsidies", data=query)["metadata"]["resultset"]["count"]
        == count
    )


def test_all_its_filters_together_ask_the_same_queries_for_one_call_and_three(
    world: World, client: Client
) -> None:
    wanted = {
        "keyword": "補助",
        "target_area_search": "札幌市",
        "industry": "情報通信業 / 建設業",
        "use_purpose": "設備整備・IT導入をしたい",
        "target_number_of_employees": "100名以下",
    }

    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as found:
            count = get(client, "/exp/v1/public/subsidies", data=wanted)["metadata"]["resultset"][
                "count"
            ]
        return count, len(found)

    queries()
    one = queries()
    world.call("telework", round_no=2)
    world.call("telework", round_no=3)
    assert (one[0], queries()) == (1, (3, one[1]))


def test_the_national_portals_list_is_paged(world: World, client: Client) -> None:
    world.call("telework", round_no=2)
    world.call("telework", round_no=3)
    wanted = {"keyword": "補助", "per_page": "2"}
    first, second = (
        get(client, "/exp/v1/public/subsidies", data=wanted | {"page": str(n)})["result"]
        for n in (1, 2)
    )
    assert (len(first), len(second), len({row["id"] for row in first + second})) == (2, 1, 3)
    assert client.get("/exp/v1/public/subsidies", wanted | {"page": "3"}).status_code == 404
