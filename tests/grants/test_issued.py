"""The day on which a paper was issued, where its programme counts from it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grants.applications import drafts, instead, issued, reusing, submit
from grants.applications.models import Application
from portal import clock
from portal.accounts.models import User
from portal.documents.models import Document
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.grants.test_reusing import second
from tests.markup import one_line
from tools.demonstration.simulation import paper
from tools.demonstration.simulation.files import attach

KEY, DAYS = "tax_certificate", 90


def draft(world: World) -> tuple[Application, User]:
    """Whole, with a tax certificate whose day nobody said."""
    application, person = world.draft(call=world.call("iot"))
    attach(application.case, key=KEY, name="納税証明書.pdf", data=paper("tax"), by=person)
    return application, person


def say(client: Client, application: Application, age: int) -> int:
    day = clock.today() - timedelta(days=age)
    typed = {"y": day.year, "m": day.month, "d": day.day}
    at = reverse("document_issued", args=[application.case.number, KEY])
    return client.post(at, {f"{KEY}-issued-on_{part}": n for part, n in typed.items()}).status_code


def page_of(client: Client, application: Application) -> str:
    return one_line(client.get(reverse("application_documents", args=[application.case.number])))


def test_a_document_whose_programme_says_nothing_asks_for_no_day(
    world: World, client: Client
) -> None:
    application, person = world.draft(call=world.call("iot"))
    client.force_login(person)
    assert "発行日" not in page_of(client, application)
    assert instead.missing(application) == []
    at = reverse("document_issued", args=[application.case.number, "quote"])
    assert client.post(at, {}).status_code == 404


@pytest.mark.parametrize(("age", "status"), [(-1, 422), (0, 302), (DAYS, 302), (DAYS + 1, 422)])
def test_the_day_is_asked_beside_the_file_and_held_against_the_rule(
    world: World, client: Client, age: int, status: int
) -> None:
    application, person = draft(world)
    client.force_login(person)
    assert instead.missing(application) == ["納税証明書の発行日"]
    assert "発行日がまだ入っていません。" in page_of(client, application)
    with pytest.raises(NotReady):
        submit.submit(application, by=person)
    before = drafts.draft_hash(application)
    assert say(client, application, age) == status
    assert (instead.missing(application) == []) is (status == 302)
    assert (drafts.draft_hash(application) == before) is (status == 422)


def test_a_paper_that_grew_too_old_meanwhile_is_missing_again(world: World, client: Client) -> None:
    application, person = draft(world)
    client.force_login(person)
    assert say(client, application, DAYS - 2) == 302
    with clock.at(clock.now() + timedelta(days=3)):
        assert instead.missing(application) == ["納税証明書（発行日が合いません）"]
        assert "日を過ぎています。新しいものを取って送ってください。" in page_of(
            client, application
        )
        with pytest.raises(NotReady):
            submit.submit(application, by=person)


def test_the_officer_reads_the_day_beside_the_file(world: World, client: Client) -> None:
    application, person = draft(world)
    day = clock.today() - timedelta(days=5)
    issued.keep(application, KEY, day, by=person)
    done = submit.submit(application, by=person)
    version = done.last_version
    assert version is not None
    assert version.content["issued"] == {KEY: day.isoformat()}
    client.force_login(world.officer)
    words = f"納税証明書.pdf（{issued.in_words(day.isoformat())}）"
    assert words in one_line(client.get(done.get_absolute_url()))


def test_it_is_offered_again_no_longer_than_it_counts_and_brings_its_day(world: World) -> None:
    new, sent, person = second(world)
    earlier = Application.objects.get(case=sent.case)
    day = clock.today() - timedelta(days=DAYS - 4)
    earlier.sections.create(
        key="documents", data={f"{KEY}.issued": day.isoformat()}, saved_by=person
    )
    assert reusing.offered(new, person)[KEY][0].until == clock.today() + timedelta(days=4)
    reusing.use(new, sent.pk, by=person)
    assert issued.typed(new) == {KEY: day}
    assert Document.objects.live().filter(case=new.case, key=KEY).exists()
    with clock.at(clock.now() + timedelta(days=5)):
        assert issued.missing(new, {KEY}) == ["納税証明書（発行日が合いません）"]
