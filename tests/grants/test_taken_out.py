"""A paper that is taken out while somebody hands in stays where it was handed in."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from grants.completion import reporting
from grants.completion import views as completion_views
from grants.completion.models import CompletionReport
from grants.followup import filing as writing
from grants.followup import views as followup_views
from grants.followup.models import Asset, Filing
from portal.documents.models import Document
from tests.beginning import begins
from tests.conftest import World
from tests.grants.test_completion import awarded, written
from tests.grants.test_followup import registered
from tools.demonstration.simulation import paper
from tools.demonstration.simulation.files import attach


def handed_in_meanwhile(
    monkeypatch: pytest.MonkeyPatch, views: object, hand_in: Callable[[], object]
) -> None:
    """The page has looked whether it is still being written; then somebody else hands it in."""
    look = views.draft_at  # type: ignore[attr-defined]

    def looked(*where: object) -> object:
        found = look(*where)
        hand_in()
        return found

    monkeypatch.setattr(views, "draft_at", looked)


@begins(awarded)
def test_of_a_completion_report(
    world: World, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    award, person = world.begun(awarded)
    report = written(award, person)
    document = reporting.evidence(report).first()
    assert document is not None
    client.force_login(person)
    handed_in_meanwhile(monkeypatch, completion_views, lambda: reporting.submit(report, by=person))
    client.post(reverse("completion_document_remove", args=[report.case.number, document.pk]))
    document.refresh_from_db()
    assert CompletionReport.objects.get(pk=report.pk).state == "submitted"
    assert (document.frozen, document.removed_at) == (True, None)


def test_of_a_later_report(world: World, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _award, person = registered(world)
    row = writing.ask_disposal(Asset.objects.get(), by=person)
    document = attach(row.case, key=row.file_key, name="a.pdf", data=paper("a"), by=person)
    client.force_login(person)
    handed_in_meanwhile(
        monkeypatch, followup_views, lambda: Filing.objects.update(state="submitted")
    )
    client.post(reverse("filing_document_remove", args=[row.case.number, document.pk]))
    assert Document.objects.sent().filter(pk=document.pk).exists()
