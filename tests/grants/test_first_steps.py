"""What an owner meets on the way into an application, and in the list of what is one's own."""

from datetime import date, timedelta

import pytest
from django.forms import ValidationError
from django.test import Client
from django.urls import reverse

from grants.applications import check_ledger, drafts, eligibility_form, instead, starting
from grants.programmes.sizes import FIRST, OF_LARGE_FIRMS
from portal import clock
from portal.accounts.forms import OrganisationForm
from portal.accounts.models import Membership, Organisation
from portal.documents.models import Document
from portal.ui.forms import Text
from tests.conftest import World
from tests.markup import one_line
from tools.demonstration import simulation


def test_a_declared_no_is_told_before_one_goes_on(world: World, client: Client) -> None:
    application, person = world.draft()
    client.force_login(person)
    at = reverse("application_section", args=[application.case.number, "eligibility"])
    section = drafts.stored(application, "eligibility")
    assert section is not None
    answer = client.post(at, {**section.data, "version": str(section.version)})
    assert answer["Location"] != f"{at}#found-h"
    section.refresh_from_db()
    owing = {**section.data, "tax_paid": "no", "version": str(section.version)}
    assert client.post(at, owing)["Location"] == f"{at}#found-h"
    page = one_line(client.get(at))
    assert "確かめた結果" in page
    assert f'href="{answer["Location"]}"' in page.partition("確かめた結果")[2]


def test_where_the_partner_sits_is_chosen_by_hand(world: World) -> None:
    application, _person = world.draft(call=world.call("dx_promotion"), complete=False)
    field = drafts.form_of(application, "eligibility").fields["partner_area"]
    assert field.required
    with pytest.raises(ValidationError):
        field.clean("")
    assert field.clean(eligibility_form.OUTSIDE) == eligibility_form.OUTSIDE
    assert field.clean("011002") == "011002"


def test_an_earlier_application_is_offered_by_what_it_was_and_of_its_own_firm_alone(
    world: World, client: Client
) -> None:
    earlier, person = world.submitted()
    other, _someone = world.draft()
    Membership.objects.create(user=person, organisation=other.case.organisation, role="member")
    call = world.call("dx_creation")
    client.force_login(person)
    at = reverse("application_start", args=[call.code])
    page = one_line(client.get(at))
    case = earlier.case
    for said in (case.organisation.name, case.shown_programme, case.title, case.number):
        assert said in page
    assert client.post(at, {"organisation": ""}).status_code == 422  # of several, none is taken
    sent = {"organisation": other.case.organisation_id, "copy_from": earlier.pk}
    answer = client.post(at, sent)
    assert answer.status_code == 422
    assert "ほかの事業者の申請です。" in one_line(answer)
    assert not call.applications.filter(case__organisation=other.case.organisation).exists()


def test_a_draft_of_a_colleague_says_whose_it_is(world: World, client: Client) -> None:
    application, person = world.draft()
    firm = application.case.organisation
    client.force_login(person)
    at = reverse("application_start", args=[application.call.code])
    page = one_line(client.post(at, {"organisation": firm.pk}, follow=True))
    assert "始めた書きかけを開きました。続きから書けます。" in page
    colleague = world.people["adviser"]
    Membership.objects.create(user=colleague, organisation=firm, role="member")
    client.force_login(colleague)
    page = one_line(client.post(at, {"organisation": firm.pk}, follow=True))
    assert f"最後に書いたのは{person.name}さんです。" in page


def test_what_is_overdue_says_so_in_ones_list(world: World, client: Client) -> None:
    application, person = world.submitted()
    client.force_login(person)
    turn = application.case.turns.create(
        subject="x",
        side="applicant",
        what="直して提出する",
        due_on=clock.today() - timedelta(days=1),
        since=clock.now(),
        organisation=application.case.organisation,
    )
    page = one_line(client.get("/my/"))
    assert "期限を過ぎました" in page
    turn.due_on = clock.today()
    turn.save()
    page = one_line(client.get("/my/"))
    assert "期限を過ぎました" not in page
    assert "あなたの番" in page


def test_the_receipt_says_what_each_file_is_for(world: World) -> None:
    application, _person = world.submitted()
    notice = application.case.notices.get(kind="receipt")
    names = {document.key: document.name.ja for document in application.stated.documents}
    assert application.last_version is not None
    assert [row[0] for row in notice.facts["files"]] == [
        f"{names[d['key']]}：{d['name']}" for d in application.last_version.content["documents"]
    ]


def test_a_text_too_long_is_told_how_long_it_may_be() -> None:
    with pytest.raises(ValidationError) as refused:
        Text(max_length=10).clean("あ" * 12)
    assert refused.value.messages == ["10字までです。いまは12字あります。"]


def test_one_press_begins_and_asks_nothing_that_is_known(world: World, client: Client) -> None:
    other, person = world.draft(complete=False)
    firm, call = other.case.organisation, world.call("iot")
    at = reverse("application_start", args=[call.code])
    assert client.post(at).url == f"/accounts/login/?next={at}"  # type: ignore[attr-defined]
    client.force_login(person)
    answer = client.get(at)
    begun = call.applications.get(case__organisation=firm)
    number = begun.case.number
    assert answer["Location"].startswith(f"/apply/{number}/")
    assert starting.taken(begun) == {"organisation", "contact"}
    for key in ("organisation", "contact"):
        assert drafts.form_of(begun, key).is_valid()
        assert answer["Location"] != reverse("application_section", args=[number, key])
    page = one_line(client.get(reverse("application_tasks", args=[number])))
    assert page.count("登録の内容を写しました。") == 2
    section = drafts.stored(begun, "contact")
    assert section is not None
    typed = section.data | {"department": "総務部", "version": str(section.version)}
    client.post(reverse("application_section", args=[number, "contact"]), typed)
    assert starting.taken(begun) == {"organisation"}
    assert "apply_to" not in client.session


def test_what_is_not_known_whole_is_asked(world: World, client: Client) -> None:
    other, person = world.draft(complete=False)
    firm, call = other.case.organisation, world.call("iot")
    firm.tax_basis = firm.phone = ""
    firm.save()
    client.force_login(person)
    client.post(reverse("application_start", args=[call.code]))
    begun = call.applications.get(case__organisation=firm)
    assert not begun.sections.exists()


def test_the_consent_stands_beside_the_papers(world: World, client: Client) -> None:
    application, person = world.draft()
    application.sections.filter(key="consent").delete()
    client.force_login(person)
    papers, asked = (
        reverse("application_section", args=[application.case.number, key])
        for key in ("documents", "consent")
    )
    assert client.get(asked)["Location"] == f"{papers}#consent"
    answer = client.post(papers, {"version": "0"})
    assert answer.status_code == 422
    assert 'id="consent"' in one_line(answer)
    typed = {"tax_lookup": "yes", "registry_lookup": "yes", "version": "1"}
    answer = client.post(papers, typed)
    kept = drafts.stored(application, "consent")
    assert kept is not None
    assert kept.data["tax_lookup"] == "yes"
    assert answer["Location"] == reverse("application_review", args=[application.case.number])


def test_the_questions_about_large_firms_say_once_who_is_none(world: World, client: Client) -> None:
    application, person = world.draft(call=world.call("dx_promotion"), complete=False)
    Organisation.objects.filter(pk=application.case.organisation_id).update(kind="corporation")
    client.force_login(person)
    at = reverse("application_section", args=[application.case.number, "eligibility"])
    page = one_line(client.get(at))
    assert page.count("大企業に数えません。") == 1
    assert f'<a href="{reverse("consultation_new")}?partner=' in page
    assert ">IT企業をさがす相談をする</a>" in page
    costs = reverse("application_section", args=[application.case.number, "costs"])
    assert "より後の日にしてください。決定より前に注文した費用" in one_line(client.get(costs))


def test_the_registration_says_what_an_application_will_need(world: World, client: Client) -> None:
    _application, person = world.draft(complete=False)
    client.force_login(person)
    page = one_line(client.post(reverse("organisation_new"), {"sole": "on"}))
    assert page.count("※申請のときに必要になります") == len(OrganisationForm.NEEDED_TO_APPLY)
    assert "消費税を納めない方は「免税事業者」" in page


def test_the_day_of_founding_is_taken_with_what_is_known(world: World) -> None:
    firm, person = simulation.organisation(world.sim)
    Organisation.objects.filter(pk=firm.pk).update(established_on=date(2013, 4, 1))
    firm.refresh_from_db()
    application = starting.start(world.calls["telework"], firm, by=person)
    assert "organisation" in starting.taken(application)
    form = drafts.organisation_form(application)
    assert form.is_valid()
    assert form.cleaned_data["established_on"] == date(2013, 4, 1)


@pytest.mark.parametrize("key", ["plan", "costs"])
def test_a_section_that_is_begun_greets_nobody_in_red(
    world: World, client: Client, key: str
) -> None:
    application, person = world.draft()
    section = application.sections.get(key=key)
    section.data = {
        name: data if name.startswith("item-") and name.endswith("FORMS") else ""
        for name, data in section.data.items()
    }
    section.version = 2
    section.save()
    client.force_login(person)
    at = reverse("application_section", args=[application.case.number, key])
    page = client.get(at).content.decode()
    assert "直していただきたいところ" not in page
    assert "field__error" not in page
    answer = client.post(at, section.data | {"version": "2"})
    assert (answer.status_code, "field__error" in answer.content.decode()) == (422, True)


def test_a_day_that_cannot_be_is_told_at_once(world: World, client: Client) -> None:
    application, person = world.draft()
    section = application.sections.get(key="costs")
    section.data |= {"item-0-order_on_y": "2026", "item-0-order_on_m": "13", "item-0-what": ""}
    section.version = 2
    section.save()
    client.force_login(person)
    at = reverse("application_section", args=[application.case.number, "costs"])
    page = one_line(client.get(at))
    assert page.count('class="field__error"') == 1


def test_a_sole_proprietor_is_asked_for_no_officers(world: World, client: Client) -> None:
    application, person = world.draft()
    firm = application.case.organisation
    at = reverse("application_officers", args=[application.case.number])
    client.force_login(person)
    assert "役員を1人足す" in one_line(client.get(at))
    Organisation.objects.filter(pk=firm.pk).update(
        kind="sole_proprietor", representative_name="小麦 花"
    )
    check_ledger.OfficerList.objects.filter(application=application).delete()
    page = one_line(client.get(at))
    assert "ご本人の情報" in page
    assert "役員を1人足す" not in page
    assert 'value="小麦 花"' in page
    assert "この画面は自動では保存しません。" in page
    assert "ご本人の情報" in one_line(
        client.get(reverse("application_tasks", args=[application.case.number]))
    )


def test_one_question_stands_for_those_about_large_firms(world: World, client: Client) -> None:
    application, person = world.draft(call=world.call("dx_promotion"))
    section = drafts.stored(application, "eligibility")
    assert section is not None
    spared = {name: said for name, said in section.data.items() if name not in OF_LARGE_FIRMS}

    def answered(**said: str) -> tuple[list[str], dict[str, object]]:
        section.data = spared | said
        section.save()
        form = drafts.form_of(application, "eligibility")
        return [*form.errors], form.content() if form.is_valid() else {}

    assert answered()[0] == [FIRST]
    wrong, kept = answered(**{FIRST: "no"})
    assert not wrong
    assert FIRST not in kept
    assert {kept[name] for name in OF_LARGE_FIRMS} == {"no"}
    assert answered(**{FIRST: "no", OF_LARGE_FIRMS[0]: "yes"})[1] == kept
    assert answered(**{FIRST: "yes"})[0] == [*OF_LARGE_FIRMS]
    some = dict.fromkeys(OF_LARGE_FIRMS, "no") | {OF_LARGE_FIRMS[1]: "yes"}
    assert answered(**{FIRST: "yes"}, **some)[1] == kept | some
    assert answered(**some)[1] == kept | some  # a draft from before it was asked
    client.force_login(person)
    page = one_line(
        client.get(reverse("application_section", args=[application.case.number, "eligibility"]))
    )
    assert page.count(f'data-beside="{FIRST}"') == len(OF_LARGE_FIRMS)


def test_the_public_check_knows_it_from_the_one_question(world: World, client: Client) -> None:
    at = reverse("call_check", args=[world.call("dx_promotion").code])
    page = one_line(client.get(at, {FIRST: "no", "large_income": "no"}))
    assert "みなし大企業にあたりません。" in page
    assert "みなし大企業にあたりません。" not in one_line(client.get(at, {"large_income": "no"}))


def test_the_representative_stands_in_the_list_of_officers(world: World, client: Client) -> None:
    application, person = world.draft(call=world.call("dx_promotion"), complete=False)
    firm = application.case.organisation
    Organisation.objects.filter(pk=firm.pk).update(
        kind="corporation", representative_name="三上 健一"
    )
    client.force_login(person)
    at = reverse("application_section", args=[application.case.number, "officers"])
    assert 'value="三上 健一"' in one_line(client.get(at))


def test_a_new_row_of_costs_is_offered_the_day_of_the_row_before(
    world: World, client: Client
) -> None:
    application, person = world.draft(call=world.call("dx_promotion"))
    section = drafts.stored(application, "costs")
    assert section is not None
    rows = len(drafts.cost_items(application))
    client.force_login(person)
    at = reverse("application_section", args=[application.case.number, "costs"])
    client.post(at, section.data | {"version": str(section.version), "add": "1"})
    section.refresh_from_db()
    for part in "ymd":
        last = section.data[f"item-{rows - 1}-order_on_{part}"]
        assert last
        assert section.data[f"item-{rows}-order_on_{part}"] == last
    assert len(drafts.cost_items(application)) == rows  # nothing else is written in it yet
    assert drafts.items_of(application).is_valid()


def test_no_cap_is_told_before_a_frame_is_chosen(world: World, client: Client) -> None:
    application, person = world.draft(call=world.call("dx_promotion"))
    section = drafts.stored(application, "costs")
    assert section is not None
    client.force_login(person)
    at = reverse("application_section", args=[application.case.number, "costs"])
    assert "円未満切捨て、上限" in one_line(client.get(at))
    section.data = {name: said for name, said in section.data.items() if name != "frame"}
    section.save()
    page = one_line(client.get(at))
    assert "円未満切捨て、上限" not in page
    assert "枠を選ぶまでは、「DX枠」として計算しています" in page
    section.data = section.data | {"frame": "digitalisation", "own_funds": ""}
    section.save()
    assert "上限1,500,000円" in one_line(client.get(at))  # be another answer still missing


def test_a_choice_at_fault_is_linked(world: World, client: Client) -> None:
    application, person = world.draft(call=world.call("dx_promotion"), complete=False)
    client.force_login(person)
    at = reverse("application_section", args=[application.case.number, "eligibility"])
    page = one_line(client.post(at, {"version": "0", "partner_name": "A"}))
    assert '<a href="#id_tax_paid_0">' in page
    assert 'id="id_tax_paid_0"' in page


def test_the_tax_certificate_is_missed_once_the_consent_was_refused(world: World) -> None:
    application, _person = world.draft(call=world.call("dx_promotion"))
    organisation, consent = (drafts.stored(application, key) for key in ("organisation", "consent"))
    assert organisation is not None
    assert consent is not None
    organisation.data |= {"area": "011011"}
    organisation.save()
    Document.objects.filter(case=application.case, key=instead.TAXES).delete()
    named = "納税証明書"
    for said, is_missed in (
        ({}, False),
        ({"tax_lookup": "no"}, True),
        ({"tax_lookup": "yes"}, False),
    ):
        consent.data = said
        consent.save()
        assert (named in instead.missing(application)) is is_missed


def test_whoever_presses_before_signing_in_reads_that_they_are_about_to_apply(
    world: World, client: Client
) -> None:
    call = world.call("dx_promotion")
    sign_in = reverse("account_login")
    assert "申込みの途中です" not in one_line(client.get(sign_in))
    page = one_line(client.post(reverse("application_start", args=[call.code]), follow=True))
    for words in ("申込みの途中です", 'id="id_login"', "はじめての方の登録", 'id="id_password1"'):
        assert words in page
    assert "next=" in page.partition("はじめての方の登録")[2].partition("</form>")[0]
