"""What the registry says of an awarded firm becomes a task; a merger is succeeded by approval."""

from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.core.management import call_command
from django.test import Client

from grants.awards import firm, succession
from grants.awards.models import Award
from portal.accounts import people, proving
from portal.accounts.models import Organisation, User
from portal.approvals.models import contents
from portal.cases import search
from portal.cases.models import Case
from portal.notices.models import Notice
from portal.registry import corporations
from portal.registry.corporate_number import fictitious
from portal.registry.models import Area
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded

HEIR = fictitious(999_001)


_sequence = count(1)  # a later row says something newer


def _as_told(number: str) -> tuple[str, str]:
    """Address and area of the file, where the portal has the firm."""
    firm = Organisation.objects.filter(corporate_number=number).first()
    if firm is None:
        return "北海道,札幌市中央区,架空1丁目", "01,101"
    return f",,{firm.address}", f"{firm.area_id[:2]},{firm.area_id[2:5]}" if firm.area_id else ","


def published(
    tmp_path: Path,
    number: str,
    name: str,
    *,
    closed: str = "",
    cause: str = "",
    heir: str = "",
    process: str = "11",
    place: str = "",
    area: str = "01,101",
) -> None:
    """The agency's file says one thing of one corporation."""
    n = next(_sequence)
    if not place:
        place, area = _as_told(number)
    row = f"{n},{number},{process},0,2026-11-20,2026-11-20,{name},,301,{place},,{area},0600000,,,{closed},{cause},{heir},,2025-07-25,1,,,,,カクウ,0"
    path = tmp_path / f"{number}-{n}.csv"
    path.write_text(row + "\n", encoding="cp932")
    assert corporations.import_file(path).stored == 1


def tasks_of(case: Case) -> list[str]:
    return [turn.what for turn in case.turns.filter(side="office")]


def tasks(award: Award) -> list[str]:
    return tasks_of(award.case)


@begins(awarded)
def test_a_rename_becomes_a_task_and_the_officer_adopts_the_name(
    world: World, client: Client, tmp_path: Path
) -> None:
    award, _person = world.begun(awarded)
    number = award.case.organisation.corporate_number or ""
    assert tasks(award) == []
    published(tmp_path, number, award.case.organisation.name)
    assert tasks(award) == []  # the same name is no change
    published(tmp_path, number, "株式会社新しい名前", process="11")
    assert tasks(award) == ["登記の変更を確かめる"]
    client.force_login(world.officer)
    page = f"/cases/{award.case.number}/"
    assert "株式会社新しい名前" in client.get(page).content.decode()
    assert client.post(f"{page}registered-name/").status_code == 302
    assert Organisation.objects.get(corporate_number=number).name == "株式会社新しい名前"
    assert tasks(award) == []
    with pytest.raises(NotReady):
        firm.adopt(Organisation.objects.get(corporate_number=number), by=world.officer)


@begins(awarded)
def test_a_name_changed_by_the_firm_itself_is_compared_with_the_registry_at_once(
    world: World, tmp_path: Path
) -> None:
    award, person = world.begun(awarded)
    organisation = award.case.organisation
    published(tmp_path, organisation.corporate_number or "", organisation.name)
    people.update_organisation(organisation, by=person, name="株式会社登記にない名前")
    assert tasks(award) == ["登記の変更を確かめる"]
    search.index([award.case_id])
    assert search.within(Case.objects.all(), "登記にない", world.officer).get() == award.case
    call_command("verify_turns")


@begins(awarded)
def test_a_closed_firm_is_a_task_that_only_a_decision_ends(world: World, tmp_path: Path) -> None:
    award, _person = world.begun(awarded)
    organisation = award.case.organisation
    published(
        tmp_path,
        organisation.corporate_number or "",
        organisation.name,
        closed="2026-11-20",
        cause="01",
        process="21",
    )
    assert tasks(award) == ["登記の変更を確かめる"]
    assert succession.obstacles(Award.objects.get(pk=award.pk)) == [
        "登記に、引き継ぐ法人が見つかりません。"
    ]
    world.decided("cancel", [award], {"reason": "解散したため"})
    assert tasks(award) == []


@begins(awarded)
def test_a_move_becomes_a_task_and_the_officer_adopts_the_address(
    world: World, client: Client, tmp_path: Path
) -> None:
    award, _person = world.begun(awarded)
    organisation = award.case.organisation
    number = organisation.corporate_number or ""
    people.update_organisation(
        organisation,
        by=world.officer,
        address="北1条西23-4-5 架空ビル3階",
        area=Area.objects.get(code="011011"),
    )
    published(
        tmp_path, number, organisation.name, place="北海道,札幌市中央区,北一条西二十三丁目４番５号"
    )
    assert tasks(award) == []  # the same place, written in another way
    published(
        tmp_path,
        number,
        organisation.name,
        place="北海道,札幌市北区,北二十五条西５丁目１番",
        area="01,102",
        process="12",
    )
    assert tasks(award) == ["登記の変更を確かめる"]
    client.force_login(world.officer)
    page = f"/cases/{award.case.number}/"
    text = client.get(page).content.decode()
    assert "登記の本店の所在地は「北海道札幌市北区北二十五条西５丁目１番」で" in text
    assert "登記のとおりに所在地を改める" in text
    assert client.post(f"{page}registered-name/").status_code == 302
    organisation.refresh_from_db()
    assert (organisation.address, organisation.area_id) == (
        "北海道札幌市北区北二十五条西５丁目１番",
        "011029",
    )
    assert tasks(award) == []
    published(
        tmp_path,
        number,
        organisation.name,
        place="東京都,千代田区,霞が関３丁目１番",
        area="13,101",
        process="12",
    )
    assert tasks(award) == ["登記の変更を確かめる"]
    assert firm.adopt(Organisation.objects.get(pk=organisation.pk), by=world.officer) == "moved"
    organisation.refresh_from_db()
    assert (organisation.area_id, organisation.prefecture, tasks(award)) == (None, "東京都", [])
    call_command("verify_turns")


@begins(World.accepted)
def test_a_move_of_an_open_application_is_a_task_and_hinders_no_decision(
    world: World, tmp_path: Path
) -> None:
    application, _person = world.begun(World.accepted)
    organisation = application.case.organisation
    published(
        tmp_path,
        organisation.corporate_number or "",
        organisation.name,
        place="東京都,千代田区,霞が関３丁目",
        area="13,101",
        process="12",
    )
    assert tasks_of(application.case).count("登記の変更を確かめる") == 1
    change = firm.change_of(organisation)
    assert change is not None
    assert "申請の要件に関わらないか" in firm.said(change, decided=False)
    world.decided("award", [application])


@begins(awarded)
def test_a_merger_to_a_firm_outside_the_imported_area_is_said_as_a_merger(
    world: World, tmp_path: Path
) -> None:
    award, _person = world.begun(awarded)
    old = award.case.organisation
    published(
        tmp_path,
        old.corporate_number or "",
        old.name,
        closed="2026-11-20",
        cause="11",
        heir=HEIR,
        process="21",
    )
    change = firm.change_of(old)
    assert change is not None
    assert change.kind == "merged"
    assert f"「法人番号 {HEIR}」が引き継いでいます" in firm.said(change, decided=False)
    assert "ファイルを取り込んでから、承継の承認を起案してください" in firm.said(
        change, decided=True
    )
    assert succession.obstacles(award) == [firm.said(change, decided=True)]
    published(
        tmp_path,
        HEIR,
        "株式会社引き継ぎ",
        process="01",
        place="東京都,千代田区,霞が関３丁目",
        area="13,101",
    )
    assert succession.obstacles(award) == []
    world.decided("succeed", [award], {"reason": "吸収合併のため"})
    assert Award.objects.get(pk=award.pk).case.organisation.corporate_number == HEIR
    assert tasks(award) == []


@begins(World.accepted)
def test_a_closure_that_was_withdrawn_ends_the_task_and_lets_the_award_be_decided(
    world: World, tmp_path: Path
) -> None:
    application, _person = world.begun(World.accepted)
    organisation = application.case.organisation
    number = organisation.corporate_number or ""
    published(tmp_path, number, organisation.name, closed="2026-11-20", cause="01", process="21")
    with pytest.raises(NotReady, match="登記が閉鎖されています"):
        world.approval("award", [application])
    published(tmp_path, number, organisation.name, process="22")
    assert "登記の変更を確かめる" not in tasks_of(application.case)
    world.decided("award", [application])


@begins(World.accepted)
def test_a_number_that_was_taken_back_is_said_and_hinders_the_award(
    world: World, tmp_path: Path
) -> None:
    application, _person = world.begun(World.accepted)
    published(tmp_path, application.case.organisation.corporate_number or "", "", process="99")
    with pytest.raises(NotReady, match="法人番号の指定が取り消されています"):
        world.approval("award", [application])


@begins(awarded)
def test_a_merger_is_succeeded_by_approval_with_the_people_of_the_old_firm(
    world: World, tmp_path: Path
) -> None:
    award, person = world.begun(awarded)
    old = award.case.organisation
    published(tmp_path, HEIR, "株式会社引き継ぎ", process="01")
    published(
        tmp_path,
        old.corporate_number or "",
        old.name,
        closed="2026-11-20",
        cause="11",
        heir=HEIR,
        process="71",
    )
    change = firm.change_of(old)
    assert change is not None
    assert change.kind == "merged"
    assert "承継の承認を起案してください" in firm.said(change, decided=True)
    world.decided("succeed", [award], {"reason": "吸収合併のため"})
    award = Award.objects.get(pk=award.pk)
    assert (award.state, award.case.organisation.corporate_number) == ("active", HEIR)
    assert award.case.organisation.memberships.get().user == person
    notice = Notice.objects.get(case=award.case, kind="succession")
    assert ["承継した補助事業者", "株式会社引き継ぎ"] in notice.facts["items"]
    assert tasks(award) == []
    assert succession.obstacles(award) == ["登記に、引き継ぐ法人が見つかりません。"]
    with pytest.raises(Forbidden):
        perform(award, "withdraw", by=world.outsider)
    assert (
        perform(award, "withdraw", by=person).state == "withdrawn"
    )  # the successor's people act for it


def merged(organisation: Organisation, tmp_path: Path) -> None:
    published(tmp_path, HEIR, "株式会社引き継ぎ", process="01")
    number = organisation.corporate_number or ""
    published(
        tmp_path,
        number,
        organisation.name,
        closed="2026-11-20",
        cause="11",
        heir=HEIR,
        process="71",
    )


@begins(awarded)
def test_a_merger_never_hands_a_registered_firm_to_the_people_of_the_old_one(
    world: World, tmp_path: Path
) -> None:
    award, person = world.begun(awarded)
    old = award.case.organisation
    owner = User.objects.create_user("owner@heir.example", None, name="引継 主")
    heir = Organisation.objects.create(
        kind="corporation", corporate_number=HEIR, name="株式会社引き継ぎ"
    )
    heir.memberships.create(user=owner, role="representative")
    proving.prove(heir, "officer", by=world.officer, ground="x")
    merged(old, tmp_path)
    approval = world.approval("succeed", [award], {"reason": "吸収合併のため"})
    (changes,) = contents.previews(approval).values()
    who = next(row for row in changes if row[0] == "手続きをする方")
    assert str(person) in who[1]
    assert who[2] == "引継 主（すでに登録されている方々。いまの方はこの案件を見られなくなります）"
    perform(approval, "approve", by=world.director)
    case = Case.objects.get(pk=award.case_id)
    assert (case.organisation, [m.user for m in heir.memberships.all()]) == (heir, [owner])
    assert case in Case.objects.visible_to(owner)
    assert case not in Case.objects.visible_to(person)
    with pytest.raises(Forbidden):
        perform(Award.objects.get(pk=award.pk), "withdraw", by=person)


@begins(awarded)
@pytest.mark.parametrize("name", ["officer", "director"])
def test_nobody_passes_an_award_to_a_firm_of_their_own(
    world: World, tmp_path: Path, name: str
) -> None:
    award, _person = world.begun(awarded)
    heir = Organisation.objects.create(
        kind="corporation", corporate_number=HEIR, name="株式会社引き継ぎ"
    )
    heir.memberships.create(user=world.staff[name], role="member")
    merged(award.case.organisation, tmp_path)
    approval = world.approval("succeed", [award], {"reason": "吸収合併のため"})
    with pytest.raises(NotReady, match=f"株式会社引き継ぎ：{world.staff[name]}"):
        perform(approval, "approve", by=world.director)
    assert Case.objects.get(pk=award.case_id).organisation == award.case.organisation


@begins(awarded)
def test_what_passes_to_a_number_that_nobody_proved_stays_closed_to_who_typed_it(
    world: World, tmp_path: Path, post: Callable[[], list[EmailMessage]]
) -> None:
    award, _person = world.begun(awarded)
    heir = people.create_organisation(
        by=world.outsider, kind="corporation", corporate_number=HEIR, name="先に登録した名前"
    )
    merged(award.case.organisation, tmp_path)
    approval = world.approval("succeed", [award], {"reason": "吸収合併のため"})
    (changes,) = contents.previews(approval).values()
    who = next(row for row in changes if row[0] == "手続きをする方")
    assert "事業者の確認が済んでいない方々" in who[2]
    post()
    perform(approval, "approve", by=world.director)
    case = Case.objects.get(pk=award.case_id)
    assert case.organisation == heir
    assert case not in Case.objects.visible_to(world.outsider)
    assert world.outsider.email not in [address for mail in post() for address in mail.to]
    proving.prove(heir, "officer", by=world.officer, ground="x")
    assert case in Case.objects.visible_to(world.outsider)


@begins(awarded)
def test_a_firm_made_at_the_counter_is_not_handed_over_either(world: World, tmp_path: Path) -> None:
    award, _person = world.begun(awarded)
    heir = Organisation.objects.create(
        kind="corporation", corporate_number=HEIR, name="株式会社引き継ぎ"
    )
    merged(award.case.organisation, tmp_path)
    world.decided("succeed", [award], {"reason": "吸収合併のため"})
    assert not heir.memberships.exists()


@begins(World.accepted)
def test_an_open_application_shows_what_the_registry_says_and_a_firm_that_is_gone_is_not_awarded(
    world: World, client: Client, tmp_path: Path
) -> None:
    application, person = world.begun(World.accepted)
    case, organisation = application.case, application.case.organisation
    published(tmp_path, organisation.corporate_number or "", "株式会社新しい名前")
    assert "登記の変更を確かめる" in [turn.what for turn in case.turns.filter(side="office")]
    client.force_login(world.officer)
    assert "株式会社新しい名前" in client.get(f"/cases/{case.number}/").content.decode()
    merged(organisation, tmp_path)
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "引き継いだ法人から申請してもらってください" in page
    with pytest.raises(NotReady, match="交付の決定はできません"):
        world.approval("award", [application])
    client.force_login(person)
    assert (
        "引き継いだ法人から申請してもらってください"
        not in client.get(f"/cases/{case.number}/").content.decode()
    )
    call_command("verify_turns")
    world.decided("reject", [application], {"reason": "法人が存在しないため"})
    assert tasks_of(case) == []


@begins(World.accepted)
def test_a_firm_that_closes_while_the_draft_circulates_is_not_awarded(
    world: World, tmp_path: Path
) -> None:
    application, _person = world.begun(World.accepted)
    approval = world.approval("award", [application])
    organisation = application.case.organisation
    published(
        tmp_path,
        organisation.corporate_number or "",
        organisation.name,
        closed="2026-11-20",
        cause="01",
        process="21",
    )
    with pytest.raises(NotReady, match="登記が閉鎖されています"):
        perform(approval, "approve", by=world.director)
