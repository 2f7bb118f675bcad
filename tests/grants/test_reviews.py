"""Ranking, ties, the budget line, the lottery; and the panel with its declarations."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction as F
from urllib.parse import urlsplit

import pytest
from django.forms import ModelChoiceField
from django.http.response import HttpResponseBase
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from grants.applications.models import Application
from grants.reviews import ranking, rules
from grants.reviews.forms import ReplacementForm
from grants.reviews.models import Review, ReviewPanel
from portal import clock
from portal.accounts.models import User
from portal.audit.models import Event
from portal.cases import interests
from portal.cases.turns import differing
from portal.correspondence.models import Mail
from portal.documents.models import Document
from portal.ui.templatetags.ui import day
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.graph import LifeCycle
from tests.conftest import World
from tests.markup import one_line
from tools.demonstration import simulation

T0 = datetime(2026, 11, 1, tzinfo=UTC)


def entrant(n: int, amount: int, score: int | None = None) -> rules.Entrant:
    return rules.Entrant(
        n, f"DX8-{n:04}", amount, T0 + timedelta(minutes=n), None if score is None else F(score)
    )


def test_the_line_is_drawn_at_the_very_yen() -> None:
    places = rules.ranking(
        [entrant(1, 600, 90), entrant(2, 400, 80), entrant(3, 1, 70)],
        "competitive",
        budget=1000,
        pass_mark=60,
    )
    assert [(p.rank, p.cumulative, p.inside) for p in places] == [
        (1, 600, True),
        (2, 1000, True),
        (3, 1001, False),
    ]


def test_nobody_below_the_line_jumps_the_queue() -> None:
    places = rules.ranking(
        [entrant(1, 900, 90), entrant(2, 400, 80), entrant(3, 50, 70)], "competitive", budget=1000
    )
    assert [p.inside for p in places] == [True, False, False]


def test_a_tie_across_the_line_is_left_to_the_panel() -> None:
    places = rules.ranking(
        [entrant(1, 600, 90), entrant(2, 400, 74), entrant(3, 400, 74)], "competitive", budget=1000
    )
    assert [(p.rank, p.tied) for p in places] == [(1, False), (2, True), (2, True)]


def test_below_the_pass_mark_is_never_inside() -> None:
    places = rules.ranking(
        [entrant(1, 10, 59), entrant(2, 10, 60)], "competitive", budget=1000, pass_mark=60
    )
    assert [(p.entrant.pk, p.inside) for p in places] == [(2, True), (1, False)]


def test_first_come_counts_the_arrival_and_the_slots() -> None:
    places = rules.ranking(
        [entrant(2, 10), entrant(1, 10), entrant(3, 10)], "first_come", budget=None, slots=2
    )
    assert [(p.entrant.pk, p.inside) for p in places] == [(1, True), (2, True), (3, False)]


def test_anyone_can_repeat_the_lottery() -> None:
    assert rules.lottery_key("seed", "IOT8-0001") == hashlib.sha256(b"seedIOT8-0001").hexdigest()
    rows = [entrant(n, 1) for n in range(1, 6)]
    wanted = sorted(rows, key=lambda e: rules.lottery_key("seed", e.receipt))
    assert rules.order(rows, "lottery", seed="seed") == wanted


@given(
    st.lists(st.tuples(st.integers(1, 1000), st.integers(0, 100)), max_size=20),
    st.integers(0, 5000),
)
def test_what_lies_inside_never_exceeds_the_budget(
    rows: list[tuple[int, int]], budget: int
) -> None:
    places = rules.ranking(
        [entrant(n, amount, score) for n, (amount, score) in enumerate(rows)],
        "competitive",
        budget=budget,
    )
    assert sum(p.entrant.amount for p in places if p.inside) <= budget


def convened(world: World, n: int = 2) -> tuple[ReviewPanel, list[Application]]:
    world.calls["dx_promotion"] = world.call("dx_promotion")
    applications = [world.accepted("dx_promotion")[0] for _ in range(n)]
    members = [world.staff["reviewer"], world.staff["second_reviewer"]]
    panel = begin(
        ReviewPanel,
        by=world.officer,
        call=world.calls["dx_promotion"],
        applications=applications,
        members=members,
        due_on=clock.today() + timedelta(days=14),
    )
    return panel, applications


def points(review: Review, n: int) -> dict[str, tuple[int, str]]:
    return {c.key: (n, "根拠がある") for c in review.panel.call.stated.criteria}


def test_a_panel_scores_and_closes_with_minutes(world: World) -> None:
    panel, applications = convened(world)
    for review in Review.objects.filter(panel=panel):
        review = perform(review, "declare", by=review.reviewer)
        perform(review, "score", by=review.reviewer, points=points(review, 4))
    perform(panel, "close", by=world.officer, minutes="全件を審査した")
    assert set(
        Application.objects.filter(pk__in=[a.pk for a in applications]).values_list(
            "state", flat=True
        )
    ) == {"reviewed"}
    assert ranking.scores_of(applications[0]) == [F(80), F(80)]


def test_an_unscored_review_keeps_the_panel_open(world: World) -> None:
    panel, _applications = convened(world, 1)
    with pytest.raises(NotReady, match="2件"):
        perform(panel, "close", by=world.officer, minutes="x")


def test_scoring_before_declaring_is_refused(world: World) -> None:
    panel, _applications = convened(world, 1)
    review = Review.objects.filter(panel=panel).first()
    assert review is not None
    with pytest.raises(Exception, match="依頼中"):
        perform(review, "score", by=review.reviewer, points=points(review, 3))


def test_a_reviewer_who_recuses_is_out_of_the_case_for_good(world: World) -> None:
    panel, _applications = convened(world, 1)
    review = Review.objects.get(panel=panel, reviewer=world.staff["reviewer"])
    perform(review, "recuse", by=review.reviewer, reason="取引先のため")
    assert ranking.scores_of(review.application) == []
    other = Review.objects.get(panel=panel, reviewer=world.staff["second_reviewer"])
    with pytest.raises(Forbidden):
        perform(other, "declare", by=world.staff["reviewer"])


def test_a_replacement_gets_the_review(world: World) -> None:
    panel, _applications = convened(world, 1)
    review = Review.objects.get(panel=panel, reviewer=world.staff["reviewer"])
    perform(
        review,
        "replace",
        by=world.officer,
        reason="長期の休み",
        person=world.staff["third_reviewer"],
    )
    assert Review.objects.filter(
        panel=panel, reviewer=world.staff["third_reviewer"], state="assigned"
    ).exists()


def scored(review: Review) -> Review:
    review = perform(review, "declare", by=review.reviewer)
    return perform(review, "score", by=review.reviewer, points=points(review, 4))


def test_an_interest_declared_after_scoring_takes_the_score_out(world: World) -> None:
    panel, [application] = convened(world, 1)
    first, second = [scored(r) for r in Review.objects.filter(panel=panel).order_by("pk")]
    interests.step_back(first.case, by=first.reviewer, detail="親族が役員")
    first = Review.objects.get(pk=first.pk)
    assert first.state == "recused"
    assert len(ranking.scores_of(Application.objects.get(pk=application.pk))) == 1
    assert second.case.turns.filter(
        what="代わりの審査員を決める", role="programme_officer"
    ).exists()
    assert Mail.objects.filter(case=first.case, subject__contains="審査を回避しました").exists()
    assert differing() == []


def test_an_officer_replaces_a_reviewer_who_stepped_back(world: World) -> None:
    panel, _applications = convened(world, 1)
    review = Review.objects.filter(panel=panel).first()
    assert review is not None
    review = perform(review, "recuse", by=review.reviewer, reason="取引がある")
    spare = (
        world.staff["reviewer"]
        if review.reviewer != world.staff["reviewer"]
        else world.staff["second_reviewer"]
    )
    offered = ReplacementForm(obj=review).fields["person"]
    assert isinstance(offered, ModelChoiceField)
    assert offered.queryset is not None
    assert spare not in offered.queryset
    perform(
        review,
        "replace",
        by=world.officer,
        reason="回避のため",
        person=world.staff["third_reviewer"],
    )
    assert Review.objects.filter(
        panel=panel, reviewer=world.staff["third_reviewer"], state="assigned"
    ).exists()
    assert differing() == []


def test_a_scored_case_waits_for_the_officer_to_close_the_panel(world: World) -> None:
    panel, applications = convened(world, 1)
    for review in Review.objects.filter(panel=panel):
        scored(review)
    turn = applications[0].case.turns.get(what="審査会を閉じる")
    assert (turn.role, turn.own_page) == ("programme_officer", panel.get_absolute_url())
    assert differing() == []
    perform(panel, "close", by=world.officer, minutes="採点順")
    assert not applications[0].case.turns.filter(what="審査会を閉じる").exists()


def test_a_panel_stays_open_while_an_application_has_no_score(world: World) -> None:
    panel, _applications = convened(world, 1)
    for review in Review.objects.filter(panel=panel):
        perform(review, "recuse", by=review.reviewer, reason="取引がある")
    with pytest.raises(NotReady, match="採点が一つもない"):
        perform(panel, "close", by=world.officer, minutes="採点順")


def to(person: User) -> list[Mail]:
    return list(Mail.objects.filter(to=person).order_by("pk"))


def test_convening_a_panel_writes_to_each_reviewer_once(world: World, client: Client) -> None:
    panel, applications = convened(world, 2)
    for name in ("reviewer", "second_reviewer"):
        [mail] = to(world.staff[name])
        assert mail.subject == f"審査をお願いします：{panel.call}"
        assert "申請2件について、はじめに利益相反がないかを申告し" in mail.body
        assert f"{day(panel.due_on)}までに採点してください" in mail.body
        link = re.findall(r"https?://\S+", mail.body)[0]
        client.force_login(world.staff[name])
        page = client.get(urlsplit(link).path)
        assert page.status_code == 200
        assert (
            f"/reviews/{applications[0].reviews.get(reviewer=world.staff[name]).pk}/"
            in page.content.decode()
        )
        firms = [application.case.organisation for application in applications]
        assert not any(
            word in mail.body for firm in firms for word in (firm.name, firm.representative_name)
        )


def test_a_mail_about_a_review_goes_to_whoever_it_is_a_task_of(world: World) -> None:
    panel, _applications = convened(world, 1)
    review = Review.objects.get(panel=panel, reviewer=world.staff["reviewer"])
    review = perform(scored(review), "reopen", by=world.officer, reason="根拠を足してください")
    asked = to(world.staff["reviewer"])[-1]
    assert asked.subject.startswith("採点のやり直しをお願いします")
    assert review.get_absolute_url() in asked.body
    perform(review, "recuse", by=review.reviewer, reason="取引がある")
    [told] = Mail.objects.filter(subject__contains="審査を回避しました", to=world.officer)
    assert "次にすること：代わりの審査員を決める" in told.body
    assert f"/reviews/{review.pk}/" in told.body
    assert len(to(world.staff["second_reviewer"])) == 1


def test_a_score_has_one_day_in_list_page_turn_and_ranking(world: World) -> None:
    """The panel is asked for in a month: ten working days are over long before."""
    panel, [application] = convened(world, 1)
    ReviewPanel.objects.filter(pk=panel.pk).update(due_on=clock.today() + timedelta(days=30))
    reviewer = world.staff["reviewer"]
    review = perform(Review.objects.get(panel=panel, reviewer=reviewer), "declare", by=reviewer)
    due = clock.today() + timedelta(days=30)
    reader = Client()
    reader.force_login(reviewer)
    assert [turn.due_on for turn in application.case.turns.filter(person=reviewer)] == [due]
    for page in ("/reviews/", review.get_absolute_url()):
        assert day(due) in reader.get(page).content.decode()
    reader.force_login(world.officer)
    assert day(due) in reader.get(f"/staff/calls/{panel.call_id}/ranking/").content.decode()


def test_nobody_is_offered_to_recuse_once_it_is_decided(world: World) -> None:
    panel, [application] = convened(world, 1)
    for review in Review.objects.filter(panel=panel):
        review = perform(review, "declare", by=review.reviewer)
        perform(review, "score", by=review.reviewer, points=points(review, 4))
    perform(panel, "close", by=world.officer, minutes="x")
    review = Review.objects.get(panel=panel, reviewer=world.staff["reviewer"])
    reader = Client()
    reader.force_login(review.reviewer)
    offer = "利益相反があるので回避する"
    assert offer in reader.get(review.get_absolute_url()).content.decode()
    with world.after_intake(panel.call):
        world.decided("reject", [Application.objects.get(pk=application.pk)], {"reason": "x"})
        reader.force_login(review.reviewer)
        assert offer not in reader.get(review.get_absolute_url()).content.decode()


def test_whoever_is_asked_after_the_panels_day_is_not_late_at_once(world: World) -> None:
    panel, [application] = convened(world, 1)
    with clock.at(simulation.at(panel.due_on + timedelta(days=3), 10)):
        review = Review.objects.get(panel=panel, reviewer=world.staff["reviewer"])
        perform(
            review,
            "replace",
            by=world.officer,
            reason="長期の休み",
            person=world.staff["third_reviewer"],
        )
        asked = Review.objects.get(panel=panel, reviewer=world.staff["third_reviewer"])
        turn = application.case.turns.get(person=world.staff["third_reviewer"])
        assert clock.today() < (turn.due_on or clock.today()) < asked.score_by
        reader = Client()
        reader.force_login(asked.reviewer)
        # inbox, list and page say one day of the next step, and the page when the scores are due
        assert turn.due_on == asked.due_on
        for page in ("/reviews/", asked.get_absolute_url()):
            assert day(asked.due_on) in reader.get(page).content.decode()
        assert day(asked.score_by) in reader.get(asked.get_absolute_url()).content.decode()
        assert differing() == []


def pressed(client: Client, obj: LifeCycle, name: str, **given: object) -> HttpResponseBase:
    """The page of a transition opened and sent."""
    address = f"/do/{obj._meta.model_name}/{obj.pk}/{name}/"
    form = client.get(address).context["form"]
    sent = {"seen": form.initial["seen"], "key": form.initial["key"]} | given
    return client.post(address, sent)


def test_a_reviewer_who_stepped_back_is_replaced_by_clicking(world: World) -> None:
    panel, [application, _other] = convened(world, 2)
    first_reviewer, third_reviewer, reviewer, officer = (
        world.staff["reviewer"],
        world.staff["third_reviewer"],
        Client(),
        Client(),
    )
    reviewer.force_login(first_reviewer)
    officer.force_login(world.officer)
    review = perform(
        Review.objects.get(application=application, reviewer=first_reviewer),
        "declare",
        by=first_reviewer,
    )
    answer = pressed(reviewer, review, "recuse", reason="取引がある")
    assert reviewer.get(answer["Location"]).status_code == 200
    Mail.objects.all().delete()

    inbox = one_line(officer.get("/inbox/"))
    assert f'<a href="/reviews/{review.pk}/">代わりの審査員を決める</a>' in inbox
    way = f"/do/review/{review.pk}/replace/"
    for page in (f"/reviews/{review.pk}/", panel.get_absolute_url()):
        assert way in officer.get(page).content.decode()
    answer = pressed(officer, review, "replace", person=third_reviewer.pk, reason="回避のため")
    assert answer["Location"] == panel.get_absolute_url()
    assert third_reviewer.name in officer.get(answer["Location"]).content.decode()

    asked = Review.objects.get(application=application, reviewer=third_reviewer)
    assert (
        application.case.turns.filter(person=third_reviewer, what="利益相反を申告する").count() == 1
    )
    assert not application.case.turns.filter(what="代わりの審査員を決める").exists()
    [mail] = Mail.objects.all()
    assert (mail.to, asked.get_absolute_url() in mail.body) == (third_reviewer, True)
    reader = Client()
    reader.force_login(third_reviewer)
    page = reader.get(asked.get_absolute_url()).content.decode()
    assert f"/do/review/{asked.pk}/declare/" in page
    assert application.case.number not in reviewer.get("/inbox/").content.decode()
    left = reviewer.get(f"/reviews/{review.pk}/")  # it says so, and nothing of the case
    assert left.status_code == 200
    assert application.case.organisation.name not in left.content.decode()
    assert reviewer.get(application.case.get_absolute_url()).status_code == 404
    assert differing() == []


def test_who_takes_over_reads_what_is_secret_only_when_the_officer_says_so(world: World) -> None:
    panel, applications = convened(world, 2)
    rows = Review.objects.filter(panel=panel, reviewer=world.staff["reviewer"]).order_by(
        "application"
    )
    officer = Client()
    officer.force_login(world.officer)
    for review, said in zip(rows, ({"cleared": "on"}, {}), strict=True):
        pressed(
            officer,
            review,
            "replace",
            person=world.staff["third_reviewer"].pk,
            reason="長期の休み",
            **said,
        )
    asked = Review.objects.filter(panel=panel, reviewer=world.staff["third_reviewer"]).order_by(
        "application"
    )
    assert [review.cleared for review in asked] == [True, False]
    assert len(applications) == 2


def half_scored(world: World) -> tuple[ReviewPanel, Review, Review]:
    """Two applications, one score each: of the other two reviews one was stepped back from and one is still open."""
    panel, applications = convened(world, 2)
    first_reviewer, second_reviewer = world.staff["reviewer"], world.staff["second_reviewer"]
    for application, who in zip(applications, (first_reviewer, second_reviewer), strict=True):
        scored(Review.objects.get(application=application, reviewer=who))
    gone = Review.objects.get(application=applications[0], reviewer=second_reviewer)
    gone = perform(gone, "recuse", by=second_reviewer, reason="取引がある")
    return panel, gone, Review.objects.get(application=applications[1], reviewer=first_reviewer)


def test_a_panel_waits_for_scores_until_its_day(world: World) -> None:
    panel, _gone, late = half_scored(world)
    with pytest.raises(NotReady, match="1件あります（伊藤 さくらさん：依頼中1件）"):
        perform(panel, "close", by=world.officer, minutes="x", reason="急ぐため")
    assert Review.objects.get(pk=late.pk).state == "assigned"


def test_closing_with_scores_missing_says_whose_and_asks_why(world: World) -> None:
    panel, gone, late = half_scored(world)
    officer = Client()
    with clock.at(simulation.at(panel.due_on + timedelta(days=1), 10)):
        officer.force_login(world.officer)
        page = officer.get(f"/do/reviewpanel/{panel.pk}/close/").content.decode()
        for said in (
            "お願いした採点4件のうち、2件がそろっていません",
            "伊藤 さくらさん：依頼中1件",
            "遠藤 健さん：回避1件",
            'name="reason"',
        ):
            assert said in page
        assert pressed(officer, panel, "close", minutes="採点順").status_code == 422
        assert ReviewPanel.objects.get(pk=panel.pk).state == "convened"
        with pytest.raises(NotReady, match="理由"):
            perform(panel, "close", by=world.officer, minutes="採点順")
        pressed(officer, panel, "close", minutes="採点順", reason="連絡がとれないため")
        closed = ReviewPanel.objects.get(pk=panel.pk)
        assert closed.state == "closed"
        states = [Review.objects.get(pk=review.pk).state for review in (gone, late)]
        assert states == ["recused", "released"]
        assert {row.state for row in Application.objects.filter(reviews__panel=panel)} == {
            "reviewed"
        }
        event = Event.objects.get(chain=closed.audit_chain, action="reviewpanel.close")
        assert event.payload.data()["reason"] == "連絡がとれないため"
        assert "連絡がとれないため" in officer.get(panel.get_absolute_url()).content.decode()
        assert to(world.staff["reviewer"])[-1].subject.startswith("審査会が終わりました")
        assert differing() == []


def test_a_panel_with_every_score_asks_for_no_reason(world: World) -> None:
    panel, _applications = convened(world, 1)
    for review in Review.objects.filter(panel=panel):
        scored(review)
    officer = Client()
    officer.force_login(world.officer)
    assert 'name="reason"' not in officer.get(f"/do/reviewpanel/{panel.pk}/close/").content.decode()
    pressed(officer, panel, "close", minutes="採点順")
    assert ReviewPanel.objects.get(pk=panel.pk).state == "closed"


def sheet(review: Review, **typed: str) -> dict[str, str]:
    return {"version": str(review.version), **typed}


def declared(world: World) -> Review:
    panel, _applications = convened(world, 1)
    review = Review.objects.get(panel=panel, reviewer=world.staff["reviewer"])
    return perform(review, "declare", by=review.reviewer)


def test_what_was_handed_in_stands_beside_the_scores(world: World, client: Client) -> None:
    """The answers and the files in one pane, the sheet in the other, while one scores; neither before
    the interests are declared.
    """
    panel, _applications = convened(world, 1)
    review = Review.objects.get(panel=panel, reviewer=world.staff["reviewer"])
    client.force_login(review.reviewer)

    def panes() -> list[str]:
        page = html.fromstring(client.get(review.get_absolute_url()).content)
        rows = page.xpath("//div[@class='panes']/section[@class='pane']")
        return [html.tostring(each, encoding="unicode") for each in rows]

    assert panes() == []
    perform(review, "declare", by=review.reviewer)
    evidence, sheet_pane = panes()
    case = review.application.case
    files = Document.objects.sent().filter(case=case)
    assert files.exists()
    assert all(f'href="/documents/{file.pk}/"' in evidence for file in files)
    assert case.title in evidence
    assert f'data-autosave="{review.get_absolute_url()}autosave/"' in sheet_pane
    names = [criterion.key for criterion in panel.call.stated.criteria]
    assert all(f'name="points_{name}"' in sheet_pane for name in names)


def test_a_score_sheet_is_kept_incomplete_until_it_is_handed_in(
    world: World, client: Client
) -> None:
    review = declared(world)
    address = review.get_absolute_url()
    first = review.panel.call.stated.criteria[0].key
    client.force_login(review.reviewer)
    typed = {f"points_{first}": "4", f"reason_{first}": "市場の数字がある"}
    assert client.post(address, sheet(review, **typed)).status_code == 302
    review = Review.objects.get(pk=review.pk)
    assert (review.state, review.typed, review.total) == ("declared", typed, None)
    page = client.get(address).content.decode()
    assert "市場の数字がある" in page
    assert "直していただきたいところが" not in page
    refused = client.post(address, sheet(review, **typed, comment="あと少し", go_on="1"))
    assert refused.status_code == 422
    review = Review.objects.get(pk=review.pk)
    assert review.typed["comment"] == "あと少し"
    whole = {
        name: value
        for c in review.panel.call.stated.criteria
        for name, value in ((f"points_{c.key}", "5"), (f"reason_{c.key}", "根拠がある"))
    }
    last = sheet(review, **whole, go_on="1")
    assert client.post(address, last)["Location"] == f"{address}?look"
    review = Review.objects.get(pk=review.pk)
    for _twice in range(2):
        done = client.post(address, {"hand_in": "1", "version": str(review.version)})
        assert done.status_code == 302
    review = Review.objects.get(pk=review.pk)
    assert (review.state, review.typed, review.total) == ("scored", {}, F(100))


def test_a_score_sheet_is_saved_as_typed_and_never_over_another_tab(
    world: World, client: Client
) -> None:
    review = declared(world)
    client.force_login(review.reviewer)
    address = f"{review.get_absolute_url()}autosave/"
    kept = client.post(address, sheet(review, comment="はじめ"))
    assert kept.json()["version"] == review.version + 1
    late = client.post(address, sheet(review, comment="別の画面"))
    assert late.status_code == 409
    review = Review.objects.get(pk=review.pk)
    assert review.typed == {"comment": "はじめ"}
    seen = review.version - 1
    typed = client.post(review.get_absolute_url(), {"version": str(seen), "comment": "別の画面"})
    page = one_line(typed)
    assert typed.status_code == 409
    assert "ほかの画面で先に保存されました" in page
    beside = page.partition("<dt>全体の意見</dt>")[2].partition("</div>")[0]
    assert "保存されている内容：はじめ" in beside
    assert "あなたの入力：<strong>別の画面</strong>" in beside
    [area] = re.findall('<textarea[^>]*name="comment".*?</textarea>', page)
    [version] = re.findall('name="version" value="([^"]*)"', page)
    assert area.endswith(
        "はじめ</textarea>"
    )  # so that a second press loses nothing of what is kept
    assert version == str(review.version)


def test_a_sheet_is_kept_by_its_reviewer_alone_and_never_once_withdrawn(
    world: World, client: Client
) -> None:
    review = declared(world)
    address = f"{review.get_absolute_url()}autosave/"
    for name, status in (("officer", 409), ("second_reviewer", 404)):
        client.force_login(world.staff[name])
        assert client.post(address, sheet(review, comment="x")).status_code == status
    person = review.application.case.organisation.memberships.get().user
    perform(review.application, "withdraw", by=person)
    client.force_login(review.reviewer)
    late = client.post(address, sheet(review, comment="x"))
    assert (late.status_code, "採点は要りません" in late.json()["message"]) == (409, True)


def test_scores_are_looked_over_before_they_are_handed_in(world: World, client: Client) -> None:
    panel, _applications = convened(world, 1)
    review = Review.objects.get(panel=panel, reviewer=world.staff["reviewer"])
    review = perform(review, "declare", by=review.reviewer)
    client.force_login(review.reviewer)
    where = review.get_absolute_url()
    sheet = {"comment": "よい計画"}
    for n, c in enumerate(panel.call.stated.criteria, 1):
        sheet |= {f"points_{c.key}": str(n), f"reason_{c.key}": f"理由その{n}"}
    kept = client.post(where, sheet | {"version": str(review.version), "go_on": "1"})
    assert kept["Location"] == f"{where}?look"
    review = Review.objects.get(pk=review.pk)
    assert (review.state, review.scores.count()) == ("declared", 0)
    page = one_line(client.get(kept["Location"]))
    for n, c in enumerate(panel.call.stated.criteria, 1):
        assert f"{n}／{c.maximum}" in page
        assert f"理由その{n}" in page
    assert "よい計画" in page

    other = Client()  # what is not handed in is nobody else's
    other.force_login(world.officer)
    for answer in (
        other.get(f"{where}?look"),
        other.post(where, {"hand_in": "1", "version": str(review.version)}),
    ):
        assert "理由その1" not in answer.content.decode()
    stale = client.post(where, {"hand_in": "1", "version": str(review.version - 1)})
    assert stale.status_code == 409
    assert Review.objects.get(pk=review.pk).state == "declared"
    for _twice in range(2):
        done = client.post(where, {"hand_in": "1", "version": str(review.version)})
    assert done["Location"] == "/reviews/"
    assert Review.objects.get(pk=review.pk).state == "scored"


def test_who_stepped_back_leaves_one_next_step(world: World, client: Client) -> None:
    panel, [application] = convened(world, 1)
    first, second = Review.objects.filter(panel=panel).order_by("pk")
    scored(first)
    perform(second, "recuse", by=second.reviewer, reason="取引がある")
    officers = application.case.turns.filter(role="programme_officer")
    assert list(officers.values_list("what", flat=True)) == ["代わりの審査員を決める"]
    client.force_login(world.officer)
    page = one_line(client.get(panel.get_absolute_url()))
    assert "次にすること：回避した1件の、代わりの審査員を決める" in page
    assert re.search("採点中の申請.{0,60}?1<small>件", page)
    assert page.count("採点 1／1件") == 1  # of what they stepped back from nothing is asked
    assert "採点 0／1件" not in page
    assert page.index("代わりの審査員がいないとき") < page.index("/close/")
    assert differing() == []


def test_the_firm_does_not_learn_who_reviews_it(world: World, client: Client) -> None:
    """The page of a reviewer's act names the reviewer: it opens for the office alone."""
    panel, applications = convened(world, 1)
    client.force_login(applications[0].case.organisation.memberships.get().user)
    for review in Review.objects.filter(panel=panel):
        for act in ("declare", "replace", "recuse", "score"):
            page = client.get(f"/do/review/{review.pk}/{act}/")
            assert page.status_code == 404, act
            assert review.reviewer.name not in page.content.decode()
