"""Whoever has handed in writes it anew until the end of the intake; what was handed in stands until then."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grants.applications import amending, drafts, formal, instead, jobs, submit
from grants.applications.models import Application, ApplicationVersion
from grants.programmes.models import Call
from grants.reviews.ranking import ranked
from portal import clock
from portal.accounts.models import User
from portal.cases.ports import case_files
from portal.documents import dossier, store
from portal.documents.models import Document
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden, NotReady, Stale, WrongState
from tests.conftest import World
from tests.ledger import all_clear
from tests.markup import one_line


def begun(world: World) -> tuple[Application, User]:
    application, person = world.submitted()
    return perform(application, "begin_amending", by=person), person


def typed(application: Application, title: str, person: User) -> None:
    section = drafts.stored(application, "plan")
    assert section is not None
    page = drafts.Page(section.version)
    drafts.save(application, "plan", section.data | {"title": title}, by=person, page=page)


def fresh(application: Application) -> Application:
    return Application.objects.get(pk=application.pk)


def last(application: Application) -> ApplicationVersion:
    version = fresh(application).last_version
    assert version is not None
    return version


def stating(call: Call, **said: object) -> None:
    Call.objects.filter(pk=call.pk).update(parameters=call.parameters | {"amending": said})


def test_what_was_handed_in_stands_until_the_new_version_does(world: World) -> None:
    application, person = begun(world)
    was = last(application)
    typed(application, "新しい名前", person)
    assert (last(application), fresh(application).state) == (was, "submitted")
    done = submit.submit(fresh(application), by=person)
    now = last(application)
    assert (now.n, now.content["plan"]["title"], done.title) == (2, "新しい名前", "新しい名前")
    assert (done.state, done.is_amending, done.arrived_at) == ("submitted", False, was.submitted_at)
    assert done.amended_at == now.submitted_at
    with pytest.raises(Forbidden):
        typed(application, "まだ書ける", person)


def test_who_stops_has_what_was_handed_in(world: World) -> None:
    application, person = world.submitted()
    sent = list(Document.objects.live().filter(case=application.case))
    before = drafts.draft_hash(application)
    application = perform(application, "begin_amending", by=person)
    typed(application, "新しい名前", person)
    store.remove(sent[0], by=person)
    Document.objects.create(
        case=application.case, key="other", name="追加.pdf", file=sent[0].file, uploaded_by=person
    )
    perform(application, "stop_amending", by=person)
    assert list(Document.objects.live().filter(case=application.case)) == sent
    assert drafts.draft_hash(fresh(application)) == before
    assert last(application).n == 1


def test_what_was_first_written_meanwhile_goes_when_one_stops(world: World) -> None:
    """A section that nobody had written when it was handed in."""
    application, person = world.submitted(call=world.call("dx_promotion"))
    before = drafts.draft_hash(application)
    assert drafts.stored(application, "documents") is None
    application = perform(application, "begin_amending", by=person)
    for document in Document.objects.live().filter(case=application.case, key="accounts"):
        store.remove(document, by=person)
    instead.promise(application, "accounts", clock.today(), by=person)
    perform(application, "stop_amending", by=person)
    assert drafts.stored(application, "documents") is None
    assert drafts.draft_hash(fresh(application)) == before
    application = perform(fresh(application), "begin_amending", by=person)
    submit.submit(fresh(application), by=person)
    assert "instead" not in last(application).content


def filed_at(world: World, moment: datetime) -> tuple[Application, User]:
    with clock.at(moment):
        return world.submitted()


@pytest.mark.parametrize(("keeps", "is_first"), [(None, False), ("end", False), ("place", True)])
def test_first_come_the_place_is_as_the_programme_says(
    world: World, client: Client, keeps: str | None, is_first: bool
) -> None:
    call = world.calls["telework"]
    stating(call, **({"keeps": keeps} if keeps else {}))
    early = call.periods.get().closes_at - timedelta(days=2)
    one, person = filed_at(world, early)
    other, _person = filed_at(world, early + timedelta(hours=1))
    with clock.at(early + timedelta(hours=2)):
        client.force_login(person)
        page = one_line(client.get(reverse("application_amend", args=[one.case.number])))
        told = "順番は、その時刻のものになります" if not is_first else "はじめに提出したときのまま"
        assert told in page
        perform(one, "begin_amending", by=person)
        done = submit.submit(fresh(one), by=person)
        assert done.arrived_at == early
        for application in (one, other):
            all_clear(fresh(application), by=world.officer)
            perform(fresh(application), "accept", by=world.officer)
        rows = ranked(Call.objects.get(pk=call.pk), done.frame)
    order = [row["application"].pk for row in rows]
    assert order == ([one.pk, other.pk] if is_first else [other.pk, one.pk])


def test_where_others_decide_the_first_moment_stays(world: World) -> None:
    call = world.call("sales_channel")
    application, person = world.submitted(call=call)
    assert not application.loses_place
    perform(application, "begin_amending", by=person)
    assert submit.submit(fresh(application), by=person).queued_at is None


def test_a_second_late_is_late_and_nothing_is_lost(world: World) -> None:
    application, person = begun(world)
    typed(application, "新しい名前", person)
    closes_at = application.call.periods.get().closes_at
    with clock.at(closes_at + timedelta(seconds=1)):
        with pytest.raises(submit.Late):
            submit.submit(fresh(application), by=person)
        assert amending.refusals(fresh(application)) != []
        jobs.end_amendments(0)
    assert (last(application).n, fresh(application).amending_since) == (1, None)
    assert drafts.form_of(fresh(application), "plan")["title"].value() == application.title
    with clock.at(closes_at + timedelta(seconds=1)), pytest.raises(NotReady):
        perform(fresh(application), "begin_amending", by=person)


def test_at_the_very_second_it_is_in_time(world: World) -> None:
    application, person = begun(world)
    with clock.at(application.call.periods.get().closes_at):
        assert submit.submit(fresh(application), by=person).amended_at is not None


def test_the_programme_may_end_it_with_the_first_check(world: World) -> None:
    stating(world.calls["telework"], until_checks=True)
    application, person = begun(world)
    formal.check(
        application.checks.exclude(kind="antisocial")[0],
        by=world.officer,
        result="clear",
        evidence="見た",
    )
    with pytest.raises(NotReady, match="確認を始めた"):
        submit.submit(fresh(application), by=person)
    assert last(application).n == 1


def test_what_was_checked_before_is_checked_anew(world: World) -> None:
    application, person = begun(world)
    all_clear(application, by=world.officer)
    submit.submit(fresh(application), by=person)
    left = {row.kind for row in fresh(application).checks.all() if not row.result}
    assert left == {"tax", "registration", "repeat", "double_funding"}
    with pytest.raises(NotReady):
        perform(fresh(application), "accept", by=world.officer)


def test_nobody_notes_a_check_of_a_version_that_is_no_more(world: World, client: Client) -> None:
    application, person = begun(world)
    row = application.checks.exclude(kind="antisocial")[0]
    submit.submit(fresh(application), by=person)
    with pytest.raises(Stale):
        formal.check(row, by=world.officer, result="clear", evidence="見た", shown=1)
    client.force_login(world.officer)
    path = reverse("checks_note", args=[application.case.number])
    sent = {f"evidence-{row.kind}": "見た", f"result-{row.kind}": "clear", "shown": "1"}
    answer = client.post(path, sent)
    assert answer.status_code == 409
    row.refresh_from_db()
    assert row.result == ""


def test_who_is_asked_for_a_correction_goes_on_with_what_was_written(world: World) -> None:
    application, person = begun(world)
    typed(application, "新しい名前", person)
    formal.raise_defect(
        application,
        by=world.officer,
        part="plan.title",
        part_label="名称",
        cite="要綱",
        text="直す",
    )
    returned = perform(fresh(application), "return_for_correction", by=world.officer)
    assert (returned.amending_since, returned.is_editable) == (None, True)
    assert drafts.form_of(returned, "plan")["title"].value() == "新しい名前"
    corrected = submit.submit(returned, by=person)
    assert amending.refusals(corrected) != []


def test_what_is_accepted_is_what_was_handed_in(world: World) -> None:
    application, person = begun(world)
    sent = list(Document.objects.live().filter(case=application.case))
    store.remove(sent[0], by=person)
    all_clear(application, by=world.officer)
    accepted = perform(fresh(application), "accept", by=world.officer)
    assert accepted.amending_since is None
    assert list(Document.objects.live().filter(case=application.case)) == sent
    with pytest.raises((Forbidden, NotReady, WrongState)):
        submit.submit(accepted, by=person)


def test_what_ends_with_its_match_has_the_files_that_were_handed_in(world: World) -> None:
    application, person = begun(world)
    sent = list(Document.objects.live().filter(case=application.case))
    store.remove(sent[0], by=person)
    ended = perform(fresh(application), "conclude", by=world.officer)
    assert (ended.state, ended.amending_since) == ("concluded", None)
    assert list(Document.objects.live().filter(case=application.case)) == sent


def test_both_sides_read_what_goes_on(world: World, client: Client) -> None:
    application, person = world.submitted()
    client.force_login(person)
    at = application.case.get_absolute_url()
    assert "提出した内容を直す" in one_line(client.get(at))
    client.post(reverse("application_amend", args=[application.case.number]))
    assert "提出した内容を直しています" in one_line(client.get(at))
    tasks = one_line(client.get(reverse("application_tasks", args=[application.case.number])))
    assert "直すのをやめる" in tasks
    typed(application, "新しい名前", person)
    review = one_line(client.get(reverse("application_review", args=[application.case.number])))
    assert "提出した内容から変わったところ" in review
    stop = one_line(client.get(reverse("application_amend_stop", args=[application.case.number])))
    assert "使わなくなる直し" in stop
    client.force_login(world.officer)
    assert "申請者が、提出した内容をいま直しています" in one_line(client.get(at))
    submit.submit(fresh(application), by=person)
    page = one_line(client.get(at))
    assert "出し直しで変わったところ（1件）" in page
    assert "新しい名前" in page


def test_it_is_a_turn_of_the_firm_until_the_deadline(world: World) -> None:
    application, _person = begun(world)
    turns = application.case.turns.filter(side="applicant")
    assert [turn.what for turn in turns] == ["直した内容を提出するか、直すのをやめる"]


def uploaded(application: Application, person: User, key: str = "other") -> Document:
    """A file that was taken, as any other of the case."""
    like = Document.objects.filter(case=application.case)[0]
    return Document.objects.create(
        case=application.case, key=key, name="himitsu.pdf", file=like.file, uploaded_by=person
    )


def reads_it(client: Client, document: Document) -> list[bool]:
    """On the page of the case, by its address, as a picture, in the ZIP, in the whole of the case."""
    case = document.case
    page = one_line(client.get(case.get_absolute_url()))
    answers = [
        client.get(reverse(name, args=[document.pk])) for name in ("document", "document_original")
    ]
    user = client.get(case.get_absolute_url()).context["user"]
    listed = [name for source in case_files.values() for name, _make in source(case, user)]
    return [
        "himitsu" in page,
        *(answer.status_code == 200 for answer in answers),
        any("himitsu" in name for name in listed),
        "himitsu" in str(dossier.catalogue(case, user)),
    ]


def test_the_office_reads_no_file_that_was_not_handed_in(world: World, client: Client) -> None:
    application, person = begun(world)
    document = uploaded(application, person)
    client.force_login(world.officer)
    assert reads_it(client, document) == [False] * 5
    submit.submit(fresh(application), by=person)
    assert reads_it(client, document) == [True] * 5


def test_nor_one_of_a_correction_that_is_being_written_or_never_came(
    world: World, client: Client
) -> None:
    application, person = world.submitted()
    formal.raise_defect(
        application, by=world.officer, part="plan.title", part_label="x", cite="x", text="x"
    )
    perform(application, "return_for_correction", by=world.officer)
    document = uploaded(application, person)
    brought = uploaded(application, world.officer)  # at the counter
    client.force_login(world.officer)
    assert client.get(reverse("document_original", args=[brought.pk])).status_code == 200
    Document.objects.filter(pk=brought.pk).delete()
    assert reads_it(client, document) == [False] * 5
    Application.objects.filter(pk=application.pk).update(state="lapsed")
    assert reads_it(client, document) == [False] * 5


@pytest.mark.parametrize("key", ["evidence_1", "filing_1"])
def test_nor_a_paper_of_a_report_that_is_being_written(
    world: World, client: Client, key: str
) -> None:
    application, person = world.submitted()
    document = uploaded(application, person, key)
    client.force_login(world.officer)
    assert reads_it(client, document) == [False] * 5
    Document.objects.filter(pk=document.pk).update(frozen=True)
    assert reads_it(client, document)[1:] == [True] * 4
    client.force_login(person)  # who reads all of their own
    assert client.get(reverse("document_original", args=[document.pk])).status_code == 200
