"""The applicant's pages: how a firm is proved to be theirs, and claims on one that is registered."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.accounts import gbizid, proving, registered
from portal.accounts.factors import two_factors
from portal.accounts.models import Organisation
from portal.accounts.ports import APPLY_TO
from portal.accounts.views import mine
from portal.firms import claims, letters, passing, proofs, records
from portal.firms.forms import (
    AnswerForm,
    ClaimForm,
    CodeForm,
    KeptForm,
    NumberClaimForm,
    ObjectionForm,
)
from portal.firms.models import FirmClaim, Passing
from portal.firms.ports import drafts_of, offices
from portal.registry.corporate_number import is_valid
from portal.types import Context, SignedIn
from portal.ui.limits import CLAIMS, MESSAGES, limited
from portal.workflow.access import signed_in
from portal.workflow.writing import Tried, press, trying, turn_back, write

DRAFTS = 3  # the newest ones, to which the page leads on


@signed_in
@limited(CLAIMS)
@two_factors
def proof(request: SignedIn, pk: int) -> HttpResponse:
    """Whether the firm is proved, and the three ways; a letter is asked for and its code entered
    here.
    """
    organisation = mine(request, pk)
    may_prove = organisation.memberships.filter(
        user=request.user, role="representative", left_at=None
    ).exists()
    others = proving.beside(organisation, request.user)
    form = CodeForm(request.POST if "code" in request.POST else None, rows=others)
    by_gbizid = KeptForm(
        request.POST if "gbizid" in request.POST else None, rows=others, prefix="gbizid_"
    )
    told_now = may_prove and gbizid.proves(gbizid.at_this_sign_in(request), organisation)
    tried = Tried()
    if request.method == "POST" and may_prove:
        with trying() as tried:
            said = (
                _by_gbizid(request, organisation, by_gbizid)
                if told_now and by_gbizid.is_bound
                else _letter(
                    request,
                    organisation,
                    form,
                    lambda: proofs.prove(
                        organisation, "letter", by=request.user, kept=form.cleaned_data["kept"]
                    ),
                )
            )
        if tried.is_done and said:
            messages.success(request, said)
            return redirect("firm_proof", pk=pk)
    open_ones = organisation.claims.filter(outcome="").exclude(matter="record").order_by("pk")
    passings = [
        row
        for row in Passing.objects.filter(outcome="", claim__in=open_ones).select_related("claim")
        if passing.may_object(request.user, row.claim)
    ]
    apply_to = request.session.get(APPLY_TO, "")
    drafts = drafts_of.value(organisation, request.user)[:DRAFTS]
    context = {
        "organisation": organisation,
        "found": registered.of(organisation.corporate_number),
        "may_prove": may_prove,
        "by_gbizid": by_gbizid if told_now else None,
        "claims": [
            (claim, AnswerForm(auto_id=f"id_{claim.pk}_%s"))
            for claim in open_ones.exclude(person=request.user).exclude(passings__in=passings)
        ],
        "passings": [(row, ObjectionForm(auto_id=f"id_p{row.pk}_%s")) for row in passings],
        "own_claim": open_ones.filter(person=request.user).first(),
        "apply_to": apply_to,
        "drafts": drafts,
        "offices": offices.value(apply_to or next((case.programme_code for case in drafts), "")),
        **_ways(request, organisation, form, tried),
    }
    status = 422 if form.errors else tried.status
    return render(request, "portal/firms/page.html", context, status=status)


def _ways(request: SignedIn, organisation: Organisation, form: CodeForm, tried: Tried) -> Context:
    """What the page says of GビズID and of the letter."""
    return {
        "form": form,
        "reasons": tried.reasons,
        "letter": letters.live_of(organisation, request.user),
        "addressee": letters.addressee(organisation),
        "lacks_address": letters.lacks_address(organisation),
        "is_shut": letters.is_shut(organisation),
        "not_asked": letters.may_ask(organisation, request.user),
        "days": letters.DAYS,
    }


def _by_gbizid(request: SignedIn, organisation: Organisation, form: KeptForm) -> str:
    """What GビズID said when this session began proves the firm, once its person has said who of the
    others goes on; "" where the form is at fault.
    """
    if not form.is_valid():
        return ""
    proofs.prove(organisation, "gbizid", by=request.user, kept=form.cleaned_data["kept"])
    return _("GビズIDプライムで、事業者の確認が済みました。")


def _letter(
    request: SignedIn, organisation: Organisation, form: CodeForm, then: Callable[[], object]
) -> str:
    """Ask for a letter, or enter the code of the one that came; what is said of it, "" where the
    form is at fault.
    """
    if request.POST.get("letter") == "back":
        letters.take_back(organisation, by=request.user)
        return _("手紙を頼むのをやめました。所在地を直して、頼み直せます。")
    if "code" not in request.POST:
        letters.ask(organisation, by=request.user)
        return _("手紙を頼みました。発送したら、メールでお知らせします。")
    letter = letters.live_of(organisation, request.user)
    if letter is None or not form.is_valid():
        return ""
    letters.enter(letter, form.cleaned_data["code"], by=request.user, then=then)
    return _("手紙の番号を確かめました。")


@signed_in
@limited(CLAIMS)
def claim_new(request: SignedIn) -> HttpResponse:
    """Claim a firm whose number somebody has registered; by whom is not said."""
    typed = request.GET.get("corporate_number", "")
    form = ClaimForm(
        request.POST or None, initial={"corporate_number": typed if is_valid(typed) else ""}
    )
    context: Context = {}
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["corporate_number"]
        if not Organisation.objects.filter(corporate_number=number).exists():
            form.add_error(
                "corporate_number",
                _("この番号は、まだだれも登録していません。新しく登録してください。"),
            )
    return write(
        request,
        form,
        lambda data: _claim(request, data["corporate_number"], data["matter"], data["words"]),
        template="portal/firms/new.html",
        context=context,
        done=_("申し出を受け付けました。"),
        then=lambda made: reverse("firm_claim", args=[made.pk]),
    )


def _claim(request: SignedIn, number: str, matter: str, words: str) -> FirmClaim:
    organisation = Organisation.objects.get(corporate_number=number)
    made = claims.make(organisation, by=request.user, matter=matter, words=words)
    claims.by_gbizid(request.user, gbizid.at_this_sign_in(request))
    return made


@signed_in
@limited(CLAIMS)
@two_factors
def claim(request: SignedIn, pk: int) -> HttpResponse:
    """The claimant's page: what comes next, and what makes it quicker."""
    row = get_object_or_404(
        FirmClaim.objects.select_related("organisation"), pk=pk, person=request.user
    )
    tried, form = Tried(), CodeForm(request.POST if "code" in request.POST else None)
    if request.method == "POST" and row.is_open and row.asks_whose:
        with trying() as tried:
            said = _letter(
                request,
                row.organisation,
                form,
                lambda: claims.shown(row, "letter", by=request.user),
            )
        if tried.is_done and said:
            messages.success(request, said)
            return redirect("firm_claim", pk=pk)
    context = {
        "claim": row,
        "passing": row.passing,
        "lines": records.lines(row),
        "belongs": request.user.memberships.filter(
            organisation=row.organisation, left_at=None
        ).exists(),
        **_ways(request, row.organisation, form, tried),
    }
    status = 422 if form.errors else tried.status
    return render(request, "portal/firms/claim.html", context, status=status)


@require_POST
@signed_in
def withdraw(request: SignedIn, pk: int) -> HttpResponse:
    row = get_object_or_404(FirmClaim, pk=pk, person=request.user)
    return press(
        request,
        lambda: claims.withdraw(row, by=request.user),
        back=reverse("firm_claim", args=[pk]),
        done=_("申し出を取り下げました。"),
    )


@signed_in
@limited(CLAIMS)
def number(request: SignedIn, pk: int) -> HttpResponse:
    """Say that the firm's number is wrong: an officer corrects it."""
    organisation = mine(request, pk, representative=True)
    if organisation.corporate_number is None:
        raise Http404
    form = NumberClaimForm(request.POST or None)
    return write(
        request,
        form,
        lambda data: claims.make(organisation, by=request.user, matter="number", **data),
        template="portal/firms/number.html",
        context={"organisation": organisation},
        done=_("申し出を受け付けました。"),
        then=lambda made: reverse("firm_claim", args=[made.pk]),
    )


@require_POST
@signed_in
@limited(MESSAGES)
def answer(request: SignedIn, pk: int) -> HttpResponse:
    """Whoever holds a firm says what there is to say to a claim on it."""
    row = get_object_or_404(
        FirmClaim.objects.exclude(person=request.user),
        pk=pk,
        organisation__memberships__in=request.user.memberships.filter(left_at=None),
    )
    back = reverse("firm_proof", args=[row.organisation_id])
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return turn_back(request, [_("あなたの立場を書いてください。")], back)
    return press(
        request,
        lambda: claims.answer(row, form.cleaned_data["answer"], by=request.user),
        back=back,
        done=_("担当に伝えました。"),
    )


@signed_in
@limited(MESSAGES)
def passing_object(request: SignedIn, pk: int) -> HttpResponse:
    """A representative objects to the firm passing to somebody else. The link of the mail comes here,
    through a sign-in where it must, and is led to the form on the firm's page.
    """
    row = get_object_or_404(
        Passing.objects.exclude(claim__person=request.user).select_related("claim__organisation"),
        pk=pk,
        claim__organisation__memberships__in=request.user.memberships.filter(
            left_at=None, role="representative"
        ),
    )
    back = reverse("firm_proof", args=[row.claim.organisation_id])
    if request.method != "POST":
        return redirect(f"{back}#passing-{pk}")
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return turn_back(request, [_("異議と、その理由を書いてください。")], back)
    return press(
        request,
        lambda: passing.object_to(row, form.cleaned_data["objection"], by=request.user),
        back=back,
        done=_("提案を止め、担当に伝えました。"),
    )
