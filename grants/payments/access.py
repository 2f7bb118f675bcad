"""Who opens claims, payments, accounts and batches."""

from django.db.models import Count, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from grants.awards.models import Award
from grants.payments.accounts import BankAccount
from grants.payments.models import Claim, Payment, PaymentBatch
from grants.payments.states import BATCHES_LISTED, BOUNCES
from portal.accounts.models import Membership, User
from portal.accounts.permissions import any_of, prefixed, staff_scope
from portal.cases.models import Case
from portal.cases.visibility import MONEY, of_interest
from portal.types import SignedIn


def award_at(request: SignedIn, number: str) -> Award:
    """The award of a case the person may see, or 404."""
    cases = Case.objects.worked_on_by(request.user)
    return get_object_or_404(
        Award.objects.select_related("application__call", "case__organisation"),
        case__number=number,
        case__in=cases,
    )


def claim_for(user: User, pk: int) -> Claim:
    cases = Case.objects.visible_to(user, by=MONEY)
    return get_object_or_404(
        Claim.objects.select_related("award__application__call", "case__organisation"),
        pk=pk,
        case__in=cases,
    )


def payment_for(user: User, pk: int) -> Payment:
    cases = Case.objects.visible_to(user, by=MONEY)
    return get_object_or_404(
        Payment.objects.select_related("award__application__call", "case__organisation", "batch"),
        pk=pk,
        case__in=cases,
    )


def account_for(user: User, pk: int) -> BankAccount:
    """Finance officers who pay a case of the firm; applicants see theirs on its own page, masked."""
    if not user.is_office:
        raise Http404
    cases = Case.objects.visible_to(user, by=["finance_officer"])
    paid = cases.filter(pk__in=Award.objects.values("case")).values("organisation")
    return get_object_or_404(
        BankAccount.objects.select_related("organisation__area"), pk=pk, organisation__in=paid
    )


def may_declare(user: User, case: Case) -> bool:
    """Does the page of the firm's account open to whoever claims in this case? It is the firm's own
    people's; the counter's where there are none.
    """
    online = Membership.objects.filter(organisation=case.organisation_id, left_at=None)
    return not online.exists() if user.is_office else online.filter(user=user).exists()


def account_page(case: Case) -> str:
    """Where the firm declares its account, also the one to which a transfer came back."""
    return reverse("bank_account", args=[case.organisation_id])


def batch_for(user: User, pk: int) -> PaymentBatch:
    return get_object_or_404(batches_for(user), pk=pk)


def batches_for(user: User) -> QuerySet[PaymentBatch]:
    """The batches whose every payment lies in the scope of one of the person's roles that read them,
    and in none of which the person has an interest.
    """
    held = [role for role in user.roles() if role.role in PaymentBatch.READERS]
    if not held:
        return PaymentBatch.objects.none()
    scope = any_of([prefixed(staff_scope(role), "case") for role in held])
    sent = Payment.objects.exclude(batch=None)
    own = sent.filter(case__in=of_interest(user, Case.objects.all()))
    return PaymentBatch.objects.exclude(pk__in=sent.exclude(scope).values("batch")).exclude(
        pk__in=own.values("batch")
    )


def batches_listed(user: User) -> QuerySet[PaymentBatch]:
    """The same as the desk shows them, each with its `count` of payments, their `yen`, and how many
    `bounced`: those that wait for somebody by the day of their transfer, then the finished ones,
    newest first; counted and added up of the rows of a page alone.
    """
    paid = Payment.objects.filter(batch=OuterRef("pk")).order_by().values("batch")
    back = paid.filter(state__in=BOUNCES)
    return (
        batches_for(user)
        .defer("content", "not_executed")
        .annotate(
            count=Coalesce(Subquery(paid.annotate(of=Count("pk")).values("of")), 0),
            yen=Coalesce(Subquery(paid.annotate(of=Sum("amount")).values("of")), 0),
            bounced=Coalesce(Subquery(back.annotate(of=Count("pk")).values("of")), 0),
        )
        .order_by(*BATCHES_LISTED)
    )
