"""Whoever hands in for a firm shows two factors, on every page and at every act that takes such a person."""

import re
from urllib.parse import quote

from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from grants.awards.models import Award
from grants.completion import reporting
from grants.completion.models import CompletionReport
from grants.followup.models import Filing
from grants.payments.models import Claim
from portal import clock
from portal.accounts import factors
from portal.accounts.models import User
from portal.workflow.door import begin, perform
from portal.workflow.drafts import keep
from portal.workflow.graph import life_cycles
from tests.beginning import begins
from tests.conftest import World, seen_on
from tests.grants import test_completion as completion
from tests.grants.test_payments import account, fixed
from tests.portal.test_factors import NOW, PAGES, PASSWORD, Post, mailed
from tools.demonstration.rooms.payments import typed
from tools.demonstration.simulation import paper
from tools.demonstration.simulation.files import attach

# what one page alone does → that page; every other such act has the page of its transition
ON_PAGES = {
    "Application.submit": "application_review",
    "Application.resubmit": "application_review",
    "Application.amend": "application_review",
    "Application.conclude": "do",  # with the last match that a firm withdraws
    "Award.adopt": "change_new",
    "BankAccount.begin": "bank_account",
    "BankAccount.replace": "bank_account",
    "ChangeRequest.submit": "change_new",
    "ChangeRequest.notify": "change_new",
    "Claim.begin": "claim_new",
    "CompletionReport.submit": "completion_review",
    "Filing.submit": "filing_documents",
}


def test_each_act_of_who_hands_in_has_a_page_that_asks() -> None:
    internal = {
        f"{model.__name__}.{spec.name}"
        for model in life_cycles()
        for spec in model.specs().values()
        if spec.internal and factors.takes_who_hands_in(spec.permission)
    }
    assert internal == set(ON_PAGES)
    # of these two not every form asks (below)
    assert set(ON_PAGES.values()) - PAGES == {"do", "filing_documents"}


class ByPassword:
    """Somebody of a firm, signed in by the password alone."""

    def __init__(self, person: User) -> None:
        person.set_password(PASSWORD)
        person.factor_offered_at = clock.now()
        person.save()
        EmailAddress.objects.get_or_create(
            user=person, email=person.email, verified=True, primary=True
        )
        self.client = Client()
        self.client.post("/accounts/login/", {"login": person.email, "password": PASSWORD})

    def asked(self, page: str, sent: dict[str, str]) -> str:
        """The page of the second proof to which a form leads."""
        now = self.client.post(page, sent).headers["Location"]
        assert now == f"{NOW}?next={quote(page.partition('?')[0], safe='')}"
        return now

    def goes_on(self, now: str, post: Post) -> str:
        self.client.post(now, {"send": "mail"})
        return self.client.post(now, {"code": mailed(post)}).content.decode()


def written(world: World) -> tuple[Award, User]:
    """Its completion report is whole."""
    award, person = completion.awarded(world)
    report = begin(CompletionReport, by=person, award=award)
    report = keep(report, typed(award), seen=report.version)
    for item in reporting.items_of(report):
        key = reporting.file_key(item)
        attach(award.case, key=key, name="証拠.pdf", data=paper(key), by=person)
    return award, person


@begins(written)
def test_a_completion_report(world: World, post: Post) -> None:
    award, person = world.begun(written)
    firm = ByPassword(person)
    page = reverse("completion_review", args=[award.case.number])
    now = firm.asked(page, {"seen": seen_on(firm.client.get(page))})
    assert CompletionReport.objects.get().state == "draft"
    firm.goes_on(now, post)
    assert CompletionReport.objects.get().state == "submitted"


@begins(fixed)
def test_a_claim_and_a_claim_made_again(world: World, post: Post) -> None:
    award, person = world.begun(fixed)
    account(world, person)
    firm = ByPassword(person)
    now = firm.asked(reverse("claim_new", args=[award.case.number]) + "?kind=settlement", {})
    assert not Claim.objects.exists()
    firm.goes_on(now, post)
    claim = perform(
        Claim.objects.get(), "send_back", by=world.staff["accountant"], reason="口座の確認"
    )
    firm = ByPassword(person)
    page = reverse("do", args=["claim", claim.pk, "claim_again"])
    shown = firm.client.get(page).content.decode()
    sent = dict(re.findall(r'name="(seen|key)" value="([^"]*)"', shown))
    now = firm.asked(page, sent)
    assert Claim.objects.get().state == "returned"
    firm.goes_on(now, post)
    assert Claim.objects.get().state == "claimed"


@begins(completion.awarded)
def test_a_change_a_withdrawal_and_a_report(world: World, post: Post) -> None:
    award, person = world.begun(completion.awarded)
    row = begin(Filing, by=person, award=award, kind="progress", period=60)
    firm = ByPassword(person)
    number = award.case.number
    for page in (
        reverse("change_new", args=[number]),
        reverse("do", args=["award", award.pk, "withdraw"]),
        reverse("filing_documents", args=[number, row.pk]),
    ):
        firm.asked(page, {"reason": "書いた理由"})
    assert (Award.objects.get().state, Filing.objects.get().state) == ("active", "draft")
    page = reverse("filing_documents", args=[number, row.pk])
    # a file is only put to the draft
    assert firm.client.post(page, {"key": row.file_key}).status_code == 422
    # what was typed into the form of the change stands there afterwards
    page = reverse("change_new", args=[number])
    assert "書いた理由" in firm.goes_on(firm.asked(page, {"reason": "書いた理由"}), post)
