"""Who of the office sees which case, and what of it: role × scope × assignment, on pages, files, exports and lists alike."""

import io
import zipfile

import pytest
from django.apps import apps
from django.db.models import Model
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from grants.applications import drafts
from grants.applications.models import Application, Section
from grants.awards.models import Award
from grants.followup.models import Asset
from grants.reviews.access import READS, clears
from grants.reviews.models import Review
from grants.reviews.states import GONE
from portal import clock
from portal.accounts import people
from portal.accounts.models import StaffRole, User
from portal.audit.models import Event
from portal.cases import interests
from portal.cases.models import Case
from portal.correspondence import talk
from portal.correspondence.models import Message
from portal.documents.models import Document
from portal.notices.models import Notice
from portal.workflow.door import perform
from portal.workflow.errors import Forbidden
from tests.architecture.test_house import routes
from tests.beginning import begins
from tests.conftest import World, draw_files
from tests.grants import test_payments as payments
from tests.grants.test_completion import awarded
from tests.grants.test_followup import asked_disposal
from tests.grants.test_reviews import convened
from tests.journeys.test_urls import addresses, named, paths
from tests.roles import granted

__all__ = ["addresses"]  # a fixture of the table of addresses


def entered(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def asked(client: Client, application: Application) -> dict[str, int]:
    """What each way to the case's content answers."""
    case = application.case
    document = Document.objects.filter(case=case).first()
    assert document is not None
    draw_files(case)
    ways = {
        "page": reverse("case", args=[case.number]),
        "zip": reverse("case_zip", args=[case.number]),
        "document": reverse("document", args=[document.pk]),
        "original": reverse("document_original", args=[document.pk]),
        "image": reverse("document_page", args=[document.pk, 0]),
    }
    return {name: client.get(path).status_code for name, path in ways.items()}


def listed(client: Client) -> tuple[str, str]:
    """(list, spreadsheet) of cases."""
    sheet = b"".join(client.get("/cases/export.csv").streaming_content)  # type: ignore[attr-defined]
    return client.get("/cases/").content.decode(), sheet.decode()


def asset_of(award: Award) -> Asset:
    return Asset.objects.create(
        award=award, item=1, name="端末", cost=420_000, acquired_on=clock.today(), life_years=4
    )


CLOSED = dict.fromkeys(("page", "zip", "document", "original", "image"), 404)
OPEN = dict.fromkeys(CLOSED, 200)


def test_a_reviewer_reads_a_case_from_the_declaration_on(world: World) -> None:
    _panel, (application,) = convened(world, 1)
    review = application.reviews.get(reviewer=world.staff["reviewer"])
    client, firm = entered(world.staff["reviewer"]), application.case.organisation.name
    before = client.get(f"/reviews/{review.pk}/").content.decode()
    plan = application.last_version.content["plan"]["title"]  # type: ignore[union-attr]
    assert asked(client, application) == CLOSED
    assert firm in before
    assert "申請の内容" not in before.replace("申告すると申請の内容が開きます", "")
    assert all(firm not in text for text in listed(client))
    assert f"/reviews/{review.pk}/" in client.get("/inbox/").content.decode()
    perform(review, "declare", by=world.staff["reviewer"])
    assert asked(client, application) == OPEN
    assert all(firm in text for text in listed(client))
    assert plan in client.get(f"/reviews/{review.pk}/").content.decode()


def test_the_pages_open_to_a_reviewer_as_the_table_says(world: World) -> None:
    _panel, (application,) = convened(world, 1)
    ito = world.staff["reviewer"]
    review = application.reviews.get(reviewer=ito)
    client = entered(ito)
    for state, parts in READS.items():
        # without the door: in some of these states an interest is known, which closes more
        type(review).objects.filter(pk=review.pk).update(state=state, cleared=True)
        own = client.get(f"/reviews/{review.pk}/").status_code
        assert own == (200 if "review" in parts or state in GONE else 404), state
        assert asked(client, application) == (OPEN if "case" in parts else CLOSED), state
        assert clears(ito, application) == ("secret" in parts), state


@pytest.mark.parametrize("ending", ["recuse", "replace"])
@pytest.mark.parametrize("declared", [False, True])
def test_who_recused_or_was_replaced_reads_nothing(
    world: World, ending: str, declared: bool
) -> None:
    _panel, (application,) = convened(world, 1)
    reviewer = world.staff["reviewer"]
    review = application.reviews.get(reviewer=reviewer)
    if declared:
        review = perform(review, "declare", by=reviewer)
    if ending == "recuse":
        perform(review, "recuse", by=reviewer, reason="取引先")
    else:
        perform(
            review,
            "replace",
            by=world.officer,
            reason="長期の休み",
            person=world.staff["third_reviewer"],
        )
    client = entered(reviewer)
    assert asked(client, application) == CLOSED
    page = client.get(f"/reviews/{review.pk}/").content.decode()
    assert ("利益相反があるとして回避した審査です" in page) == (ending == "recuse")
    assert ("ほかの審査員に交代した審査です" in page) == (ending == "replace")
    case = application.case
    assert all(text not in page for text in (case.organisation.name, case.title, str(case)))
    assert client.post(f"/reviews/{review.pk}/", {"hand_in": "1"}).status_code == 200
    assert Review.objects.get(pk=review.pk).state == f"{ending}d"
    assert application.case.organisation.name not in client.get("/reviews/").content.decode()
    assert all(application.case.organisation.name not in text for text in listed(client))


def test_a_reviewer_sees_no_case_they_do_not_review(world: World) -> None:
    application, _person = world.submitted()
    client = entered(world.staff["reviewer"])
    assert asked(client, application) == CLOSED
    assert all(application.case.organisation.name not in text for text in listed(client))
    assert (
        application.case.organisation.name not in client.get("/inbox/?tab=others").content.decode()
    )


def test_a_reviewer_reads_the_application_not_the_file(world: World) -> None:
    _panel, (application,) = convened(world, 1)
    reviewer, case = world.staff["reviewer"], application.case
    Message.objects.create(
        case=case, side="office", author=world.officer, body="資金繰りが心配という声", internal=True
    )
    perform(application.reviews.get(reviewer=reviewer), "declare", by=reviewer)
    theirs = entered(reviewer).get(f"/cases/{case.number}/").content.decode()
    officers = entered(world.officer).get(f"/cases/{case.number}/").content.decode()
    notice = Notice.objects.get(case=case, kind="receipt")
    for kept in (
        "資金繰りが心配という声",
        "要件の確認",
        "照会の回答",
        notice.number,
        "職務の分離を確かめる",
    ):
        assert (kept in officers, kept in theirs) == (True, False), kept
    assert entered(reviewer).get(reverse("notice_paper", args=[notice.pk])).status_code == 404
    assert entered(reviewer).get(f"/cases/{case.number}/duties/").status_code == 403


@begins(payments.paid)
def test_a_review_opens_nothing_of_what_follows_the_award(world: World) -> None:
    """Neither pages of the award, nor what the case page says is being done, nor its record."""
    award, person, _payment = world.begun(payments.paid)
    asset = asset_of(award)
    filing = asked_disposal(world, person, asset)
    ito, number = world.staff["reviewer"], award.case.number
    _panel, (other,) = convened(world, 1)
    Review.objects.filter(application=other, reviewer=ito).update(
        application=award.application, state="scored"
    )
    client = entered(ito)
    opened = {
        entry.name
        for route, entry in routes()
        if route.startswith("cases/<str:number>/")
        and route.count("<") == 1
        and client.get(f"/{route.replace('<str:number>', number)}").status_code == 200
    }
    assert opened == {"case", "case_zip", "case_interest"}
    for path in (f"filings/{filing.pk}/", f"assets/{asset.pk}/"):
        assert client.get(f"/cases/{number}/{path}").status_code == 404
    for name in ("award", "completionreport", "claim", "payment", "filing"):
        assert client.get(f"/do/{name}/1/withdraw/").status_code == 404
    theirs = client.get(f"/cases/{number}/").content.decode()
    officers = entered(world.officer).get(f"/cases/{number}/").content.decode()
    for kept in ("補助金の額を確定しました", "報告・申請について起案する"):
        assert (kept in officers, kept in theirs) == (True, False), kept
    assert "申請を受理しました" in theirs


@begins(payments.fixed)
def test_a_role_in_another_programme_offers_nothing_here(world: World) -> None:
    """A finance officer of this programme who is an officer of another one."""
    award, _person = world.begun(payments.fixed)
    person, asset = world.staff["accountant"], asset_of(award)
    StaffRole.objects.create(
        person=person,
        role="programme_officer",
        programme_code="dx",
        starts_on=clock.today(),
        granted_by=world.staff["administrator"],
    )
    client, address = entered(person), f"/cases/{award.case.number}/assets/"
    assert f"{address}{asset.pk}/" in entered(world.officer).get(address).content.decode()
    page = client.get(address)
    assert (page.status_code, f"{address}{asset.pk}/" in page.content.decode()) == (200, False)
    assert client.get(f"{address}{asset.pk}/").status_code == 404


@begins(World.accepted)
def test_inspector_and_finance_see_a_case_once_there_is_an_award(world: World) -> None:
    """A new application is none of their business; what is inspected and paid is."""
    application, _person = world.begun(World.accepted)
    people = [world.staff["inspector"], world.staff["accountant"]]
    assert [asked(entered(person), application)["page"] for person in people] == [404, 404]
    award, _payee = awarded(world)
    path = reverse("case", args=[award.case.number])
    pages = {person.email: entered(person).get(path) for person in people}
    assert {page.status_code for page in pages.values()} == {200}
    assert all("要件の確認" not in page.content.decode() for page in pages.values())


@begins(World.accepted)
def test_the_challenge_owner_of_a_town_sees_no_subsidy_case(world: World) -> None:
    application, _person = world.begun(World.accepted)
    owner = world.staff["owner"]
    assert application.case.municipality_codes == ["011002"]  # in the scope of the role, and yet
    assert asked(entered(owner), application) == CLOSED
    assert (
        application.case.organisation.name
        not in entered(owner).get("/inbox/?tab=others").content.decode()
    )
    assert asked(entered(world.staff["concierge"]), application) == CLOSED  # nor does the concierge


@begins(World.accepted)
def test_a_step_in_an_approval_opens_its_case_to_whoever_has_it(world: World) -> None:
    application, _person = world.begun(World.accepted)
    chief = world.staff["approver"]
    granted(
        chief.staff_roles.all(), programme_code="dx_promotion"
    )  # an approver of another programme
    assert not Case.objects.visible_to(fresh(chief)).filter(pk=application.case_id).exists()
    approval = world.approval("award", [application])
    approval.steps.update(person=chief)
    assert Case.objects.visible_to(fresh(chief)).filter(pk=application.case_id).exists()


def fresh(person: User) -> User:
    """As read anew, with the roles of now."""
    return User.objects.get(pk=person.pk)


def test_who_declared_an_interest_sees_nothing_of_the_case_any_more(world: World) -> None:
    application, _person = world.submitted()
    assert asked(entered(world.officer), application) == OPEN
    interests.declare(application.case, by=world.officer, detail="親族の会社")
    assert asked(entered(world.officer), application) == CLOSED
    assert (
        application.case.organisation.name
        not in entered(world.officer).get("/inbox/").content.decode()
    )


def test_ranking_budget_and_execution_are_those_of_the_own_programme(world: World) -> None:
    """An officer of one programme reads no other's ranking, book or year."""
    _panel, (application,) = convened(world, 1)
    call, other = world.calls["dx_promotion"], world.calls["telework"]
    granted(world.staff["second_officer"].staff_roles.all(), programme_code="telework")
    client = entered(world.staff["second_officer"])
    line, own = call.budget_lines.first(), other.budget_lines.first()
    assert line is not None
    assert own is not None
    assert [client.get(reverse("ranking", args=[c.pk])).status_code for c in (call, other)] == [
        404,
        200,
    ]
    assert [
        client.get(reverse("budget_line", args=[row.pk])).status_code for row in (line, own)
    ] == [404, 200]
    assert [client.get(reverse("convene", args=[c.pk])).status_code for c in (call, other)] == [
        404,
        200,
    ]
    panel = application.reviews.all()[0].panel
    assert client.get(f"/do/reviewpanel/{panel.pk}/close/").status_code == 404
    for name in ("review_list", "budget_list", "execution", "statistics_live"):
        page = client.get(reverse(name)).content.decode()
        assert str(call) not in page, name
        assert call.name not in page or name == "statistics_live", (
            name
        )  # there the filter names every programme


def test_a_batch_is_read_by_whose_scope_holds_all_its_payments(world: World) -> None:
    award, payee = payments.fixed(world)
    payments.account(world, payee)
    batch = payments.batched(world, payments.ordered(world, award, payee))
    path = reverse("batch", args=[batch.pk])
    assert entered(world.staff["accountant"]).get(path).status_code == 200
    granted(
        world.staff["treasurer"].staff_roles.all(),
        programme_code="telework" if award.case.programme_code != "telework" else "iot",
    )
    client = entered(world.staff["treasurer"])
    assert client.get(path).status_code == 404
    assert batch.number not in client.get(reverse("payment_desk")).content.decode()


def test_a_removed_document_that_was_never_handed_in_is_read_by_nobody_and_images_are_not_kept(
    world: World,
) -> None:
    application, person = world.submitted()
    document = Document.objects.filter(case=application.case).first()
    assert document is not None
    draw_files(application.case)
    image = entered(world.officer).get(reverse("document_page", args=[document.pk, 0]))
    assert image.headers["Cache-Control"] == "private, no-store"
    Document.objects.filter(pk=document.pk).update(removed_at=application.arrived_at, frozen=False)
    for reader in (person, world.officer, world.staff["auditor"]):
        for name, more in (("document", []), ("document_original", []), ("document_page", [0])):
            assert entered(reader).get(reverse(name, args=[document.pk, *more])).status_code == 404


# -- who writes -------------------------------------------------------------------------------------------------------
@begins(awarded)
@pytest.mark.parametrize(
    ("name", "speaks", "notes"),
    [
        ("officer", True, True),
        ("approver", False, True),
        ("inspector", False, True),
        ("accountant", False, True),
        ("auditor", False, False),
    ],
)
def test_only_the_officers_of_a_case_write_to_the_applicant(
    world: World, name: str, speaks: bool, notes: bool
) -> None:
    """Approver, inspector and finance officer leave a memo; only an answer by the officer marks the question as answered."""
    award, payee = world.begun(awarded)
    question = talk.write(award.case, body="いつ振り込まれますか", by=payee)
    client, path = entered(world.staff[name]), reverse("message_write", args=[award.case.number])
    page = client.get(reverse("case", args=[award.case.number])).content.decode()
    assert ("申請者へ送る" in page, "職員だけのメモ" in page) == (speaks, notes)
    # whoever writes to either side says by the button for whom: nothing is chosen beforehand
    assert page.count('name="internal"') == (2 if speaks else 1 if notes else 0)
    assert ('type="hidden" name="internal"' in page) is notes
    note = client.post(path, {"body": "口座を照会中", "internal": "on"}).status_code
    assert note == (302 if notes else 403)
    unsaid = client.post(path, {"body": "来月です"})  # nobody is written to by default
    assert unsaid.status_code == (422 if notes else 403)
    assert not Message.objects.filter(side="office", internal=False).exists()
    answer = client.post(path, {"body": "来月です", "internal": "off"}).status_code
    assert answer == (302 if speaks else 403)
    question.refresh_from_db()
    assert (question.answered_at is not None) is speaks
    assert Message.objects.filter(side="office", internal=False).exists() is speaks


def test_a_reviewer_writes_neither_message_nor_memo(world: World) -> None:
    _panel, (application,) = convened(world, 1)
    reviewer = world.staff["reviewer"]
    perform(application.reviews.get(reviewer=reviewer), "declare", by=reviewer)
    client, path = entered(reviewer), reverse("message_write", args=[application.case.number])
    assert [
        client.post(path, {"body": "質問", "internal": on}).status_code for on in ("off", "on")
    ] == [403, 403]
    with pytest.raises(Forbidden):
        talk.write(application.case, body="質問", by=reviewer)
    assert not Message.objects.filter(case=application.case).exists()


# what the auditor has looked at anew, by a job that changes nothing of what it looks at
LOOKS = {"record_verify"}


@begins(named)
def test_an_auditor_writes_nothing_at_any_address(
    world: World, addresses: dict[str, str], settings: Settings
) -> None:
    """Every address of the portal is posted to: refused or not there, and no row of any table has changed."""
    settings.API_PER_MINUTE = 10_000
    client, before = entered(world.staff["auditor"]), rows()
    typed = {
        "body": "x",
        "internal": "off",
        "text": "x",
        "title": "x",
        "kind": "question",
        "name": "x",
        "page": "inbox",
        "query": "",
        "reason": "x",
        "detail": "x",
    }
    wrong = {}
    public = {
        entry.name
        for _route, entry in routes()
        if getattr(entry.callback, "access", "") == "anyone"
    }
    for key, path in paths(addresses).items():
        status = client.post(path, typed).status_code
        name = key.split()[0]
        if name in LOOKS:
            assert status == 302
        elif status not in (403, 404, 405) and name not in public:
            wrong[key] = status
    assert wrong == {}
    assert rows() == before


def rows() -> dict[str, int]:
    """How many rows each table holds, and the newest event; sessions, the record of what was read and the rate of the public API apart."""
    kept = {model._meta.label: model._default_manager.count() for model in models()}
    return kept | {"newest": Event.objects.order_by("-pk").values_list("pk", flat=True)[0]}


def models() -> list[type[Model]]:
    apart = {
        "sessions.Session",
        "usersessions.UserSession",
        "portal_cases.Reading",
        "portal_audit.Verification",
        "portal_ui.Use",
    }
    return [
        model
        for model in apps.get_models()
        if model._meta.managed and model._meta.label not in apart
    ]


def test_no_transition_is_the_auditors(world: World) -> None:
    """Neither alone nor with a row of the auditor's own: no permission of a life cycle names the role."""
    auditor = world.staff["auditor"]
    application, _person = world.submitted()
    for spec in Application.specs().values():
        assert spec.permission.reasons(auditor, application), spec.name


def test_the_zip_holds_what_the_person_may_read(world: World) -> None:
    _panel, (application,) = convened(world, 1)
    reviewer = world.staff["reviewer"]
    perform(application.reviews.get(reviewer=reviewer), "declare", by=reviewer)
    inside = Document.objects.filter(case=application.case).order_by("pk")[0]
    Document.objects.filter(pk=inside.pk).update(internal=True)
    names = {
        who: zipfile.ZipFile(
            io.BytesIO(
                entered(person).get(reverse("case_zip", args=[application.case.number])).getvalue()
            )
        ).namelist()
        for who, person in (("officer", world.officer), ("reviewer", reviewer))
    }
    papers = {name for name in names["officer"] if name.startswith("notices/")}
    assert papers
    assert len(names["officer"]) == len(names["reviewer"]) + len(papers) + 1
    assert not papers & set(names["reviewer"])
    answers = {f"answers/{application.case.number}.{kind}" for kind in ("pdf", "csv")}
    assert answers <= set(names["officer"]) & set(names["reviewer"])
    assert entered(reviewer).get(reverse("document", args=[inside.pk])).status_code == 404


def test_an_adviser_copies_no_application_of_another_programme(world: World) -> None:
    earlier, person = world.submitted(call=world.call("iot"))
    firm, adviser, today = earlier.case.organisation, world.people["adviser"], clock.today()
    call = world.calls["telework"]
    people.delegate(
        firm,
        adviser=adviser,
        by=person,
        starts_on=today,
        ends_on=today,
        programme_code=call.programme.code,
    )
    start = reverse("application_start", args=[call.code])
    sent = {"organisation": firm.pk, "copy_from": earlier.pk}
    client = entered(adviser)
    assert earlier.case.number not in client.get(start).content.decode()
    client.post(start, sent)
    for draft in call.applications.filter(case__organisation=firm):
        assert draft.copied_from is None
        assert not draft.sections.exclude(key__in=drafts.KNOWN).exists()
    begun = call.applications.filter(case__organisation=firm)
    Section.objects.filter(application__in=begun).delete()
    begun.delete()
    entered(person).post(start, sent)  # who sees both may
    assert call.applications.get(case__organisation=firm).copied_from == earlier
