"""A review in which the applicant is hidden: from whom, until when, and on every address."""

import re
from datetime import timedelta
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse

from grants.applications import drafts, instead, secrecy, submit, veil
from grants.applications.content import Instead
from grants.applications.models import Application
from grants.reviews.forms import reviewers_for
from grants.reviews.models import Review, ReviewPanel
from portal import clock, jptext
from portal.accounts.models import Organisation, StaffRole, User
from portal.accounts.roles import end_role
from portal.cases import search
from portal.documents.models import Document
from portal.ui.templatetags.ui import digest, size
from portal.workflow.access import may_enter
from portal.workflow.door import begin, perform
from tests.architecture.test_house import FLOORS, routes
from tests.conftest import World, draw_files
from tests.grants.test_reviews import points
from tests.ledger import all_clear


def entered(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def convened(world: World) -> tuple[ReviewPanel, Application]:
    """A blind call with one application, whose plan names the firm, before its reviewers."""
    world.calls["dx_creation"] = world.call("dx_creation")
    application, person = world.draft("dx_creation")
    firm, plan = application.case.organisation, drafts.stored(application, "plan")
    assert plan is not None
    told = plan.data | {"q_concept": f"{firm.name}の{firm.representative_name}がつくる"}
    drafts.save(application, "plan", told, by=person, page=drafts.Page(plan.version))
    application = submit.submit(Application.objects.get(pk=application.pk), by=person)
    all_clear(application, by=world.officer)
    application = perform(application, "accept", by=world.officer)
    panel = begin(
        ReviewPanel,
        by=world.officer,
        call=world.calls["dx_creation"],
        applications=[application],
        members=[world.staff["reviewer"], world.staff["second_reviewer"]],
        due_on=clock.today() + timedelta(days=14),
    )
    draw_files(application.case)
    return panel, application


def names(application: Application) -> list[str]:
    """What a reviewer must not meet: the firm, its people, where it is, and its files, by their names or
    by what a paper that was sent elsewhere, too, is known by.
    """
    version = application.last_version
    assert version is not None
    found = veil.names_in(application.case.organisation, version.content)
    files = Document.objects.filter(case=application.case).values_list("name", flat=True)
    prints = Document.objects.filter(case=application.case).values_list("file__sha256", flat=True)
    known = [name for sha256 in prints for name in (sha256, digest(sha256))]
    return [*found, application.case.organisation.address, *files, *known]


def every_address(application: Application, review: Review) -> list[str]:
    """Each address of ours, with whatever of the case could stand in it; once where the reviewer's roles
    are turned away at the door, which looks at nothing that stands in it.
    """
    case, version = application.case, application.last_version
    assert version is not None
    files = Document.objects.filter(case=case).values_list("pk", flat=True)
    keys = {
        *files,
        application.pk,
        review.pk,
        review.panel_id,
        application.call_id,
        application.call.programme_id,
        case.organisation_id,
        *case.notices.values_list("pk", flat=True),
    }
    known: dict[str, list[object]] = {
        "number": [case.number],
        "code": [application.call.code],
        "model": ["review"],
        "name": ["declare", "recuse"],
        "page": [0],
        "n": [1],
    }
    found = []
    for route, entry in routes():
        if entry.callback.__module__.split(".")[0] not in FLOORS:
            continue
        parts = re.findall(r"<(?:\w+:)?(\w+)>", route)
        values = [known.get(part, list(sorted(keys))) for part in parts]
        if entry.name and not may_enter(review.reviewer, entry.name):
            values = [one[:1] for one in values]
        for chosen in product(*values):
            path = route
            for part, value in zip(parts, chosen, strict=True):
                path = re.sub(rf"<(?:\w+:)?{part}>", str(value), path, count=1)
            found.append(f"/{path}")
    # the page on which one signs in as anybody names the people, and no case
    return [path for path in found if path != reverse("demo")]


def met(client: Client, paths: list[str], words: list[str]) -> set[tuple[str, str]]:
    """(address, word) wherever a word is answered, in a page or on the way."""
    found = set()
    for path in paths:
        answer = client.get(path)
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        text = body.decode(errors="ignore") + str(answer.headers)
        found |= {(path.split("?")[0], word) for word in words if word in text}
    return found


def test_no_address_tells_a_reviewer_of_a_blind_call_whose_case_it_is(world: World) -> None:
    panel, application = convened(world)
    reviewer = world.staff["reviewer"]
    review = panel.reviews.get(reviewer=reviewer)
    client, words = entered(reviewer), names(application)
    for state in ("assigned", "declared", "scored"):
        if state == "declared":
            review = perform(review, "declare", by=reviewer)
        if state == "scored":
            review = perform(review, "score", by=reviewer, points=points(review, 4))
        paths = every_address(application, review)
        assert met(client, paths, words) == set(), state
        assert client.get(reverse("case", args=[application.case.number])).status_code == 404
        assert client.get(reverse("case_zip", args=[application.case.number])).status_code == 404
    page = client.get(f"/reviews/{review.pk}/").content.decode()
    assert "がつくる" in page
    assert "開発の計画書 1" in page
    assert "（名前を伏せて審査中）" in client.get("/reviews/").content.decode()
    # the same walk finds them where nothing is hidden
    assert len(met(entered(world.officer), paths, words)) > len(words)


def test_a_name_finds_no_case_that_is_reviewed_blindly(world: World) -> None:
    panel, application = convened(world)
    reviewer, case = world.staff["reviewer"], application.case
    perform(panel.reviews.get(reviewer=reviewer), "declare", by=reviewer)
    search.index([case.pk])
    name = case.organisation.name
    for person, found in ((reviewer, False), (world.officer, True)):
        page = entered(person).get("/cases/", {"q": name}).content.decode()
        assert (case.number in page) is found
    client = entered(reviewer)
    assert case.number in client.get("/inbox/").content.decode()
    assert case.number not in client.get("/inbox/", {"q": name}).content.decode()
    sheet = b"".join(client.get(reverse("case_export")).streaming_content)  # type: ignore[attr-defined]
    assert case.number not in sheet.decode()


def test_of_the_files_the_pages_of_those_that_were_named_are_shown(world: World) -> None:
    panel, application = convened(world)
    reviewer = world.staff["reviewer"]
    review = perform(panel.reviews.get(reviewer=reviewer), "declare", by=reviewer)
    client = entered(reviewer)
    seen = {}
    for document in Document.objects.filter(case=application.case):
        pk = document.pk
        ways = [
            reverse("document", args=[pk]),
            reverse("document_page", args=[pk, 0]),
            reverse("document_original", args=[pk]),
        ]
        seen[document.key] = [client.get(path).status_code for path in ways]
    beside = client.get(reverse("review", args=[review.pk])).content.decode()
    plan = Document.objects.get(case=application.case, key="plan")
    assert 'data-name="開発の計画書 1"' in beside
    alone = client.get(reverse("document", args=[plan.pk])).content.decode()
    assert size(plan.file.size) not in alone + beside  # nor by how long it is
    assert reverse("document_original", args=[plan.pk]) not in beside
    assert seen.pop("plan") == [200, 200, 404]
    assert seen
    assert all(answers == [404, 404, 404] for answers in seen.values())


def test_what_lies_in_another_file_is_said_without_the_name_of_that_file(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = Instead(
        key="quote", way="elsewhere", until="", id=0, name="もいわの見積.pdf", where="もいわの章"
    )
    monkeypatch.setattr(instead, "frozen", lambda *_given: [said])
    panel, application = convened(world)
    version = application.last_version
    assert version is not None
    assert version.content["instead"] == [said]
    reviewer = world.staff["reviewer"]
    review = perform(panel.reviews.get(reviewer=reviewer), "declare", by=reviewer)
    beside = entered(reviewer).get(reverse("review", args=[review.pk])).content.decode()
    assert "ほかのファイルに入っています" in beside
    assert "もいわ" not in beside
    # nor does whoever is not cleared for what the firm marked secret read it
    [hidden] = secrecy.hidden(version.content, ["plan.q_concept"])["instead"]
    assert "もいわ" not in instead.in_words(hidden)
    assert "もいわの章" in instead.in_words(said)


def test_names_are_shown_once_the_panel_is_closed_and_nobody_scores_again(world: World) -> None:
    panel, application = convened(world)
    client, firm = entered(world.staff["reviewer"]), application.case.organisation.name
    for review in panel.reviews.all():
        review = perform(review, "declare", by=review.reviewer)
        perform(review, "score", by=review.reviewer, points=points(review, 4))
    path = reverse("case", args=[application.case.number])
    assert client.get(path).status_code == 404
    perform(panel, "close", by=world.officer, minutes="全件を審査した")
    assert firm in client.get(path).content.decode()
    again = panel.reviews.get(reviewer=world.staff["second_reviewer"])
    perform(again, "reopen", by=world.officer, reason="根拠を足してください")
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("how", ["in_hand", "replaced"])
def test_the_veil_follows_whoever_reviewed_into_another_role(world: World, how: str) -> None:
    panel, application = convened(world)
    person = world.staff["reviewer"]
    review = perform(panel.reviews.get(reviewer=person), "declare", by=person)
    if how == "replaced":
        third = world.staff["third_reviewer"]
        perform(review, "replace", by=world.officer, reason="異動", person=third)
    end_role(person.staff_roles.get(), by=world.staff["administrator"], reason="異動")
    StaffRole.objects.create(
        person=person,
        role="programme_officer",
        starts_on=clock.today(),
        granted_by=world.staff["administrator"],
    )
    client, firm = entered(User.objects.get(pk=person.pk)), application.case.organisation.name
    path = reverse("case", args=[application.case.number])
    assert client.get(path).status_code == 404
    assert firm not in client.get("/cases/").content.decode()
    for row in panel.reviews.filter(state__in=Review.OPEN):
        row = perform(row, "declare", by=row.reviewer) if row.awaits_interests else row
        if row.reviewer != person:
            perform(row, "score", by=row.reviewer, points=points(row, 4))
    panel = ReviewPanel.objects.get(pk=panel.pk)
    with clock.at(clock.now() + timedelta(days=15)):
        perform(panel, "close", by=world.officer, minutes="全件を審査した", reason="1人が欠けた")
    assert firm in client.get(path).content.decode()


def test_a_name_is_masked_however_it_is_written() -> None:
    firm = Organisation(
        name="株式会社もいわ商店", kana="モイワショウテン", representative_name="髙﨑 恵"
    )
    said = {
        "organisation": {"phone": "011-000-0001", "website": "https://www.moiwa.example/shop"},
        "contact": {"name": "三上 遥", "email": "haruka@post.example"},
    }
    names = veil.names_in(firm, said)
    for text in (
        "株式会社もいわ商店",
        "モイワ商店",
        "ﾓｲﾜ商店",
        "髙﨑",
        "高崎　恵",
        "三上",
        "０１１ー０００ー０００１",
        "0110000001",
        "(011)000-0001",
        "０１１（０００）０００１",
        "011.000.0001",
        "+81 11 000 0001",
        "+81-(0)11-000-0001",
        "三上遥",
        "moiwa.example",
        "POST.example",
    ):
        content = {"organisation": {}, "eligibility": {}, "plan": {"q_aim": f"私は{text}です"}}
        found = veil.veiled(content, names, ())
        # a bracket before a number says nothing
        assert found["plan"]["q_aim"].replace("(", "").replace("（", "") == "私は〓〓です", text
    assert jptext.occurrences("ほかの会社と、みかみの里のはるかな道", names) == []
    said["contact"]["name"] = "三上遥"  # typed without a space: the family name alone is hers too
    assert "三上" in veil.names_in(firm, said)


def test_who_knows_the_names_is_not_asked_to_review_blindly(world: World) -> None:
    call = world.call("dx_creation")
    both = world.staff["reviewer"]
    assert both in reviewers_for(call)
    StaffRole.objects.create(
        person=both, role="inspector", starts_on=clock.today(), granted_by=world.officer
    )
    assert both not in reviewers_for(call)
    assert both in reviewers_for(world.call("dx_promotion"))


def test_applicants_and_officers_are_told_what_is_hidden(world: World) -> None:
    call = world.calls["dx_creation"] = world.call("dx_creation")
    application, person = world.draft("dx_creation")
    number = application.case.number
    assert "審査で伏せること" in Client().get(call.public_url).content.decode()
    own = entered(person)
    plan = own.get(reverse("application_section", args=[number, "plan"])).content.decode()
    assert "審査員には、事業者の名前を伏せます" in plan
    files = own.get(reverse("application_documents", args=[number])).content.decode()
    assert files.count("だれの申請かを知らずに") == 1
    assert (
        "名前を伏せた審査" in entered(world.officer).get(call.get_absolute_url()).content.decode()
    )
    assert (
        "審査で伏せること" not in Client().get(world.calls["telework"].public_url).content.decode()
    )
