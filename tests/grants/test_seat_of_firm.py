"""Where a firm is: one of the areas, elsewhere in Japan, or abroad; and the pages that keep what is typed."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from grants.applications import drafts
from grants.applications.freezing import frozen_content
from grants.programmes.eligibility import findings
from portal import clock
from portal.accounts.forms import NumberForm, OrganisationForm
from portal.accounts.models import Organisation
from portal.registry import seats
from portal.ui import kept, limits
from portal.ui.jobs import clear_sessions
from portal.ui.limits import HOUR, Rate
from tests.conftest import World
from tests.markup import one_line
from tests.portal.test_firms import unprove

FIRM = {"name": "Northwind Ltd", "address": "1 High Street, London", "phone": "+44 20 7946 0000"}


def registered(client: Client, **change: str) -> Organisation:
    sent = {"step": "2", **FIRM, **change}
    found = client.post("/organisations/new/", sent)
    assert found.status_code == 302, found.content.decode()
    return Organisation.objects.get(name=sent["name"])


def test_a_foreign_firm_registers_without_a_corporate_number(world: World, client: Client) -> None:
    client.force_login(world.outsider)
    firm = registered(client, foreign="on", area="abroad", country="英国")
    assert (firm.kind, firm.corporate_number, str(firm.seat), firm.phone) == (
        "foreign",
        None,
        "英国",
        "+44 20 7946 0000",
    )
    assert firm.area is None
    page = one_line(client.get(f"/organisations/{firm.pk}/"))
    assert "+44 20 7946 0000" in page
    assert 'value="abroad" selected' in page


def test_a_firm_of_another_prefecture_says_so(world: World, client: Client) -> None:
    client.force_login(world.outsider)
    firm = registered(
        client,
        sole="on",
        area="東京都",
        country="英国",
        phone="03-0000-0001",
        postal_code="〒100-0001",
    )
    assert (firm.prefecture, firm.country, str(firm.seat), firm.postal_code) == (
        "東京都",
        "",
        "東京都",
        "1000001",
    )


@pytest.mark.parametrize(
    ("seat", "typed", "whole"),
    [
        (("011011", ""), "南１条西５丁目１−２", "札幌市中央区南１条西５丁目１−２"),
        (("011011", ""), "札幌市中央区南１条西５丁目", "札幌市中央区南１条西５丁目"),
        (("011011", ""), "中央区南１条西５丁目", "札幌市中央区南１条西５丁目"),
        (("011011", ""), "北海道札幌市中央区南１条", "北海道札幌市中央区南１条"),
        (("011011", ""), "札幌市　中央区 南１条", "札幌市中央区南１条"),
        (("012173", ""), "緑町１", "江別市緑町１"),
        (("013030", ""), "弥生５２", "当別町弥生５２"),
        (("013030", ""), "石狩郡当別町弥生５２", "石狩郡当別町弥生５２"),
        (("東京都", ""), "千代田区１", "東京都千代田区１"),
        (("東京都", ""), "東京都千代田区１", "東京都千代田区１"),
        (("abroad", "英国"), "1 High Street, London", "1 High Street, London"),
        (("011011", ""), "", ""),
    ],
)
def test_a_letter_names_the_places_that_were_chosen_beside_the_address(
    world: World, seat: tuple[str, str], typed: str, whole: str
) -> None:
    assert seats.of(*seat).whole(typed) == whole


def test_a_country_is_asked_of_a_firm_abroad_alone(world: World) -> None:
    assert "country" in OrganisationForm(FIRM | {"area": "abroad"}).errors
    assert OrganisationForm(FIRM | {"area": "東京都"}).is_valid()
    assert not OrganisationForm(FIRM | {"area": "999999"}).is_valid()
    assert NumberForm({"sole": "on", "foreign": "on"}).errors


def test_what_is_typed_at_registration_is_kept_whole_or_refused(
    world: World, client: Client
) -> None:
    client.force_login(world.outsider)
    firm = registered(
        client,
        sole="on",
        name="いろは商店",
        area="011029",
        phone="(011)000-0001",
        postal_code="062-0003",
        capital="1,000万円",
        employees="１２名",
    )
    assert (firm.postal_code, firm.phone, firm.capital, firm.employees) == (
        "0620003",
        "011-000-0001",
        10_000_000,
        12,
    )
    wrong = {
        "step": "2",
        "sole": "on",
        **FIRM,
        "phone": "abc😀",
        "postal_code": "062-000",
        "capital": "1,5",
        "name": "悪い\u202e名",
    }
    page = client.post("/organisations/new/", wrong)
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"phone", "postal_code", "capital", "name"}


def test_an_application_from_outside_says_the_true_seat_and_the_rules_answer_honestly(
    world: World,
) -> None:
    application, person = world.draft()
    section = drafts.stored(application, "organisation")
    assert section is not None
    moved = section.data | {
        "area": "東京都",
        "address": "東京都千代田区1-1",
        "has_sapporo_office": "no",
    }
    drafts.save(application, "organisation", moved, by=person, page=drafts.Page(section.version))
    facts = drafts.facts(application)
    assert facts.municipality == seats.OUTSIDE
    by_rule = {finding.rule: finding.tone for finding in findings(application.call.stated, facts)}
    assert "care" in {by_rule.get("head_office"), by_rule.get("office")}
    content = frozen_content(application, [])["organisation"]
    assert (content["area"], content["area_name"], content["prefecture"]) == (
        "",
        "東京都",
        "東京都",
    )
    unprove(application)  # where a proved firm sits, an officer looks at
    drafts.learn(application, by=person)
    firm = Organisation.objects.get(pk=application.case.organisation_id)
    assert (firm.area, str(firm.seat)) == (None, "東京都")


def test_a_text_that_is_too_long_is_kept_and_said_never_cut(world: World, client: Client) -> None:
    application, person = world.draft()
    client.force_login(person)
    where = f"/apply/{application.case.number}/plan/"
    page = client.get(where).content.decode()
    assert 'data-limit="80"' in page
    assert "maxlength" not in page
    section = drafts.stored(application, "plan")
    assert section is not None
    sent = section.data | {"title": "長" * 90, "version": str(section.version)}
    assert client.post(where, sent).status_code == 422
    assert drafts.stored(application, "plan").data["title"] == "長" * 90  # type: ignore[union-attr]


def test_autosave_after_submission_says_that_it_is_handed_in(world: World, client: Client) -> None:
    application, person = world.submitted()
    client.force_login(person)
    answer = client.post(
        f"/apply/{application.case.number}/plan/autosave/",
        {"title": "x"},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 409
    assert answer.json()["closed"] is True


def test_of_whoever_is_not_signed_in_little_is_kept_and_only_of_what_is_there(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, _person = world.draft()
    typed = {"title": "書きかけ", "version": "1"}

    def waits(number: str, **more: str) -> tuple[bool, dict[str, str]]:
        fresh = Client()
        answer = fresh.post(f"/apply/{number}/plan/", typed | more)
        assert answer.status_code == 302
        session = "sessionid" in fresh.cookies
        return session, fresh.session[kept.NAME]["typed"] if session else {}

    number = application.case.number
    assert waits(number) == (True, typed)
    assert waits("NOPE-1") == (True, {})  # nothing tells the two apart
    assert waits(number, q_why="あ" * kept.MOST_WAITING) == (False, {})
    monkeypatch.setitem(limits.WAITING.__dict__, "address", Rate(3, HOUR))
    assert waits(number) == (True, typed)
    assert waits(number) == (False, {})
    assert Session.objects.count() == 3


def test_sessions_that_are_over_are_removed_at_night(world: World, client: Client) -> None:
    client.force_login(world.officer)
    Client().post("/apply/NOPE-1/plan/", {"title": "書きかけ", "version": "1"})
    old = Session.objects.latest("expire_date")
    old.expire_date = clock.now() - timedelta(minutes=1)
    old.save()
    before = Session.objects.count()
    clear_sessions(timestamp=0)
    assert Session.objects.count() == before - 1


def test_a_form_sent_after_the_session_ended_is_sent_again_after_sign_in(
    world: World, client: Client
) -> None:
    application, person = world.draft()
    where = f"/apply/{application.case.number}/plan/"
    section = drafts.stored(application, "plan")
    assert section is not None
    typed = section.data | {"title": "切れたあとに書いた名前", "version": str(section.version)}
    assert client.post(where, typed).status_code == 302
    person.set_password("a-long-enough-word")
    person.save()
    client.force_login(person)
    page = client.get(where)
    assert page.context["typed"]["title"] == "切れたあとに書いた名前"
    client.post(where, page.context["typed"])
    assert drafts.stored(application, "plan").data["title"] == "切れたあとに書いた名前"  # type: ignore[union-attr]
    assert "送った内容が残っています" not in client.get(where).content.decode()


def test_what_one_sent_is_offered_to_nobody_who_may_not_see_the_page(
    world: World, client: Client
) -> None:
    application, _person = world.draft()
    where = f"/apply/{application.case.number}/plan/"
    client.post(where, {"title": "切れたあとに書いた名前", "version": "0"})
    client.force_login(world.outsider)
    assert client.get(where).status_code == 404
