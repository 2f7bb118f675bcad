"""A firm's papers that serve more than one application are sent once, and offered again while they count."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from grants.applications import instead, reusing
from grants.applications.models import Application
from portal import clock
from portal.accounts.models import Membership, User
from portal.documents import store
from portal.documents.models import Document
from portal.workflow.door import begin
from portal.workflow.errors import NotReady
from tests.conftest import World
from tests.markup import one_line

KEY = "tax_certificate"


def second(world: World) -> tuple[Application, Document, User]:
    """A draft to another call of a firm that has sent its tax certificate with an earlier one."""
    earlier, person = world.submitted()
    sent = Document.objects.live().filter(case=earlier.case).first()
    assert sent is not None
    sent.key = KEY
    sent.save()
    firm = earlier.case.organisation
    call = world.call("iot")
    return begin(Application, by=person, call=call, organisation=firm), sent, person


def test_it_is_offered_and_used_once(world: World, client: Client) -> None:
    draft, sent, person = second(world)
    client.force_login(person)
    at = reverse("application_section", args=[draft.case.number, "documents"])
    page = one_line(client.get(at))
    assert f"受付番号 {sent.case.number} の申請で送ったものです。" in page
    client.post(reverse("document_reuse", args=[draft.case.number, sent.pk]))
    used = Document.objects.live().get(case=draft.case)
    assert (used.file_id, used.key, used.uploaded_by) == (sent.file_id, KEY, person)
    assert "で送ったものです。" not in one_line(client.get(at))
    store.remove(sent, by=person)
    assert Document.objects.live().filter(case=draft.case).exists()


def test_it_counts_from_the_day_on_which_it_came_however_often_it_was_used(world: World) -> None:
    draft, sent, person = second(world)
    days = next(d.usable_days for d in draft.stated.documents if d.key == KEY)
    assert days is not None
    came = clock.day_of(sent.file.stored_at)
    assert reusing.offered(draft, person)[KEY][0].until == came + timedelta(days=days)
    sent.file.stored_at = clock.now() - timedelta(days=days + 1)
    sent.file.save()
    assert reusing.offered(draft, person) == {}
    with pytest.raises(NotReady):
        reusing.use(draft, sent.pk, by=person)


@pytest.mark.parametrize("why", ["another firm", "the office", "taken out", "no days", "refused"])
def test_to_whom_and_which_nothing_is_offered(world: World, why: str) -> None:
    draft, sent, person = second(world)
    match why:
        case "another firm":
            draft, _other = world.draft(call=draft.call, complete=False)
            firm = draft.case.organisation
            Membership.objects.create(user=person, organisation=firm, role="member")
        case "the office":
            person = world.officer
        case "taken out":
            store.remove(sent, by=person)
        case "no days":
            sent.key = "quote"
            sent.save()
        case "refused":
            sent.file.refusal = "encrypted"
            sent.file.save()
    assert reusing.offered(draft, person) == {}
    with pytest.raises(NotReady):
        reusing.use(draft, sent.pk, by=person)
    assert KEY not in {d.key for d in Document.objects.live().filter(case=draft.case)}
    assert instead.needed(draft)
