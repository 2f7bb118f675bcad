"""Whoever begins is told what comes first, how it goes on, and whom to ask."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grants.applications import forms
from grants.programmes import cash
from grants.programmes.loading import DATA
from portal import clock
from portal.accounts.models import Organisation
from portal.cases.models import Case
from portal.correspondence import talk
from portal.correspondence.models import Message
from tests.conftest import World
from tests.markup import one_line

FIRST = "はじめての方は、提出の前に、事業者の確認が一度だけ要ります。"
COUNTER = "札幌市役所本庁舎（札幌市中央区北1条西2丁目）"


def _unprove(organisation: Organisation) -> Organisation:
    organisation.proved_how, organisation.proved_at = "", None
    organisation.proved_by, organisation.proof_ground = None, ""
    organisation.save()
    return organisation


def test_that_a_firm_is_proved_first_is_said_where_one_begins(world: World, client: Client) -> None:
    call = world.calls["telework"]
    for path in ("/", call.public_url):
        page = one_line(client.get(path))
        assert FIRST in page, path
        assert "1週間ほど" in page
        assert f'href="{reverse("contact")}#counter"' in page
    application, person = world.draft()
    client.force_login(person)
    start = reverse("application_start", args=[call.code])
    assert FIRST not in one_line(client.get(start))
    _unprove(application.case.organisation)
    assert FIRST in one_line(client.get(start))


def test_no_way_is_promised_that_is_not_open(world: World, client: Client) -> None:
    page = one_line(client.get(world.calls["telework"].public_url))
    assert "GビズIDプライムで" not in page


@pytest.mark.parametrize("kind", ["corporation", "sole_proprietor"])
def test_the_page_of_the_proof_says_where_the_counter_is(
    world: World, client: Client, kind: str
) -> None:
    application, person = world.draft(complete=False)
    organisation = _unprove(application.case.organisation)
    Organisation.objects.filter(pk=organisation.pk).update(kind=kind)
    client.force_login(person)
    page = one_line(client.get(reverse("firm_proof", args=[organisation.pk])))
    counter = page.partition("窓口で書類を見せて")[2]
    stated = application.call.stated
    for said in (
        COUNTER,
        "8時45分から17時15分まで",
        stated.office.ja,
        f'href="tel:{stated.phone}"',
    ):
        assert said in counter
    assert COUNTER in one_line(client.get(reverse("contact")))


@pytest.mark.parametrize("is_proved", [True, False])
def test_the_page_of_the_proof_leads_on_to_what_was_begun(
    world: World, client: Client, *, is_proved: bool
) -> None:
    application, person = world.draft(complete=False)
    organisation = application.case.organisation
    if not is_proved:
        _unprove(organisation)
    client.force_login(person)
    at = reverse("firm_proof", args=[organisation.pk])
    on = f'href="{application.case.get_absolute_url()}"'
    assert on in one_line(client.get(at)).partition("<main")[2]
    Case.objects.filter(pk=application.case_id).update(closed_at=clock.now())
    page = one_line(client.get(at)).partition("<main")[2]
    assert on not in page
    assert f'href="{reverse("call_list")}"' in page
    session = client.session
    session["apply_to"] = application.call.code
    session.save()
    start = reverse("application_start", args=[application.call.code])
    assert f'href="{start}"' in one_line(client.get(at)).partition("<main")[2]


def test_the_page_of_money_leads_on_and_says_what_cut_the_costs(
    world: World, client: Client
) -> None:
    call = world.call("dx_promotion")
    at = f"{call.public_url}money/"
    page = one_line(client.get(at))
    start = reverse("application_start", args=[call.code])
    assert f'action="{start}"' in page.partition("<main")[2]
    (group,) = call.stated.groups
    capped = group.categories[0]
    other = next(c.key for c in call.stated.categories if c.key not in group.categories)
    month = cash.payable_months(call)[0].isoformat()
    typed = {"frame": call.stated.frames[0].key, "taxed": "on"}
    for key, yen in ((capped, "1000000"), (other, "500000")):
        typed |= {f"cost_{key}": yen, f"month_{key}": month}
    told = "入力された費用の合計1,500,000円のうち、"
    page = one_line(client.get(at, typed))
    assert told in page
    assert group.cite in page.partition(told)[2]
    assert told not in one_line(client.get(at, typed | {f"cost_{capped}": "1000"}))


def test_after_the_hand_in_the_page_says_whom_to_call(world: World, client: Client) -> None:
    application, person = world.submitted()
    client.force_login(person)
    page = one_line(client.get(application.case.get_absolute_url()))
    stated = application.stated
    assert stated.office.ja in page
    assert f'href="tel:{stated.phone}"' in page


def test_ones_own_list_says_that_it_was_handed_in_and_that_the_city_wrote(
    world: World, client: Client
) -> None:
    application, person = world.submitted()
    case = application.case
    client.force_login(person)
    page = one_line(client.get("/my/"))
    assert "提出済み" in page
    assert "市から連絡が届いています" not in page
    talk.write(case, body="いつですか", by=person)
    talk.write(case, body="職員だけ", by=world.officer, internal=True)
    assert "市から連絡が届いています" not in one_line(client.get("/my/"))
    Message.objects.update(sent_at=clock.now() - timedelta(minutes=5))
    talk.write(case, body="来月です", by=world.officer)
    page = one_line(client.get("/my/"))
    assert f'href="{case.get_absolute_url()}#talk"' in page
    assert "市から連絡が届いています" in page
    with clock.at(clock.now() + timedelta(minutes=5)):
        talk.write(case, body="分かりました", by=person)
    assert "市から連絡が届いています" not in one_line(client.get("/my/"))


@pytest.mark.parametrize(
    ("kind", "is_asked"), [("corporation", True), ("sole_proprietor", False), ("foreign", False)]
)
def test_only_whom_the_register_has_is_asked_about_it(
    world: World, kind: str, *, is_asked: bool
) -> None:
    application, _person = world.draft(complete=False)
    application.case.organisation.kind = kind
    form = forms.ConsentForm({"tax_lookup": "yes"}, application=application)
    assert ("registry_lookup" in form.fields) is is_asked
    assert form.is_valid() is not is_asked


def test_where_accounts_are_asked_for_a_sole_proprietor_reads_what_they_are() -> None:
    for path in DATA.glob("*.toml"):
        text = path.read_text()
        if "決算書" in text.partition("[[documents]]")[2]:
            for said in ("確定申告書", "青色申告決算書", "収支内訳書"):
                assert said in text, path.name
