"""Proposals: an application to one or several challenges, with parts that only the cleared may read."""

import io
import re
import zipfile
from typing import Any

import pypdfium2
import pytest
from django.test import Client

from grants.applications import drafts, formal, submit, task_list
from grants.applications.models import Application
from grants.programmes.models import Call
from grants.reviews.models import Review, ReviewPanel
from portal import clock
from portal.accounts.models import User
from portal.cases import interests, turns
from portal.cases.models import Case
from portal.correspondence.models import Mail
from portal.notices.models import Notice
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, NotReady
from reports.papers.notice import draw
from startups.challenges import writing
from startups.challenges.models import Challenge
from startups.challenges.ports import proposal_entrance
from startups.matching.starting import start_matching
from startups.proposals import hanging
from tests.conftest import World, draw_files
from tests.ledger import all_clear
from tests.startups import ERA
from tools.demonstration import simulation
from tools.demonstration.rooms import challenges, proposals
from tools.demonstration.simulation.files import attach

SECRET = "初年度は八百万円、次の年からは年に九十万円です。"


@pytest.fixture
def call(world: World) -> Call:
    found = challenges.round_of(world.staff)
    challenges.published(found, world.staff, "owner", challenges.SNOW)
    challenges.published(found, world.staff, "eniwa_owner", challenges.VISITORS)
    return found


def proposed(
    world: World,
    call: Call,
    *,
    secret: tuple[str, ...] = (),
    challenges: tuple[str, ...] = (),
    attached: str = "",
) -> tuple[Application, User]:
    application, person = proposals.drafted(world.sim, call, secret=secret, challenges=challenges)
    section = application.sections.get(key="plan")
    drafts.save(
        application,
        "plan",
        section.data | {"q_price": SECRET},
        by=person,
        page=drafts.Page(section.version),
    )
    if attached:
        attach(
            application.case, key="plan", name=attached, data=simulation.paper(attached), by=person
        )
    return submit.submit(application, by=person), person


def accepted(world: World, application: Application) -> Application:
    all_clear(application, by=world.officer)
    return perform(Application.objects.get(pk=application.pk), "accept", by=world.officer)


def matched(world: World, application: Application) -> None:
    """Accepted, and before its municipalities the morning after its intake."""
    application = accepted(world, application)
    with world.after_intake(application.call):
        start_matching(application, by=world.staff["concierge"])


def test_one_proposal_answers_several_challenges(world: World, call: Call) -> None:
    application, _person = proposed(world, call)
    assert application.case.receipt_number.startswith(f"OI{ERA}-")
    assert [row.number for row in hanging.challenges_of(application)] == [
        f"CH{ERA}-001",
        f"CH{ERA}-002",
    ]
    assert len(call.municipality_codes) == 12
    assert turns.differing() == []


def seen(world: World, application: Application) -> set[str]:
    """Who of the office sees the case."""
    names = (
        "owner",
        "eniwa_owner",
        "concierge",
        "officer",
        "reviewer",
        "inspector",
        "accountant",
        "auditor",
    )
    return {
        name
        for name in names
        if Case.objects.visible_to(world.staff[name]).filter(pk=application.case_id).exists()
    }


def test_a_municipality_sees_a_proposal_once_it_is_matched(world: World, call: Call) -> None:
    application, _person = proposed(world, call, challenges=(f"CH{ERA}-001",))
    assert Case.objects.get(pk=application.case_id).municipality_codes == ["011002"]
    assert seen(world, application) == {"concierge", "officer", "auditor"}
    matched(world, application)
    assert seen(world, application) == {"owner", "concierge", "officer", "auditor"}


def test_the_task_list_has_the_sections_of_its_kind_alone(world: World, call: Call) -> None:
    application, _person = proposals.drafted(world.sim, call)
    keys = [task.key for task in task_list.tasks(application)]
    assert keys == [
        "organisation",
        "contact",
        "officers",
        "eligibility",
        "plan",
        "challenges",
        "secrecy",
        "costs",
        "consent",
        "review",
    ]
    subsidy, _p = world.draft()
    assert not {"challenges", "secrecy"} & {task.key for task in task_list.tasks(subsidy)}


def test_a_proposal_to_nothing_is_not_submitted(world: World, call: Call) -> None:
    application, person = proposals.drafted(world.sim, call)
    section = application.sections.get(key="challenges")
    drafts.save(application, "challenges", {}, by=person, page=drafts.Page(section.version))
    with pytest.raises(NotReady, match="提案する課題"):
        submit.submit(application, by=person)


def test_a_challenge_that_was_cancelled_meanwhile_is_named(world: World, call: Call) -> None:
    application, person = proposals.drafted(world.sim, call)
    challenge = Challenge.objects.get(number=f"CH{ERA}-001")
    challenges.called_off(challenge, world.staff, "予算がないため")
    [told] = Mail.objects.filter(subject__contains="提案先の課題が中止")
    assert told.to == person
    with pytest.raises(NotReady, match="提案する課題"):
        submit.submit(application, by=person)
    form = drafts.form_of(application, "challenges")
    assert "この課題の募集は終わりました" in str(form.errors)
    section = application.sections.get(key="challenges")
    drafts.save(
        application,
        "challenges",
        {f"c_CH{ERA}-002": "on"},
        by=person,
        page=drafts.Page(section.version),
    )
    assert submit.submit(application, by=person).state == "submitted"


def test_what_is_marked_secret_is_read_by_the_cleared_alone(world: World, call: Call) -> None:
    application, person = proposed(world, call, secret=("price", "costs"))
    matched(world, application)
    version = application.last_version
    assert version is not None
    readers = {
        "their own": person,
        "officer": world.officer,
        "approver": world.director,
        "concierge": world.staff["concierge"],
        "owner": world.staff["owner"],
        "auditor": world.staff["auditor"],
        "reviewer": world.staff["reviewer"],
        "finance": world.staff["accountant"],
        "inspector": world.staff["inspector"],
        "outsider": world.outsider,
    }
    sees = {name: SECRET in str(version.readable_by(user)) for name, user in readers.items()}
    assert [name for name, seen in sees.items() if seen] == [
        "their own",
        "officer",
        "approver",
        "concierge",
        "owner",
        "auditor",
    ]
    assert version.readable_by(world.staff["reviewer"])["costs"]["items"] == []
    assert version.content["costs"]["items"]


def test_no_output_gives_a_secret_to_whom_it_is_closed(
    world: World, call: Call, client: Client
) -> None:
    application, person = proposed(world, call, secret=("price",))
    number = application.case.number
    closed = [world.staff["reviewer"], world.staff["accountant"], world.staff["inspector"]]
    for user in closed:
        client.force_login(user)
        for address in (
            f"/cases/{number}/",
            f"/cases/{number}/case.zip",
            "/cases/export.csv",
            "/cases/",
            "/inbox/",
        ):
            assert SECRET not in everything(client.get(address)), (user, address)
    client.logout()
    for address in ("/challenges/", f"/challenges/CH{ERA}-001/", f"/programmes/{call.code}/"):
        assert SECRET not in everything(client.get(address))
    client.force_login(world.officer)
    assert SECRET in client.get(f"/cases/{number}/").content.decode()
    for notice in Notice.objects.filter(case=application.case):
        document = pypdfium2.PdfDocument(draw(notice))
        text = "".join(page.get_textpage().get_text_range() for page in document)
        assert SECRET not in re.sub(r"\s", "", text)
    client.force_login(person)
    assert (
        SECRET in client.get(f"/cases/{number}/").content.decode()
    )  # their own words, on their own page


def everything(answer: Any) -> str:
    """All text of an answer, a ZIP unpacked."""
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if data[:2] != b"PK":
        return data.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_a_reviewer_is_cleared_when_the_panel_is_convened(
    world: World, call: Call, client: Client
) -> None:
    application = accepted(world, proposed(world, call, secret=("price",))[0])
    first_reviewer, second_reviewer = world.staff["reviewer"], world.staff["second_reviewer"]
    begin(
        ReviewPanel,
        by=world.officer,
        call=call,
        applications=[application],
        members=[first_reviewer, second_reviewer],
        cleared=[first_reviewer],
        due_on=clock.today(),
    )
    version = application.last_version
    assert version is not None
    assert SECRET not in str(
        version.readable_by(first_reviewer)
    )  # not before the declaration of interests
    for reviewer, reads in ((first_reviewer, True), (second_reviewer, False)):
        review = perform(Review.objects.get(reviewer=reviewer), "declare", by=reviewer)
        client.force_login(reviewer)
        assert (SECRET in client.get(f"/reviews/{review.pk}/").content.decode()) is reads
        assert (
            SECRET in client.get(f"/cases/{application.case.number}/").content.decode()
        ) is reads
    perform(
        Review.objects.get(reviewer=first_reviewer),
        "recuse",
        by=first_reviewer,
        reason="知人の会社のため",
    )
    assert SECRET not in str(version.readable_by(first_reviewer))


def test_the_files_of_a_secret_proposal_are_as_closed_as_its_answers(
    world: World, call: Call, client: Client
) -> None:
    """A reviewer without clearance reads the open answers; the plan attached says what the answers hide."""
    application = accepted(
        world, proposed(world, call, secret=("price",), attached="価格表.pdf")[0]
    )
    first_reviewer, second_reviewer = world.staff["reviewer"], world.staff["second_reviewer"]
    begin(
        ReviewPanel,
        by=world.officer,
        call=call,
        applications=[application],
        members=[first_reviewer, second_reviewer],
        cleared=[first_reviewer],
        due_on=clock.today(),
    )
    for reviewer in (first_reviewer, second_reviewer):
        perform(Review.objects.get(reviewer=reviewer), "declare", by=reviewer)
    draw_files(application.case)
    document = application.case.documents.get(key="plan")
    for person, opens in (
        (first_reviewer, True),
        (second_reviewer, False),
        (world.officer, True),
        (world.staff["concierge"], True),
    ):
        client.force_login(person)
        status = 200 if opens else 404
        assert client.get(f"/documents/{document.pk}/").status_code == status, person
        assert client.get(f"/documents/{document.pk}/pages/0.png").status_code == status, person
        assert (
            "価格表" in client.get(f"/cases/{application.case.number}/").content.decode()
        ) is opens, person
        with zipfile.ZipFile(
            io.BytesIO(client.get(f"/cases/{application.case.number}/case.zip").getvalue())
        ) as archive:
            assert any("価格表" in name for name in archive.namelist()) is opens, person


def answers_in(client: Client, application: Application) -> tuple[str, str]:
    """The answers of an application as the ZIP of its case has them: (text of the PDF, text of the CSV)."""
    number = Case.objects.get(pk=application.case_id).number
    data = client.get(f"/cases/{application.case.number}/case.zip").getvalue()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        paper = pypdfium2.PdfDocument(archive.read(f"answers/{number}.pdf"))
        table = archive.read(f"answers/{number}.csv").decode("utf-8-sig")
    return "".join(page.get_textpage().get_text_bounded() for page in paper), table


def test_the_zip_holds_the_answers_and_each_reader_only_those_open_to_them(
    world: World, call: Call, client: Client
) -> None:
    application, person = proposed(world, call, secret=("price",))
    application = accepted(world, application)
    first_reviewer = world.staff["reviewer"]
    begin(
        ReviewPanel,
        by=world.officer,
        call=call,
        applications=[application],
        members=[first_reviewer],
        due_on=clock.today(),
    )
    perform(Review.objects.get(reviewer=first_reviewer), "declare", by=first_reviewer)
    version = application.last_version
    assert version is not None
    title, mail = version.content["plan"]["title"], version.content["contact"]["email"]
    for reader, cleared in ((person, True), (world.officer, True), (first_reviewer, False)):
        client.force_login(reader)
        paper, table = ("".join(text.split()) for text in answers_in(client, application))
        for found in (paper, table):
            assert "".join(title.split()) in found, reader
            assert (SECRET in found) is cleared, reader
            assert (mail in found) is cleared, reader
            assert ("申請者の希望により非公開" in found) is not cleared, reader


def test_an_answer_is_no_formula_in_the_table_of_the_zip(
    world: World, call: Call, client: Client
) -> None:
    application, person = proposals.drafted(world.sim, call)
    section = application.sections.get(key="plan")
    typed = section.data | {"q_price": "=HYPERLINK(1)"}
    drafts.save(application, "plan", typed, by=person, page=drafts.Page(section.version))
    application = submit.submit(application, by=person)
    client.force_login(world.officer)
    assert "'=HYPERLINK(1)" in answers_in(client, application)[1]


def test_what_changed_between_versions_keeps_the_secret_too(
    world: World, call: Call, client: Client
) -> None:
    application, person = proposed(world, call, secret=("price",))
    formal.raise_defect(
        application, by=world.officer, part="plan.q_price", part_label="価格", cite="x", text="x"
    )
    application = perform(
        Application.objects.get(pk=application.pk), "return_for_correction", by=world.officer
    )
    section = application.sections.get(key="plan")
    drafts.save(
        application,
        "plan",
        section.data | {"q_price": f"{SECRET}税抜です。"},
        by=person,
        page=drafts.Page(section.version),
    )
    submit.submit(Application.objects.get(pk=application.pk), by=person)
    client.force_login(world.officer)
    assert (
        f"{SECRET}税抜です。" in client.get(f"/cases/{application.case.number}/").content.decode()
    )
    client.force_login(world.staff["reviewer"])
    assert SECRET not in client.get(f"/cases/{application.case.number}/").content.decode()


def test_a_startup_goes_from_the_challenge_to_its_draft(
    world: World, call: Call, client: Client
) -> None:
    client.force_login(world.people["representative"])
    firm, person = simulation.organisation(world.sim, call)
    client.force_login(person)
    page = client.get(f"/challenges/CH{ERA}-001/").content.decode()
    assert proposal_entrance.value.url(call) in page
    client.post(f"/programmes/{call.code}/apply/", {"organisation": firm.pk})
    number = Application.objects.get(case__organisation=firm).case.number
    assert client.post(f"/apply/{number}/challenges/", {"version": "0"}).status_code == 422
    kept = client.post(f"/apply/{number}/challenges/", {"version": "1", f"c_CH{ERA}-002": "on"})
    assert kept["Location"].endswith("/secrecy/")
    assert client.post(
        f"/apply/{number}/secrecy/", {"version": "0", "s_price": "on", "read": "on"}
    )["Location"].endswith("/costs/")


def test_the_founder_reads_the_proposal_that_was_handed_in_secrets_too(
    world: World, call: Call, client: Client
) -> None:
    application, person = proposed(world, call)
    client.force_login(person)
    page = client.get(application.case.get_absolute_url()).content.decode()
    assert SECRET in page[page.index('id="said"') :]


def test_nobody_acts_on_a_challenge_that_a_firm_of_theirs_answers(world: World, call: Call) -> None:
    application, _person = proposed(world, call, challenges=(f"CH{ERA}-001",))
    interests.declare(application.case, by=world.staff["concierge"], detail="親族の会社")
    answered, other = (Challenge.objects.get(number=f"CH{ERA}-00{n}") for n in (1, 2))
    with pytest.raises(Forbidden, match="利益相反"):
        perform(answered, "ask_calling_off", by=world.staff["concierge"], reason="x")
    with pytest.raises(Forbidden, match="利益相反"):
        writing.comment(answered, kind="comment", text="x", by=world.staff["concierge"])
    writing.comment(other, kind="comment", text="x", by=world.staff["concierge"])
