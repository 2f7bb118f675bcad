"""A document that follows later, or lies in another file: where its programme allows it, said in the stead of a
file, and not forgotten.
"""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from grants.applications import (
    drafts,
    formal,
    instead,
    late_papers,
    many,
    printing,
    submit,
    task_list,
    turns,
)
from grants.applications.access import open_files
from grants.applications.models import Application, SubmissionAttempt
from grants.applications.versions import LatePaper
from grants.programmes.mistakes import Mistake
from grants.programmes.models import Call
from grants.programmes.parameters import read
from portal import clock
from portal.accounts.models import User
from portal.cases import retention
from portal.cases import turns as case_turns
from portal.cases.models import Case, Turn
from portal.cases.turns import days_held
from portal.closures import calendars
from portal.correspondence import reminders
from portal.correspondence.models import Mail
from portal.documents import checking, receiving, store
from portal.documents.models import Document
from portal.documents.reading import readable
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady
from tests.conftest import World
from tests.ledger import all_clear
from tests.markup import one_line
from tools.demonstration.simulation import paper
from tools.demonstration.simulation.files import attach

LATER, ELSEWHERE = "accounts", "partner"
DAYS = 30


def without(application: Application, person: User, *keys: str) -> None:
    for document in Document.objects.live().filter(case=application.case, key__in=keys):
        store.remove(document, by=person)


def call_of(world: World) -> Call:
    found: Call | None = Call.objects.filter(programme__code="dx_promotion").first()
    return found or world.call("dx_promotion")


def draft(world: World, *keys: str) -> tuple[Application, User]:
    """Whole, but for the files of `keys`."""
    application, person = world.draft(call=call_of(world))
    without(application, person, *keys)
    return application, person


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def in_days(n: int) -> date:
    return clock.today() + timedelta(days=n)


def promised(world: World, days: int = 10) -> tuple[Application, User]:
    """Handed in, with a promise."""
    application, person = draft(world, LATER)
    instead.promise(application, LATER, in_days(days), by=person)
    return submit.submit(application, by=person), person


def page_of(client: Client, application: Application) -> str:
    at = reverse("application_documents", args=[application.case.number])
    return one_line(client.get(at))


def say(client: Client, application: Application, key: str, **typed: str) -> int:
    at = reverse("document_instead", args=[application.case.number, key])
    return client.post(at, typed).status_code


def on(day: date) -> dict[str, str]:
    parts = zip("ymd", (day.year, day.month, day.day), strict=True)
    return {f"{LATER}-later-until_{part}": str(n) for part, n in parts}


def sent(application: Application, person: User, key: str = LATER) -> Document:
    """Through the page of what follows, as far as the rooms below it."""
    return attach(application.case, key=key, name="決算書.pdf", data=paper("x"), by=person)


def hand_in(client: Client, application: Application, person: User) -> Document:
    client.force_login(person)
    at = reverse("late_papers", args=[application.case.number])
    file = SimpleUploadedFile("決算書.pdf", paper("late"), "application/pdf")
    answer = client.post(at, {"key": LATER, "file": file})
    assert answer.status_code == 302
    return Document.objects.filter(case=application.case, key=LATER).latest("pk")


def wanted(application: Application) -> list[tuple[str, str, date | None]]:
    rows = Turn.objects.filter(case=application.case, is_apart=True).order_by("pk")
    return [(row.side, row.what, row.due_on) for row in rows]


# -- the programme ---------------------------------------------------------------------------------
def test_a_programme_that_says_nothing_offers_nothing(world: World, client: Client) -> None:
    application, person = world.draft("telework")
    without(application, person, "quote")
    client.force_login(person)
    assert "いま送れないとき" not in page_of(client, application)
    assert say(client, application, "quote", way="later", **on(in_days(1))) == 404
    with pytest.raises(NotReady):
        instead.promise(application, "quote", in_days(1), by=person)
    assert instead.missing(application) != []


@pytest.mark.parametrize("line", ["later_days = 14", "elsewhere = true"])
def test_what_nobody_has_to_send_needs_nothing_in_its_stead(world: World, line: str) -> None:
    text = world.call("dx_promotion").programme.text
    whole = text.replace('key = "quote"\n', f'key = "quote"\n{line}\n')
    assert read(whole).documents
    with pytest.raises(Mistake, match="必ず出していただく書類"):
        read(
            whole.replace(f'key = "quote"\n{line}\n', f'key = "quote"\nrequired = false\n{line}\n')
        )


def test_what_following_later_means_for_the_deadline_is_said_where_it_is_chosen(
    world: World, client: Client
) -> None:
    application, person = draft(world, LATER)
    client.force_login(person)
    chosen = page_of(client, application).partition("いま送れないとき")[2].partition("</form>")[0]
    assert "申請は、この書類がなくても締切までに提出できます。" in chosen
    assert "あとから出しても、締切に遅れたことにはなりません。" in chosen
    assert "受理" not in chosen
    instead.promise(application, LATER, in_days(10), by=person)
    review = one_line(client.get(reverse("application_review", args=[application.case.number])))
    assert "締切に間に合うかは、受付（市に届いた日時）で決まります。" in review
    submit.submit(application, by=person)
    number = fresh(application).case.number
    done = one_line(client.get(reverse("application_done", args=[number])))
    assert "受理は、市が書類を確かめ終えたことで" in done


# -- the draft -------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "status"), [(-1, 422), (0, 302), (DAYS, 302), (DAYS + 1, 422)])
def test_a_day_is_promised_within_what_the_programme_allows(
    world: World, client: Client, days: int, status: int
) -> None:
    application, person = draft(world, LATER)
    client.force_login(person)
    title = instead.missing(application)
    assert title == ["直近2期の決算書"]
    assert say(client, application, LATER, way="later", **on(in_days(days))) == status
    assert instead.missing(application) == ([] if status == 302 else title)
    if status == 302:
        assert "あとから出します" in page_of(client, application)
        assert say(client, application, LATER) == 302  # taken back
    assert instead.missing(application) == title


def test_what_was_typed_wrongly_stands_there_with_its_reason(world: World, client: Client) -> None:
    application, person = draft(world, LATER)
    client.force_login(person)
    at = reverse("document_instead", args=[application.case.number, LATER])
    answer = client.post(at, {"way": "later", **on(in_days(DAYS + 1))})
    page = one_line(answer)
    assert answer.status_code == 422
    assert "までの日にしてください。" in page
    assert '<details class="mark" open>' in page


def test_a_promise_counts_in_the_stead_of_the_file(world: World, client: Client) -> None:
    application, person = draft(world, LATER)
    with pytest.raises(NotReady):
        submit.submit(application, by=person)
    before = drafts.draft_hash(application)
    instead.promise(application, LATER, in_days(10), by=person)
    assert drafts.draft_hash(application) != before  # what was looked over
    task = next(t for t in task_list.tasks(application) if t.key == "documents")
    assert (task.state, task.note[:13]) == ("done", "あとから出す書類があります")
    done = submit.submit(application, by=person)
    version = done.last_version
    assert version is not None
    assert [(r["key"], r["way"], r["until"]) for r in version.content["instead"]] == [
        (LATER, "later", in_days(10).isoformat())
    ]
    row = LatePaper.objects.get()
    assert (row.application, row.key, row.until) == (done, LATER, in_days(10))
    client.force_login(person)
    assert "直近2期の決算書" in one_line(client.get(done.get_absolute_url()))


def test_a_promise_whose_day_has_passed_counts_no_more(world: World, client: Client) -> None:
    application, person = draft(world, LATER)
    instead.promise(application, LATER, in_days(2), by=person)
    client.force_login(person)
    with clock.at(clock.now() + timedelta(days=3)):
        assert instead.missing(application) == ["直近2期の決算書"]
        assert "を過ぎました。書類を送るか、日を決め直してください。" in page_of(
            client, application
        )
        with pytest.raises(NotReady):
            submit.submit(application, by=person)


def test_a_file_that_comes_all_the_same_takes_its_place(world: World) -> None:
    application, person = draft(world, LATER)
    instead.promise(application, LATER, in_days(2), by=person)
    sent(application, person)
    version = submit.submit(application, by=person).last_version
    assert version is not None
    assert "instead" not in version.content
    assert not LatePaper.objects.exists()


def test_it_lies_in_another_file_that_is_named(world: World, client: Client) -> None:
    application, person = draft(world, ELSEWHERE)
    quote = Document.objects.live().filter(case=application.case, key="quote").first()
    assert quote is not None
    client.force_login(person)
    assert quote.name in page_of(client, application)
    typed = {f"{ELSEWHERE}-elsewhere-file": str(quote.pk), f"{ELSEWHERE}-elsewhere-where": "3頁"}
    assert say(client, application, ELSEWHERE, way="elsewhere", **typed) == 302
    words = f"「{quote.name}」のファイルに入っています（3頁）"
    assert words in page_of(client, application)
    printed = printing.paper(application, person)["sections"][-1]["rows"]
    assert ("一緒に進めるIT企業の概要", words) in printed
    done = submit.submit(application, by=person)
    client.force_login(world.officer)
    page = one_line(client.get(done.get_absolute_url()))
    assert words in page
    assert not LatePaper.objects.exists()  # nothing is awaited
    all_clear(done, by=world.officer)
    perform(done, "accept", by=world.officer)


@pytest.mark.parametrize("which", ["itself", "another firm's", "internal", "none"])
def test_only_a_file_of_this_draft_is_named(world: World, client: Client, which: str) -> None:
    application, person = draft(world, ELSEWHERE)
    pk = 0
    if which == "another firm's":
        other, owner = draft(world)
        pk = sent(other, owner, "quote").pk
    elif which == "internal":
        document = sent(application, person, "quote")
        Document.objects.filter(pk=document.pk).update(internal=True)
        pk = document.pk
    elif which == "itself":
        document = sent(application, person, ELSEWHERE)
        pk = document.pk
    client.force_login(person)
    typed = {f"{ELSEWHERE}-elsewhere-file": str(pk)}
    assert say(client, application, ELSEWHERE, way="elsewhere", **typed) == 422
    assert drafts.stored(application, "documents") is None


def test_a_file_that_was_taken_out_holds_nothing(world: World, client: Client) -> None:
    application, person = draft(world, ELSEWHERE)
    quote = Document.objects.live().filter(case=application.case, key="quote").first()
    assert quote is not None
    instead.refer(application, ELSEWHERE, quote, "", by=person)
    assert instead.missing(application) == []
    store.remove(quote, by=person)
    assert "一緒に進めるIT企業の概要" in instead.missing(application)
    client.force_login(person)
    assert "は外されました。" in page_of(client, application)


# -- the office ------------------------------------------------------------------------------------
def test_it_is_not_accepted_before_the_paper_is_there(world: World, client: Client) -> None:
    application, person = promised(world)
    all_clear(application, by=world.officer)
    with pytest.raises(NotReady, match="まだ届いていません：直近2期の決算書"):
        perform(application, "accept", by=world.officer)
    case = application.case
    look = many.ACCEPT.look(world.officer, [case], {})[case.pk]
    assert [text[:12] for text in look.reasons] == ["あとから出す書類が、まだ"]
    document = hand_in(client, application, person)
    assert document.frozen
    if document.file.checked_at is None:
        with pytest.raises(NotReady, match="確認しています"):
            perform(application, "accept", by=world.officer)
        checking.check(document.file)
    client.force_login(world.officer)
    assert "にあとから届きました" in one_line(client.get(application.get_absolute_url()))
    assert perform(fresh(application), "accept", by=world.officer).state == "accepted"
    client.force_login(person)
    at = reverse("late_papers", args=[case.number])
    assert client.get(at).status_code == 302  # nothing is awaited there any more
    reviewer = world.staff["reviewer"]
    assert list(readable(case, reviewer).filter(pk=document.pk)) == [document]
    assert Document.objects.filter(open_files(reviewer, case), pk=document.pk).exists()


def test_a_file_that_is_refused_is_awaited_again(world: World, client: Client) -> None:
    application, person = promised(world)
    document = hand_in(client, application, person)
    firms = Turn.objects.filter(case=application.case, side="applicant", what=turns.LATE)
    assert not firms.exists()
    document.file.scan, document.file.checked_at = "pending", None
    document.file.save()
    checking.refuse(document.file, "virus")
    assert firms.get().due_on == in_days(10)


def test_an_officer_sets_it_aside_with_a_reason(world: World, client: Client) -> None:
    application, person = promised(world)
    all_clear(application, by=world.officer)
    at = reverse("late_paper_set_aside", args=[application.case.number, LATER])
    client.force_login(person)
    before = LatePaper.objects.values().get()
    assert client.post(at, {"reason": "いらない"}).status_code == 404
    assert LatePaper.objects.values().get() == before
    client.force_login(world.officer)
    assert client.post(at, {"reason": ""}).status_code == 422
    assert client.post(at, {"reason": "前年の決算書が市にある"}).status_code == 302
    row = LatePaper.objects.get()
    assert (row.set_aside_by, row.set_aside_reason) == (world.officer, "前年の決算書が市にある")
    assert "前年の決算書が市にある" in one_line(client.get(application.get_absolute_url()))
    assert wanted(application) == []
    assert client.post(at, {"reason": "もう一度"}).status_code == 422
    assert instead.missing(fresh(application)) == []  # nor in a correction later
    assert perform(fresh(application), "accept", by=world.officer).state == "accepted"
    retention.dispose(application.case, by=world.officer)
    row.refresh_from_db()
    assert (row.is_set_aside, row.set_aside_reason) == (True, "―")


def test_who_waits_for_what_until_when(world: World, client: Client) -> None:
    application, person = promised(world)
    mine = Turn.objects.get(case=application.case, side="applicant")
    assert (mine.what, mine.due_on, mine.is_apart) == (turns.LATE, in_days(10), False)
    check, theirs = wanted(application)
    assert check[:2] == ("office", "書類を確認する")
    assert theirs[:2] == ("office", "届いていない書類をどうするか決める")
    row = Turn.objects.get(case=application.case, what=theirs[1])
    assert row.opens_at is not None
    assert clock.day_of(row.opens_at) == in_days(11)
    hand_in(client, application, person)
    assert [turn[:2] for turn in wanted(application)] == [
        ("office", "あとから届いた書類を確かめる")
    ]


def held(application: Application) -> dict[str, int]:
    return days_held(Case.objects.get(pk=application.case_id))


def test_days_of_waiting_are_not_the_offices(world: World, client: Client) -> None:
    """Nor does its own time for the check run while a paper is awaited."""
    application, person = promised(world, days=20)
    case = application.case
    assert Case.objects.get(pk=case.pk).holdings.get(to_at=None).side == "applicant"
    check = Turn.objects.get(case=case, what="書類を確認する")
    days = application.info.days
    assert days is not None
    assert check.due_on == calendars.of_case(case).add(in_days(20), days)
    came = clock.now() + timedelta(days=14)
    with clock.at(came):
        hand_in(client, application, person)
        check = Turn.objects.get(case=case, what="書類を確認する")
        assert (check.is_apart, check.due_on) == (
            False,
            calendars.of_case(case).add(clock.day_of(came), days),
        )
    with clock.at(came + timedelta(days=14)):
        assert held(application)["office"] <= 10
        assert held(application)["applicant"] >= 8


def test_once_the_day_has_passed_the_office_waits_no_more(world: World) -> None:
    application, _person = promised(world, days=3)
    with clock.at(clock.now() + timedelta(days=5)):
        case_turns.pass_time()
        assert Case.objects.get(pk=application.case_id).holdings.get(to_at=None).side == "office"
        assert not Turn.objects.get(case=application.case, what="書類を確認する").is_apart


def later(client: Client, application: Application, day: date, because: str) -> int:
    typed = dict(zip(("y", "m", "d"), (day.year, day.month, day.day), strict=True))
    at = reverse("late_paper_move", args=[application.case.number, LATER])
    given = {f"{LATER}-until_{part}": str(n) for part, n in typed.items()}
    return client.post(at, given | {f"{LATER}-because": because}).status_code


def test_a_promise_is_moved_once_and_the_office_reads_why(world: World, client: Client) -> None:
    application, person = promised(world, days=10)
    client.force_login(person)
    page = one_line(client.get(reverse("late_papers", args=[application.case.number])))
    assert "一度だけ後にできます" in page
    assert later(client, application, in_days(20), "") == 422
    assert later(client, application, in_days(10), "遅れます") == 422
    assert later(client, application, in_days(DAYS + 1), "遅れます") == 422
    assert later(client, application, in_days(20), "税理士の決算が遅れています") == 302
    row = LatePaper.objects.get()
    assert (row.first_until, row.until) == (in_days(10), in_days(20))
    assert Turn.objects.get(case=application.case, what=turns.LATE).due_on == in_days(20)
    assert Mail.objects.filter(subject__contains="あとから出す書類の日が変わりました").exists()
    assert later(client, application, in_days(25), "もう一度") == 422
    page = one_line(client.get(reverse("late_papers", args=[application.case.number])))
    assert "一度だけ後にできます" not in page
    client.force_login(world.officer)
    assert "税理士の決算が遅れています" in one_line(client.get(application.get_absolute_url()))


def test_a_moved_day_stands_where_the_version_before_it_is_handed_in_again(world: World) -> None:
    application, person = promised(world, days=10)
    late_papers.move(LatePaper.objects.get(), in_days(20), "遅れます", by=person)
    application = perform(application, "begin_amending", by=person)
    submit.submit(fresh(application), by=person)
    assert LatePaper.objects.get().until == in_days(20)


@pytest.mark.parametrize("who", ["stranger", "member", "officer"])
def test_nobody_else_moves_it(world: World, client: Client, who: str) -> None:
    application, person = promised(world)
    _other, stranger = draft(world)
    if who == "member":
        person.memberships.update(role="member")
    user = {"stranger": stranger, "member": person, "officer": world.officer}[who]
    client.force_login(User.objects.get(pk=user.pk))
    before = rows()
    assert later(client, application, in_days(20), "遅れます") == 404
    with pytest.raises(Forbidden):
        late_papers.move(LatePaper.objects.get(), in_days(20), "x", by=User.objects.get(pk=user.pk))
    assert rows() == before


def test_a_day_that_has_passed_is_not_moved(world: World, client: Client) -> None:
    application, person = promised(world, days=2)
    client.force_login(person)
    with clock.at(clock.now() + timedelta(days=3)):
        assert later(client, application, in_days(5), "遅れます") == 422


@pytest.mark.parametrize(
    ("days", "said"), [(6, ""), (7, "あと3日"), (10, "今日"), (11, "過ぎ"), (12, "")]
)
def test_the_firm_is_reminded_before_on_and_after_the_day(
    world: World, days: int, said: str
) -> None:
    promised(world, days=10)
    Mail.objects.all().delete()
    with clock.at(clock.now() + timedelta(days=days)):
        reminders.remind()
    mails = Mail.objects.filter(body__contains="あとから出すとした書類")
    assert [said in mail.subject for mail in mails] == ([True] if said else [])


def test_what_is_corrected_may_promise_no_more_than_the_rest(world: World) -> None:
    """A remark about the paper: then the correction brings it, or promises it anew."""
    application, person = promised(world, days=2)
    formal.raise_defect(
        application,
        by=world.officer,
        part=f"documents.{LATER}",
        part_label="決算書",
        cite="要綱",
        text="届いていません。",
    )
    returned = perform(application, "return_for_correction", by=world.officer)
    assert wanted(returned) == []  # its own day holds
    with clock.at(clock.now() + timedelta(days=3)):
        assert instead.missing(returned) == ["直近2期の決算書"]
        instead.promise(returned, LATER, in_days(5), by=person)
        done = submit.submit(returned, by=person)
        assert LatePaper.objects.get().until == in_days(5)
        assert done.state == "submitted"


# -- written anew ----------------------------------------------------------------------------------
def test_what_came_meanwhile_stays_when_nothing_is_written_anew(
    world: World, client: Client
) -> None:
    application, person = promised(world)
    application = perform(application, "begin_amending", by=person)
    document = hand_in(client, application, person)
    store.remove(document, by=person)  # of what is written anew
    assert not LatePaper.objects.get().is_awaited
    perform(fresh(application), "stop_amending", by=person)
    assert Document.objects.live().filter(pk=document.pk).exists()
    assert not LatePaper.objects.get().is_awaited


def test_the_last_version_says_what_follows(world: World) -> None:
    application, person = promised(world)
    application = perform(application, "begin_amending", by=person)
    instead.promise(application, LATER, in_days(4), by=person)
    assert LatePaper.objects.get().until == in_days(10)  # what was handed in stands
    application = submit.submit(fresh(application), by=person)
    assert LatePaper.objects.get().until == in_days(4)
    application = perform(application, "begin_amending", by=person)
    sent(application, person)
    submit.submit(fresh(application), by=person)
    assert not LatePaper.objects.exists()


def rows() -> list[object]:
    """All that could be changed: the papers and the files."""
    return [*LatePaper.objects.values(), *Document.objects.order_by("pk").values()]


def send(client: Client, application: Application) -> HttpResponse:
    at = reverse("late_papers", args=[application.case.number])
    file = SimpleUploadedFile("決算書.pdf", paper("late"), "application/pdf")
    return client.post(at, {"key": LATER, "file": file})  # type: ignore[return-value]


def test_nobody_else_hands_it_in(world: World, client: Client) -> None:
    application, _person = promised(world)
    _other, stranger = draft(world)
    before = rows()
    for user in (stranger, world.officer):
        client.force_login(user)
        at = reverse("late_papers", args=[application.case.number])
        assert client.get(at).status_code == 404
        assert send(client, application).status_code == 404
    for user in (stranger, world.staff["reviewer"]):
        with pytest.raises(Forbidden):
            late_papers.set_aside(LatePaper.objects.get(), by=user, reason="x")
    assert rows() == before


def test_who_may_only_draft_reads_who_hands_it_in(world: World, client: Client) -> None:
    application, person = promised(world)
    person.memberships.update(role="member")
    client.force_login(person)
    before = rows()
    at = reverse("late_papers", args=[application.case.number])
    page = one_line(client.get(at))
    assert "直近2期の決算書" in page
    assert "提出や取下げができるのは" in page
    assert 'type="file"' not in page
    answer = send(client, application)
    assert (answer.status_code, "提出や取下げができるのは" in one_line(answer)) == (403, True)
    assert rows() == before


def test_what_a_colleague_sent_for_the_draft_is_not_handed_in_with_it(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While another person's file is on its way to the page of what is written anew."""
    application, person = promised(world)
    application = perform(application, "begin_amending", by=person)
    real = receiving.receive
    begun: list[Case] = []
    theirs: list[Document] = []

    def beside(case: Case, **given: object) -> Document:
        if not begun:
            begun.append(case)
            theirs.append(sent(application, person))
        return real(case, **given)  # type: ignore[arg-type]

    monkeypatch.setattr("portal.documents.intake.receiving.receive", beside)
    mine = hand_in(client, application, person)
    (other,) = theirs
    other.refresh_from_db()
    assert (mine.frozen, other.frozen) == (True, False)


def test_a_file_is_handed_in_or_not_there_and_what_is_not_awaited_is_not_thanked_for(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    application, person = promised(world)
    client.force_login(person)
    client.raise_request_exception = False
    before = rows()

    def dies(*_given: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(late_papers, "touch", dies)
        assert send(client, application).status_code == 500
    assert rows() == before
    with monkeypatch.context() as patch:
        patch.setattr(late_papers, "open_ones", Once(late_papers.open_ones))
        page = one_line(client.get(send(client, application)["Location"]))
    assert "もう待っていません" in page
    assert "ファイルが届きました" not in page
    assert not Document.objects.live().filter(case=application.case, key=LATER).exists()


class Once:
    """What the page finds, and nothing any more where it is looked at again."""

    def __init__(self, real: Callable[[Application], list[LatePaper]]) -> None:
        self.real, self.times = real, 0

    def __call__(self, application: Application) -> list[LatePaper]:
        self.times += 1
        return self.real(application) if self.times == 1 else []


def test_a_promise_is_held_against_the_day_on_which_it_was_pressed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours stopped it on the last day, and its moment is honoured the next morning."""
    application, person = draft(world, LATER)
    instead.promise(application, LATER, clock.today(), by=person)

    def away(*_given: object) -> None:
        raise OSError("away")

    with monkeypatch.context() as patch:
        patch.setattr(submit, "demand_ready", away)
        with pytest.raises(OSError, match="away"):
            submit.submit(fresh(application), by=person)
    with clock.at(clock.now() + timedelta(days=1)):
        attempt = SubmissionAttempt.objects.get()
        done = submit.honour(attempt, by=world.officer, reason="障害")
        assert LatePaper.objects.get().until == in_days(-1)
        assert done.state == "submitted"
        assert instead.missing(attempt.application) == [
            "直近2期の決算書"
        ]  # said today, it is too late


def test_the_firm_finds_the_way_to_it_during_a_correction(world: World, client: Client) -> None:
    application, person = promised(world)
    formal.raise_defect(
        application, by=world.officer, part="plan.title", part_label="x", cite="x", text="x"
    )
    application = perform(application, "return_for_correction", by=world.officer)
    client.force_login(person)
    page = one_line(client.get(application.get_absolute_url()))
    assert reverse("late_papers", args=[application.case.number]) in page
    assert hand_in(client, application, person).frozen


def test_who_set_papers_aside_is_read_at_once(world: World, client: Client) -> None:
    application, _person = promised(world)
    client.force_login(world.officer)
    found = []
    for key in (LATER, "quote"):
        LatePaper.objects.update_or_create(
            application=application,
            key=key,
            defaults={
                "until": in_days(1),
                "set_aside_at": clock.now(),
                "set_aside_by": world.officer,
                "set_aside_reason": "市にある",
            },
        )
        client.get(application.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(application.get_absolute_url())
        found.append(len(queries))
    assert found[0] == found[1]
