"""Whom a firm pays for help with its application: asked where the programme asks, read by the office."""

import pytest

from grants.applications import answers, drafts, submit
from grants.applications.contact_forms import ContactForm
from grants.applications.models import Application
from grants.applications.private import of_versions
from portal.types import Given
from tests.conftest import World

CONTACT = {"name": "三上 遥", "phone": "011-000-0000", "email": "haruka@firms.example"}
PAID = {
    "adviser": "yes",
    "adviser_name": "北の行政書士事務所",
    "adviser_kind": "gyoseishoshi",
    "adviser_fee": "10万円",
    "adviser_terms": "交付された額の10％",
}


@pytest.fixture
def asked(world: World) -> Application:
    """A draft to a call that asks."""
    application, _person = world.draft()
    application.call.parameters["asks_adviser_fee"] = True
    application.call.save()
    return Application.objects.get(pk=application.pk)


def typed(application: Application, **answers: str) -> ContactForm:
    return ContactForm({**CONTACT, **answers}, application=application)


def test_a_call_that_does_not_ask_has_no_such_question(world: World) -> None:
    application, _person = world.draft()
    assert set(typed(application).fields) == {"name", "department", "phone", "email", "mails"}


def test_whom_and_how_much_is_asked_of_whoever_pays_alone(asked: Application) -> None:
    assert typed(asked).errors.keys() == {"adviser"}
    unpaid = typed(asked, adviser="no", adviser_fee="500")
    assert unpaid.is_valid()
    assert "adviser_fee" not in unpaid.content()  # what is said of nobody is dropped
    assert typed(asked, adviser="yes").errors.keys() == {
        "adviser_name",
        "adviser_kind",
        "adviser_fee",
    }
    paid = typed(asked, **PAID)
    assert paid.is_valid()
    assert paid.content()["adviser_fee"] == 100_000


@pytest.mark.parametrize(
    ("said", "read"),
    [
        (PAID, "北の行政書士事務所（行政書士）　100,000円　交付された額の10％"),
        ({"adviser": "no"}, "払わない"),
    ],
)
def test_the_office_reads_what_was_said(asked: Application, said: Given, read: str) -> None:
    form = typed(asked, **said)
    assert form.is_valid()
    rows = {part: text for part, _label, text in answers._adviser(form.content())}
    assert rows == {"contact.adviser": read}


def test_an_older_version_says_nothing_of_it(world: World) -> None:
    application, _person = world.submitted()
    version = application.last_version
    assert version is not None
    parts = answers.parts(application, version.content, [])
    assert "contact.adviser" not in {row["part"] for row in parts}


def test_who_is_paid_is_no_more_public_than_who_is_to_be_asked(asked: Application) -> None:
    person = asked.case.organisation.memberships.get(role="representative").user
    stored = drafts.stored(asked, "contact")
    assert stored is not None
    drafts.save(asked, "contact", {**CONTACT, **PAID}, by=person, page=drafts.Page(stored.version))
    submit.submit(asked, by=person)
    assert PAID["adviser_name"] in {row.text for row in of_versions(asked.case)}
