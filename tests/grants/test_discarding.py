"""A draft is thrown away: what was written is gone for good, its number and events stay, the call is free again."""

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from grants.applications import discarding
from grants.applications.models import Application, OfficerList, Section
from portal import clock
from portal.accounts.models import Delegation, Membership, User
from portal.audit.models import Event
from portal.cases.models import Case, SearchDocument, Turn
from portal.correspondence.models import Mail
from portal.documents.models import Document
from portal.firms import claims
from portal.firms.claims import Decision
from portal.workflow.door import begin, perform
from portal.workflow.errors import Forbidden, Stale, WrongState
from tests.conftest import World, check_files
from tests.portal.test_firms import firm, passed, registered

SURE = {"is_sure": "on"}


def is_gone(application: Application) -> bool:
    """Nothing that anybody typed or sent is left, and nobody opens it."""
    case = Case.objects.get(pk=application.case_id)
    typed = [s.data for s in Section.objects.filter(application=application) if s.data]
    lists = OfficerList.objects.filter(application=application).exclude(sealed=None)
    files = [
        d
        for d in Document.objects.filter(case=case).select_related("file")
        if default_storage.exists(d.file.key)
    ]
    found = (
        Turn.objects.filter(case=case).exists() or SearchDocument.objects.filter(case=case).exists()
    )
    return not (typed or lists.exists() or files or found) and case.disposed_on is not None


def test_a_draft_is_erased_and_another_can_begin(world: World) -> None:
    application, person = world.draft()
    check_files()
    assert application.sections.exclude(data={}).exists()
    assert Document.objects.filter(case=application.case).exists()
    discarding.discard(application, by=person, seen=application.version)
    assert is_gone(application)
    fresh = Application.objects.get(pk=application.pk)
    assert (fresh.state, fresh.arrived_at) == ("withdrawn", None)
    told = Event.objects.filter(chain=f"case:{application.case_id}").order_by("seq")
    assert list(told.values_list("action", flat=True))[-2:] == [
        "application.discard",
        "case.dispose",
    ]
    assert [event.actor for event in told][-2:] == [person, person]
    again = begin(
        Application, by=person, call=application.call, organisation=application.case.organisation
    )
    assert again.state == "draft"


def test_what_was_handed_in_is_never_thrown_away(world: World) -> None:
    application, person = world.submitted()
    with pytest.raises(WrongState):
        discarding.discard(application, by=person)
    client = Client()
    client.force_login(person)
    path = f"/apply/{application.case.number}/discard/"
    assert client.post(path, SURE).status_code == 409
    assert not is_gone(application)
    returned = world.submitted()[0]
    perform(returned, "withdraw", by=returned.case.organisation.memberships.get().user)
    assert Section.objects.filter(application=returned).exclude(data={}).exists()


def test_everybody_who_writes_may_and_nobody_else(world: World) -> None:
    """Also a member, who could not withdraw it, and somebody whose firm is not proved yet."""
    application, person = world.draft()
    organisation = application.case.organisation
    for other in (world.outsider, world.officer, world.staff["administrator"]):
        with pytest.raises(Forbidden):
            discarding.discard(application, by=other)
    member = User.objects.create_user("member@firms.example", None, name="社員")
    Membership.objects.create(user=member, organisation=organisation, role="member")
    organisation.proved_how, organisation.proved_at, organisation.proved_by = "", None, None
    organisation.save()
    discarding.discard(application, by=member)
    assert is_gone(application)
    assert person.memberships.filter(left_at=None).exists()


def test_the_page_says_what_goes_and_wants_a_word(world: World) -> None:
    application, person = world.draft()
    client = Client()
    client.force_login(person)
    path = f"/apply/{application.case.number}/discard/"
    assert path in client.get(f"/apply/{application.case.number}/").content.decode()
    page = client.get(path).content.decode()
    assert ("経費の一覧" in page, "元に戻せない" in page) == (True, True)
    typed = {"seen": str(application.version)}
    assert client.post(path, typed).status_code == 422
    assert client.post(path, typed | SURE | {"seen": "999"}).status_code == 409
    assert Application.objects.get(pk=application.pk).state == "draft"
    assert client.post(path, typed | SURE)["Location"] == "/my/"
    assert application.case.number not in client.get("/my/").content.decode()
    assert client.get(f"/apply/{application.case.number}/").status_code == 404


def test_colleagues_and_the_adviser_hear_that_a_draft_was_thrown_away(world: World) -> None:
    application, person = world.draft()
    firm = application.case.organisation
    colleague = User.objects.create_user("colleague@firms.example", None)
    User.objects.filter(pk=colleague.pk).update(language="en")
    Membership.objects.create(organisation=firm, user=colleague, role="member")
    adviser = User.objects.create_user("adviser@firms.example", None)
    Delegation.objects.create(
        organisation=firm,
        adviser=adviser,
        granted_by=person,
        starts_on=clock.today(),
        ends_on=clock.today(),
    )
    discarding.discard(application, by=person)
    told = {
        mail.to: mail for mail in Mail.objects.filter(subject__contains=application.case.number)
    }
    assert set(told) == {colleague, adviser}
    assert "thrown away" in told[colleague].subject
    assert "下書きが消されました" in told[adviser].subject
    assert firm.name not in told[adviser].body + told[adviser].subject


# -- a hand-over ------------------------------------------------------------------------------------
@pytest.fixture
def squatted(world: World) -> tuple[Application, User]:
    """Somebody registered a number and wrote a draft for it; and who the firm really is."""
    registered()
    organisation = firm(world.outsider)
    application = begin(
        Application,
        by=world.outsider,
        call=world.call("telework", round_no=2),
        organisation=organisation,
    )
    Section.objects.create(
        application=application,
        key="contact",
        data={"name": "先に書いた人"},
        saved_by=world.outsider,
    )
    return application, User.objects.create_user("owner@firms.example", None, name="本当の代表")


def test_a_hand_over_takes_the_drafts_of_who_never_proved_it(
    world: World, squatted: tuple[Application, User]
) -> None:
    application, owner = squatted
    organisation = application.case.organisation
    claim = claims.make(organisation, by=owner, matter="belongs", words="代表です")
    claims.decide(claim, Decision("hand_over", "登記事項証明書"), by=world.officer)
    assert is_gone(application)
    assert not Case.objects.visible_to(owner).filter(organisation=organisation).exists()
    mine = begin(Application, by=owner, call=application.call, organisation=organisation)
    assert mine.state == "draft"
    claim = claims.make(organisation, by=world.outsider, matter="belongs", words="戻して")
    passed(claim, Decision("hand_over", "別の書類"), world)
    assert not is_gone(mine)  # of a firm that was proved


def test_who_proves_an_abandoned_firm_reads_no_draft_of_those_before(
    world: World, squatted: tuple[Application, User]
) -> None:
    application, owner = squatted
    organisation = application.case.organisation
    claim = claims.make(organisation, by=owner, matter="belongs", words="代表です")
    organisation.memberships.update(left_at=clock.now())
    claims.shown(claim, "gbizid", by=owner)
    assert claims.holders(organisation) == [owner]
    assert is_gone(application)


def test_drafts_stay_with_people_who_stay(world: World, squatted: tuple[Application, User]) -> None:
    application, owner = squatted
    organisation = application.case.organisation
    claim = claims.make(organisation, by=owner, matter="belongs", words="代表です")
    claims.decide(claim, Decision("refuse", "登記事項証明書"), by=world.officer)
    assert not is_gone(application)


def test_what_the_counter_entered_stays(world: World, squatted: tuple[Application, User]) -> None:
    application, owner = squatted
    Case.objects.filter(pk=application.case_id).update(on_paper=True)
    organisation = application.case.organisation
    claim = claims.make(organisation, by=owner, matter="belongs", words="代表です")
    claims.decide(claim, Decision("hand_over", "登記事項証明書"), by=world.officer)
    assert not is_gone(application)


def test_a_stale_page_erases_nothing(world: World) -> None:
    application, person = world.draft()
    with pytest.raises(Stale):
        discarding.discard(application, by=person, seen=application.version + 1)
    assert not is_gone(application)
