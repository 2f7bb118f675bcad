"""What fits a firm, and why; who is told of it, once; what a person hides, is reminded of, and keeps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.mail import EmailMessage
from django.test import Client

from grants.applications.models import Application
from grants.fitting import firms, keeping, marking, telling
from grants.fitting.fit import Firm, Offer, Verdict, fit, instead, weighed
from grants.fitting.models import Mark, SavedSearch, Told
from grants.programmes.eligibility import Facts
from grants.programmes.models import Call, Programme
from portal import clock
from portal.accounts.models import Delegation, Membership, Organisation, User
from portal.correspondence import digests
from portal.correspondence.models import Mail
from portal.registry.codes import SAPPORO
from portal.workflow.door import begin
from portal.workflow.errors import NotReady
from tests.concurrency.test_races import together
from tests.conftest import World
from tests.grants.test_completion import awarded
from tests.grants.test_many_rows import counted
from tests.journeys.test_queries import count
from tests.portal.test_digests import open_morning
from tools.demonstration import simulation

SHOP = Facts(
    municipality=SAPPORO,
    sapporo_office=True,
    industry="58",
    capital=3_000_000,
    employees=12,
)


def call_of(code: str) -> Call:
    """A call of a shipped programme; not stored."""
    call = Call(pk=1, programme=Programme.objects.get(code=code), code=code)
    call.freeze()
    return call


# -- the rule --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("code", "firm", "verdict"),
    [
        pytest.param("telework", Firm(SHOP), Verdict.FITS, id="nothing against it"),
        pytest.param("telework", Firm(SHOP, aims=frozenset({"telework"})), Verdict.FITS, id="aim"),
        pytest.param("telework", Firm(SHOP, aims=frozenset({"sales"})), Verdict.NOT, id="other"),
        pytest.param(
            "dx_promotion", Firm(SHOP, aims=frozenset({"website"})), Verdict.FITS, id="near aim"
        ),
        pytest.param("telework", Firm(SHOP, had=frozenset({"telework"})), Verdict.NOT, id="had"),
        pytest.param("telework", Firm(SHOP, had=frozenset({"iot"})), Verdict.FITS, id="had other"),
        pytest.param("telework", Firm(SHOP, applied=frozenset({1})), Verdict.NOT, id="applied"),
        pytest.param("sales_channel", Firm(SHOP), Verdict.NOT, id="another trade"),
        pytest.param("it_bio", Firm(SHOP), Verdict.NEARLY, id="no tenant, as far as is known"),
        pytest.param("telework", Firm(Facts()), Verdict.NOT, id="nothing known: two things open"),
    ],
)
def test_fit(world: World, code: str, firm: Firm, verdict: Verdict) -> None:
    assert fit(Offer.of(call_of(code)), firm).verdict == verdict


@pytest.mark.parametrize(
    ("employees", "verdict"),
    [(50, Verdict.FITS), (51, Verdict.NEARLY), (60, Verdict.NEARLY), (61, Verdict.NOT)],
)
def test_a_figure_a_little_above_its_limit_nearly_fits(
    world: World, employees: int, verdict: Verdict
) -> None:
    """A retailer has at most 50 employees or 50 million yen."""
    facts = Facts(municipality=SAPPORO, industry="58", capital=90_000_000, employees=employees)
    found = fit(Offer.of(call_of("iot")), Firm(facts))
    assert found.verdict == verdict
    assert bool(found.change) == (verdict == Verdict.NEARLY)
    if employees == 51:
        assert "従業員はあと1人" in found.change


def test_each_verdict_says_why(world: World) -> None:
    fits = fit(Offer.of(call_of("telework")), Firm(SHOP, aims=frozenset({"telework"})))
    assert fits.why[0] == "目的「テレワーク・在宅勤務」に合います。"
    assert "札幌市内の事業所" in fits.why[1]
    assert {row.rule for row in fits.later} == {"tax", "antisocial"}
    outside = replace(SHOP, municipality="012173", sapporo_office=False)
    nearly = fit(Offer.of(call_of("telework")), Firm(outside))
    assert (nearly.verdict, nearly.change) == (
        Verdict.NEARLY,
        "札幌市内に事業所を設けると、申し込めます。",
    )


def test_what_does_not_fit_names_what_does_instead(world: World) -> None:
    other, fitting = call_of("sales_channel"), call_of("iot")
    other.topics = fitting.topics = ["digitalisation"]
    fitting.pk = 2
    same = [Offer.of(fitting)]
    rows = {row.offer.pk: row for row in weighed([Offer.of(other), *same], Firm(SHOP))}
    assert instead(rows[1], same) == [2]
    assert instead(rows[2], same) == []
    assert instead(rows[1], [same[0]._replace(topics=("telework",))]) == []


# -- what is known of a firm -----------------------------------------------------------------------
def fitted(world: World) -> tuple[Organisation, User]:
    """A shop that the open call fits, and somebody of it since before the call."""
    firm, person = simulation.organisation(world.sim)
    Organisation.objects.filter(pk=firm.pk).update(
        industry="58", capital=3_000_000, employees=12, has_sapporo_office=True, kind="corporation"
    )
    Membership.objects.filter(user=person).update(joined_at=clock.now() - timedelta(days=90))
    firm.refresh_from_db()
    return firm, person


def test_what_a_firm_had_and_applied_to_is_known(world: World) -> None:
    award, _person = awarded(world)
    firm, application = award.case.organisation, award.application
    known = firms.known([firm])[firm.pk]
    assert (known.had, known.applied) == (
        frozenset({"telework"}),
        frozenset({application.call_id}),
    )
    assert firms.known([fitted(world)[0]]).popitem()[1].had == frozenset()


def test_nobody_learns_from_a_firm_that_is_not_proved_what_it_had(world: World) -> None:
    award, _person = awarded(world)
    pk = award.case.organisation_id
    Organisation.objects.filter(pk=pk).update(proved_how="", proved_at=None, proved_by=None)
    firm = Organisation.objects.get(pk=pk)
    known = firms.known([firm])[firm.pk]
    assert (known.had, known.applied) == (frozenset(), frozenset())


# -- the page --------------------------------------------------------------------------------------
def test_the_page_shows_what_fits_and_hides_what_somebody_does_not_want(
    world: World, client: Client
) -> None:
    firm, person = fitted(world)
    call, page = world.calls["telework"], f"/organisations/{firm.pk}/fitting/"
    client.force_login(person)
    assert [row.call for row in client.get(page).context["fits"]] == [call]
    assert "合う支援1件" in client.get("/my/").content.decode()
    assert client.post(f"{page}{call.code}/hide/").status_code == 302
    shown = client.get(page)
    assert shown.context["fits"] == []
    assert [row.call for row in shown.context["hidden"]] == [call]
    assert "合う支援0件" in client.get("/my/").content.decode()
    client.post(f"{page}{call.code}/take-back/")
    assert [row.call for row in client.get(page).context["fits"]] == [call]


def test_aims_are_of_the_firm_and_may_be_none(world: World, client: Client) -> None:
    firm, person = fitted(world)
    page = f"/organisations/{firm.pk}/fitting/"
    client.force_login(person)
    client.post(f"{page}aims/", {"topics": ["sales"]})
    assert client.get(page).context["fits"] == []
    client.post(f"{page}aims/", {"x": ""})
    assert len(client.get(page).context["fits"]) == 1


def test_the_page_is_for_people_of_the_firm_and_advisers_in_all_matters(
    world: World, client: Client
) -> None:
    firm, person = fitted(world)
    page, today = f"/organisations/{firm.pk}/fitting/", clock.today()
    client.force_login(world.outsider)
    assert client.get(page).status_code == 404
    terms = {"starts_on": today, "ends_on": today, "granted_by": person}
    row = Delegation.objects.create(
        adviser=world.outsider, organisation=firm, programme_code="iot", **terms
    )
    assert client.get(page).status_code == 404
    Delegation.objects.filter(pk=row.pk).update(programme_code="")
    assert client.get(page).status_code == 200


def test_the_page_asks_the_same_for_one_call_and_for_more(world: World, client: Client) -> None:
    firm, person = fitted(world)
    client.force_login(person)
    page = f"/organisations/{firm.pk}/fitting/"
    one, own = count(client, page), count(client, "/my/")
    for code in ("iot", "dx_promotion", "it_bio"):
        world.call(code)
    assert (count(client, page), count(client, "/my/")) == (one, own)
    assert one <= 12
    assert own <= 14


# -- telling ---------------------------------------------------------------------------------------
def sent_to(person: User) -> list[Mail]:
    return list(Mail.objects.filter(to=person, kind="news").order_by("pk"))


def test_a_call_that_fits_is_told_once_with_its_reason(
    world: World, post: Callable[[], list[EmailMessage]]
) -> None:
    firm, person = fitted(world)
    assert telling.tell() == 1
    assert telling.tell() == 0
    (mail,) = sent_to(person)
    assert mail.subject == "【さっぽろ事業支援ポータル】支援のお知らせ（1件）"
    assert "札幌市内の事業所" in mail.body
    assert f"/programmes/{world.calls['telework'].code}/" in mail.body
    for personal in (firm.name, person.name, person.email, firm.representative_name):
        assert personal not in mail.subject + mail.body
    assert [row.to for row in post() if row.to == [person.email]] == [[person.email]]


def test_the_mail_speaks_the_language_of_its_reader(world: World) -> None:
    _firm, person = fitted(world)
    User.objects.filter(pk=person.pk).update(language="en")
    telling.tell()
    (mail,) = sent_to(person)
    assert "Support for you (1)" in mail.subject
    assert "You meet the conditions on" in mail.body
    assert "、" not in mail.body
    assert f"/en/programmes/{world.calls['telework'].code}/" in mail.body


@pytest.mark.parametrize(
    "why", ["hidden", "never", "left", "joined later", "does not fit", "applied"]
)
def test_who_is_not_told(world: World, why: str) -> None:
    firm, person = fitted(world)
    match why:
        case "hidden":
            marking.hide(world.calls["telework"], by=person)
        case "never":
            digests.choose_own(person, news="never", own={})
        case "left":
            Membership.objects.filter(user=person).update(left_at=clock.now())
        case "joined later":
            Membership.objects.filter(user=person).update(joined_at=clock.now())
        case "does not fit":
            marking.aim(firm, ["sales"])
        case _:
            begin(Application, by=person, call=world.calls["telework"], organisation=firm)
    assert telling.tell() == 0
    assert sent_to(person) == []


def test_what_was_missed_is_made_up_for_as_long_as_it_is_open(world: World) -> None:
    _firm, person = fitted(world)
    with clock.at(clock.now() + timedelta(days=19)):  # nothing ran for weeks
        assert telling.tell() == 1
    Told.objects.all().delete()
    with clock.at(clock.now() + timedelta(days=25)):  # closed by now
        assert telling.tell() == 0
    assert len(sent_to(person)) == 1


def test_in_the_digest_of_whoever_wishes_so(world: World) -> None:
    _firm, person = fitted(world)
    digests.choose_own(person, news="digest", own={})
    assert telling.tell() == 1
    (mail,) = sent_to(person)
    assert mail.state == Mail.WAITING
    with clock.at(open_morning()):
        assert digests.send_digests() == 1
    digest = Mail.objects.get(to=person, subject__contains="お知らせのまとめ")
    assert world.calls["telework"].code in digest.body
    assert "職員" not in digest.body


def test_two_workers_tell_once(committed_world: World) -> None:
    _firm, person = fitted(committed_world)
    together(telling.tell, telling.tell)
    assert len(sent_to(person)) == 1


def test_telling_asks_the_same_for_one_firm_and_for_many(world: World) -> None:
    fitted(world)
    telling.tell()
    with counted() as one:
        telling.tell()
    for _n in range(3):
        fitted(world)
    telling.tell()
    with counted() as four:
        assert telling.tell() == 0
    assert len(one) == len(four)
    assert len(four) <= 16


# -- reminders -------------------------------------------------------------------------------------
def test_a_reminder_comes_on_its_day_once(world: World) -> None:
    _firm, person = fitted(world)
    telling.tell()
    call = world.calls["telework"]
    marking.remind(call, clock.today() + timedelta(days=3), by=person)
    assert telling.tell() == 0
    with clock.at(clock.now() + timedelta(days=3)):
        assert telling.tell() == 1
        assert telling.tell() == 0
    assert "お知らせを頼まれていた日になりました。" in sent_to(person)[1].body


def test_who_hides_a_call_is_not_reminded_of_it(world: World) -> None:
    _firm, person = fitted(world)
    call = world.calls["telework"]
    marking.remind(call, clock.today() + timedelta(days=3), by=person)
    marking.hide(call, by=person)
    with clock.at(clock.now() + timedelta(days=3)):
        assert telling.tell() == 0
    assert Mark.objects.get().remind_on is None


@pytest.mark.parametrize("ahead", [0, 21])
def test_no_reminder_for_a_day_that_is_not_ahead_or_too_late(world: World, ahead: int) -> None:
    _firm, person = fitted(world)
    on: date = clock.today() + timedelta(days=ahead)
    with pytest.raises(NotReady):
        marking.remind(world.calls["telework"], on, by=person)


# -- kept searches ---------------------------------------------------------------------------------
def kept(person: User, **search: str) -> SavedSearch:
    row = keeping.keep(person, search)
    SavedSearch.objects.filter(pk=row.pk).update(kept_at=clock.now() - timedelta(days=90))
    return row


def test_a_kept_search_tells_of_what_is_new_in_it(world: World) -> None:
    kept(world.outsider, q="在宅勤務")
    assert telling.tell() == 1
    assert telling.tell() == 0
    (mail,) = sent_to(world.outsider)
    assert "保存した検索に当てはまります（テレワーク・在宅勤務）。" in mail.body


@pytest.mark.parametrize("q", ["センサー", "宇宙船"])
def test_a_search_that_does_not_find_it_tells_nothing(world: World, q: str) -> None:
    kept(world.outsider, q=q)
    assert telling.tell() == 0


def test_what_was_typed_stands_in_no_mail(world: World) -> None:
    kept(world.outsider, q="在宅勤務 山田太郎")
    telling.tell()
    assert "山田" not in "".join(mail.body for mail in sent_to(world.outsider))


def test_what_was_open_before_it_was_kept_is_not_new(world: World) -> None:
    keeping.keep(world.outsider, {"q": "在宅勤務"})
    assert telling.tell() == 0


def test_found_twice_it_is_told_once_with_both_reasons(world: World) -> None:
    _firm, person = fitted(world)
    kept(person, q="在宅勤務")
    assert telling.tell() == 1
    (mail,) = sent_to(person)
    assert "保存した検索" in mail.body
    assert "条件に当てはまります" in mail.body


def test_a_search_is_kept_once_named_and_deleted(world: World, client: Client) -> None:
    client.force_login(world.outsider)
    for _n in range(2):
        client.post("/my/searches/keep/", {"q": "在宅勤務", "area": SAPPORO, "size": "20"})
    page = client.get("/my/searches/").content.decode()
    assert "在宅勤務、札幌市、20人以下" in page
    row = SavedSearch.objects.get()
    client.force_login(world.officer)
    assert client.post(f"/my/searches/{row.pk}/remove/").status_code == 404
    client.force_login(world.outsider)
    assert client.post(f"/my/searches/{row.pk}/remove/").status_code == 302
    assert not SavedSearch.objects.exists()


def test_nothing_to_keep_and_too_many_are_refused(world: World) -> None:
    with pytest.raises(NotReady):
        keeping.keep(world.outsider, keeping.asked({"q": " ", "open": "on"}))
    for n in range(keeping.MOST):
        keeping.keep(world.outsider, {"q": f"語{n}"})
    with pytest.raises(NotReady):
        keeping.keep(world.outsider, {"q": "もう1つ"})
    keeping.keep(world.outsider, {"q": "語1"})  # it is there already


# -- drafts ----------------------------------------------------------------------------------------
def test_a_draft_is_no_application_and_leads_on(world: World, client: Client) -> None:
    firm, person = fitted(world)
    call = world.calls["telework"]
    draft = begin(Application, by=person, call=call, organisation=firm)
    client.force_login(person)
    page = client.get(f"/organisations/{firm.pk}/fitting/")
    words = f"書きかけの申請があります。締切は{call.intake_until(call.closes_at)}です。"
    assert [row.fit.why for row in page.context["begun"]] == [(words,)]
    assert call not in [row.call for row in page.context["others"]]
    assert f'href="/apply/{draft.case.number}/"' in page.content.decode()


def test_what_was_handed_in_is_applied_to(world: World, client: Client) -> None:
    application, person = world.submitted()
    client.force_login(person)
    firm = application.case.organisation_id
    context = client.get(f"/organisations/{firm}/fitting/").context
    assert context["begun"] == []
    assert ("この公募には、もう申し込んでいます。",) in [row.fit.why for row in context["others"]]
