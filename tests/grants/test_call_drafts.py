"""A call before it is announced: put right by its officer, approved anew; and its budget when it is called off."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.budget import adding_up, calls, changes, copying
from grants.budget.models import BudgetChange, BudgetLine
from grants.programmes.forms import EarlyEndForm, ExtendForm
from grants.programmes.models import Call, Programme
from portal import clock
from portal.accounts.models import StaffRole
from portal.audit.models import Event
from portal.closures import calendars
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.types import Given
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World
from tests.markup import one_line


def drafted(world: World, *, ended: bool = False) -> Call:
    """A call of this year that nobody approved yet; `ended`: its intake lies behind."""
    today = clock.now()
    first, last = (-9, -1) if ended else (1, 9)
    call = begin(
        Call,
        by=world.officer,
        programme=Programme.objects.get(code="iot", state="approved"),
        fiscal_year=2026,
        round_no=9,
        periods=[(today + timedelta(days=first), today + timedelta(days=last))],
        decision_on=clock.today() + timedelta(days=30),
        project_ends_on=clock.today() + timedelta(days=60),
    )
    calls.make_lines(call, [("introduction", "yen", 1_000_000)], by=world.officer)
    return call


def typed(call: Call, **other: str) -> Given:
    days = {"opens_on": 2, "closes_on": 12, "decision_on": 40, "project_ends_on": 70}
    return {
        **{f"{name}_y": f"{clock.today() + timedelta(days=n)}" for name, n in days.items()},
        "fiscal_year": "2026",
        "round_no": "8",
        "yen_introduction": "700,000",
        "seen": str(call.version),
        **other,
    }


def held(call: Call) -> list[tuple[str, int]]:
    rows = BudgetLine.objects.filter(call=call)
    return [(line.frame, line.appropriated) for line in rows]


def test_the_hours_of_an_intake_are_asked_for_and_begin_as_usual(
    world: World, client: Client
) -> None:
    call = drafted(world)
    client.force_login(world.officer)
    page = reverse("call_edit", args=[call.pk])

    def hours(**typed_beside: str) -> list[str]:
        again = Call.objects.get(pk=call.pk)
        client.post(page, typed(again, **typed_beside))
        periods = Call.objects.get(pk=call.pk).periods.all()
        return [
            f"{end.astimezone(clock.JST):%H:%M}"
            for p in periods
            for end in (p.opens_at, p.closes_at)
        ]

    new = client.get(reverse("call_new", args=[call.programme_id])).content.decode()
    assert [f'<option value="{at}" selected>' in new for at in ("09:00", "17:00")] == [True, True]
    assert hours() == ["09:00", "17:00"]
    assert hours(opens_at="10:30", closes_at="12:00") == ["10:30", "12:00"]
    shown = client.get(page).content.decode()
    assert [f'<option value="{at}" selected>' in shown for at in ("10:30", "12:00")] == [True, True]
    twice = {
        f"second_{end}_on_y": f"{clock.today() + timedelta(days=n)}"
        for end, n in (("opens", 15), ("closes", 20))
    }
    assert hours(closes_at="15:00", **twice) == ["09:00", "15:00", "09:00", "15:00"]
    assert client.post(page, typed(call, closes_at="25:00")).status_code == 422


@pytest.mark.parametrize("form", [EarlyEndForm, ExtendForm])
def test_another_closing_day_asks_for_its_hour(form: type[EarlyEndForm | ExtendForm]) -> None:
    day = f"{clock.today() + timedelta(days=3)}"
    for typed_beside, hour in (({}, 17), ({"closes_at": "12:00"}, 12)):
        filled = form({"closes_on_y": day, "public_reason": "x", **typed_beside})
        assert filled.is_valid()
        given = filled.said() if isinstance(filled, EarlyEndForm) else filled.cleaned_data
        assert given["closes_at"].astimezone(clock.JST).hour == hour
        assert "closes_on" not in given


def test_all_of_a_draft_can_be_put_right_and_each_version_stays_in_the_record(
    world: World, client: Client
) -> None:
    call = drafted(world)
    client.force_login(world.officer)
    page = reverse("call_edit", args=[call.pk])
    assert 'value="1,000,000"' in client.get(page).content.decode()
    assert client.post(page, typed(call)).status_code == 302
    again = Call.objects.get(pk=call.pk)
    assert (again.code, again.round_no, again.state) == ("iot-2026-8", 8, "draft")
    days = [clock.day_of(end) for p in again.periods.all() for end in (p.opens_at, p.closes_at)]
    assert days == [clock.today() + timedelta(days=n) for n in (2, 12)]
    assert again.decision_on == clock.today() + timedelta(days=40)
    assert held(again) == [("introduction", 700_000)]
    assert adding_up.first_fault() == ""
    assert Event.objects.get(action="call.revise").payload.data()["given"] == {
        "fiscal_year": 2026,
        "round_no": 8,
        "decision_on": f"{again.decision_on}",
        "project_ends_on": f"{again.project_ends_on}",
        "intake": f"{days[0]}T09:00:00+09:00/{days[1]}T17:00:00+09:00",
        "budget": "introduction:yen:700000",
    }


def test_what_was_approved_and_is_put_right_is_approved_anew_by_another(
    world: World, client: Client
) -> None:
    call = perform(drafted(world), "approve", by=world.director)
    client.force_login(world.officer)
    assert "公募回を直す" in one_line(client.get(call.get_absolute_url()))
    page = reverse("call_edit", args=[call.pk])
    assert client.post(page, typed(call)).status_code == 302
    call = Call.objects.get(pk=call.pk)
    assert call.state == "draft"
    assert client.post(page, typed(call, seen="0")).status_code == 409
    with pytest.raises(Forbidden):
        perform(call, "approve", by=world.officer)
    call = perform(perform(call, "approve", by=world.director), "announce", by=world.officer)
    assert "公募回を直す" not in one_line(client.get(call.get_absolute_url()))
    assert client.get(page).status_code == 404


def test_a_second_intake_comes_whole_after_the_first(world: World, client: Client) -> None:
    call = drafted(world)
    client.force_login(world.officer)
    page = reverse("call_edit", args=[call.pk])
    sooner, later, last = (str(clock.today() + timedelta(days=n)) for n in (5, 20, 45))
    for second in (
        {"second_opens_on_y": sooner, "second_closes_on_y": later},
        {"second_opens_on_y": later, "second_closes_on_y": sooner},
        {"second_opens_on_y": later},
        {"second_opens_on_y": later, "second_closes_on_y": last},
    ):
        assert client.post(page, typed(call, **second)).status_code == 422
    ends = {"second_opens_on_y": later, "second_closes_on_y": later}
    assert client.post(page, typed(call, **ends)).status_code == 302
    assert call.periods.count() == 2


def test_a_call_whose_intake_is_over_is_not_announced(world: World) -> None:
    call = perform(drafted(world, ended=True), "approve", by=world.director)
    with pytest.raises(NotReady, match="もう終わっています"):
        perform(call, "announce", by=world.officer)


def test_what_a_called_off_call_has_not_promised_is_given_back(world: World) -> None:
    application, _person = world.accepted()
    amount = application.requested_amount or 0
    world.decided("award", [application], {"amount": amount})
    call = Call.objects.get(pk=application.call_id)
    line = BudgetLine.objects.get(call=call, frame=application.frame, unit="yen")
    waiting = changes.propose(
        line, "appropriation", 1_000, by=world.staff["accountant"], note="補正予算"
    )
    world.called_off(call)
    line.refresh_from_db()
    assert (line.appropriated, line.committed, line.available) == (amount, amount, 0)
    assert {row.available for row in BudgetLine.objects.filter(call=call)} == {0}
    assert adding_up.first_fault() == ""
    assert BudgetChange.objects.get(pk=waiting.pk).closed_by == world.director
    with pytest.raises(NotReady, match="中止した公募回"):
        changes.propose(line, "appropriation", 1, by=world.staff["accountant"], note="補正予算")


def test_what_awards_of_a_called_off_call_release_later_leaves_its_lines_too(world: World) -> None:
    application, person = world.accepted()
    world.decided("award", [application])
    call = Call.objects.get(pk=application.call_id)
    world.called_off(call)
    perform(Award.objects.get(application=application), "withdraw", by=person)
    lines = BudgetLine.objects.filter(call=call)
    assert {(row.appropriated, row.committed) for row in lines} == {(0, 0)}
    assert {row.unit for row in lines} == {"yen", "slots"}
    assert adding_up.first_fault() == ""


def test_a_call_that_waits_for_its_approver_is_said_on_the_inbox_and_by_mail(
    world: World, client: Client
) -> None:
    call = drafted(world)
    words = "制度・公募回と、公募の変更が1件、あなたの承認を待っています。"
    for person, is_told in ((world.approver, True), (world.officer, False)):
        client.force_login(person)
        assert (words in one_line(client.get("/inbox/"))) is is_told, person
    # whoever drafted it does not approve it, whatever roles they hold
    StaffRole.objects.create(
        person=world.officer,
        role="approver",
        starts_on=clock.today(),
        granted_by=world.director,
    )
    client.force_login(world.officer)
    assert words not in one_line(client.get("/inbox/"))
    Mail.objects.all().delete()
    reminders.tell_of_waiting()
    told = {mail.to for mail in Mail.objects.filter(subject__contains="承認を待つ制度・公募回")}
    assert world.approver in told
    assert world.officer not in told

    perform(call, "approve", by=world.approver)
    client.force_login(world.approver)
    assert words not in one_line(client.get("/inbox/"))


@pytest.mark.parametrize(
    ("day", "is_taken"), [(date(2027, 3, 31), True), (date(2027, 4, 1), False)]
)
def test_a_call_whose_projects_end_beyond_its_year_is_not_made(
    world: World, client: Client, day: date, is_taken: bool
) -> None:
    call = drafted(world)
    client.force_login(world.officer)
    sent = typed(call, project_ends_on_y=f"{day}")
    page = client.post(reverse("call_edit", args=[call.pk]), sent)
    assert page.status_code == (302 if is_taken else 422)
    assert ("公募回の年度の終わり" in one_line(page)) != is_taken
    assert (Call.objects.get(pk=call.pk).project_ends_on == day) == is_taken


@pytest.mark.parametrize(
    ("day", "is_taken"), [(date(2027, 3, 31), True), (date(2027, 4, 1), False)]
)
def test_no_call_begins_or_is_announced_whose_projects_end_beyond_its_year(
    world: World, day: date, is_taken: bool
) -> None:
    """Also past the form: by the door itself, and of a call that was made before this was asked."""
    call = perform(drafted(world), "approve", by=world.director)

    def made() -> Call:
        return begin(
            Call,
            by=world.officer,
            programme=call.programme,
            fiscal_year=2026,
            round_no=10,
            periods=[(p.opens_at, p.closes_at) for p in call.periods.all()],
            decision_on=call.decision_on,
            project_ends_on=day,
        )

    Call.objects.filter(pk=call.pk).update(project_ends_on=day)
    fresh = Call.objects.get(pk=call.pk)
    if is_taken:
        made()
        assert perform(fresh, "announce", by=world.officer).state == "announced"
        return
    with pytest.raises(NotReady, match="公募回の年度の終わり"):
        made()
    with pytest.raises(NotReady, match="公募回の年度の終わり"):
        perform(fresh, "announce", by=world.officer)


def test_a_call_is_copied_as_the_next_years(world: World, client: Client) -> None:
    """Its days a year later and open, its year and number moved, each marked; nothing is made by looking."""
    call = drafted(world)
    n = Call.objects.count()
    client.force_login(world.officer)
    page = one_line(client.get(call.get_absolute_url()))
    where = f"{reverse('call_new', args=[call.programme_id])}?from={call.pk}"
    assert f'href="{where}"' in page
    form = client.get(where).context["form"]
    begun = form.initial
    assert (begun["fiscal_year"], begun["round_no"]) == (2027, 9)
    office = calendars.of_case(call)
    for name in ("opens_on", "closes_on", "decision_on", "project_ends_on"):
        before = calls.as_it_is(call)[name]
        assert office.is_open(begun[name])
        assert 360 < (begun[name] - before).days < 380
        assert str(form.fields[name].help_text).startswith("要確認：前の回は")
    assert begun["yen_introduction"] == 1_000_000
    assert Call.objects.count() == n
    sent = {f"{name}_y": f"{day}" for name, day in begun.items() if isinstance(day, date)} | {
        "fiscal_year": "2027",
        "round_no": "9",
        "yen_introduction": "900,000",
    }
    made_at = client.post(where, sent)
    assert made_at.status_code == 302, made_at.context["form"].errors
    made = Call.objects.get(fiscal_year=2027, round_no=9)
    assert (made.state, held(made)) == ("draft", [("introduction", 900_000)])


@pytest.mark.parametrize(
    ("day", "later"),
    [
        (date(2026, 5, 8), date(2027, 5, 10)),  # a Saturday: the Monday after
        (date(2026, 5, 3), date(2027, 5, 6)),  # holidays
        (date(2028, 2, 29), date(2029, 2, 28)),
        (date(2027, 3, 31), date(2028, 3, 31)),
        (date(2028, 3, 31), date(2029, 3, 30)),  # never out of its fiscal year
    ],
)
def test_a_day_a_year_later_is_open_and_of_the_same_fiscal_year(
    world: World, day: date, later: date
) -> None:
    assert copying.year_later(day, calendars.office("011002")) == later


def test_a_call_is_sent_back_with_a_reason_and_put_right(world: World, client: Client) -> None:
    """Its editor is written to and reads why; meanwhile no approver is asked; its budget says that the
    call is not approved yet.
    """
    call = drafted(world)
    client.force_login(world.director)
    assert "あなたの承認を待っています" in one_line(client.get("/inbox/"))
    assert "公募回は未承認" in one_line(client.get("/staff/budget/"))
    with pytest.raises(Forbidden):
        perform(call, "send_back", by=world.officer, reason="x")
    call = perform(call, "send_back", by=world.director, reason="締切が連休に当たります。")
    [mail] = Mail.objects.filter(to=world.officer, subject__startswith="公募回が差し戻されました")
    assert call.get_absolute_url() in mail.body
    assert "あなたの承認を待っています" not in one_line(client.get("/inbox/"))
    client.force_login(world.officer)
    assert "締切が連休に当たります。" in one_line(client.get(call.get_absolute_url()))
    assert client.post(reverse("call_edit", args=[call.pk]), typed(call)).status_code == 302
    call = Call.objects.get(pk=call.pk)
    assert (call.state, call.returned_for) == ("draft", "")
    call = perform(call, "approve", by=world.director)
    client.force_login(world.director)
    assert "公募回は未承認" not in one_line(client.get("/staff/budget/"))
