"""Pages about organisations, members and delegations, and the demonstration's sign-in."""

from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import clock, jptext
from portal.accounts import (
    demo,
    filling,
    gbizid,
    guesses,
    identity,
    people,
    proving,
    registered,
    security,
)
from portal.accounts.factors import two_factors
from portal.accounts.forms import FindByNameForm, NumberForm, OrganisationForm
from portal.accounts.models import Organisation, in_force
from portal.accounts.ports import APPLY_TO, open_cases, programme_choices, said_otherwise
from portal.registry.codes import SAPPORO
from portal.registry.models import Corporation
from portal.types import Context, Given, SignedIn
from portal.ui.limits import CLAIMS, ORGANISATIONS, SEARCHES, limited, spend
from portal.workflow.access import anyone, signed_in
from portal.workflow.writing import trying

NAMED = 10  # corporations of a name that are shown


def mine(request: SignedIn, pk: int, *, representative: bool = False) -> Organisation:
    """An organisation the person belongs to, or 404."""
    memberships = request.user.memberships.filter(left_at=None)
    if representative:
        memberships = memberships.filter(role="representative")
    return get_object_or_404(Organisation, pk=pk, memberships__in=memberships)


def programmes() -> list[tuple[str, str]]:
    return programme_choices.value()


@signed_in
@limited(ORGANISATIONS)
def organisation_new(request: SignedIn) -> HttpResponse:
    """Step 1: the number. Step 2: what the registry and GビズID know, completed by the person."""
    claims = gbizid.claims_of(request.user)
    if request.method == "POST":
        number = NumberForm(request.POST)
    else:
        initial = {
            "corporate_number": gbizid.corporate_number(claims),
            "sole": gbizid.is_sole(claims),
        }
        number = NumberForm(initial=initial)
    if request.method != "POST" or not number.is_valid():
        context = {"form": number, "from_gbizid": bool(gbizid.firm(claims)), **_named(request)}
        status = 422 if number.errors else 200
        return render(request, "portal/accounts/organisation_number.html", context, status=status)
    held = _held(number.cleaned_data["corporate_number"])
    if held is not None:
        return _held_already(request, held)
    found = registered.of(number.cleaned_data["corporate_number"])
    own = _own_claims(claims, number.cleaned_data)
    if request.POST.get("step") == "2":
        form = OrganisationForm(request.POST, found=found)
        if form.is_valid():
            return _create(request, number.cleaned_data, form)
    else:
        form = OrganisationForm(initial=own | _known(found), found=found)
    context = {"number": number, "form": form, "found": found, "from_gbizid": bool(own)}
    return render(
        request,
        "portal/accounts/organisation_new.html",
        context,
        status=422 if form.errors else 200,
    )


def _named(request: SignedIn) -> Context:
    """The corporations whose name begins as it was typed, for whoever does not know the number."""
    find = FindByNameForm(request.GET if "name" in request.GET else None)
    if not find.is_valid():
        return {"find": find}
    spend(request, SEARCHES)
    rows = Corporation.objects.begins(find.cleaned_data["name"])
    shown = list(rows.order_by("name_key", "pk")[: NAMED + 1])
    return {"find": find, "named": shown[:NAMED], "is_cut": len(shown) > NAMED}


def _own_claims(claims: gbizid.Claims, number: Given) -> dict[str, str]:
    """What GビズID says of this very firm; nothing where another one is being registered."""
    if number["foreign"]:
        return {}
    same = (
        gbizid.is_sole(claims)
        if number["sole"]
        else gbizid.corporate_number(claims) == number["corporate_number"]
    )
    return gbizid.firm(claims) if same else {}


def _held(number: str) -> Organisation | None:
    return Organisation.objects.filter(corporate_number=number).first() if number else None


def _held_already(request: SignedIn, held: Organisation) -> HttpResponse:
    """To one's own firm; else to the claim on a number that somebody has registered."""
    if request.user.memberships.filter(left_at=None, organisation=held).exists():
        return redirect("organisation", pk=held.pk)
    return redirect(f"{reverse('firm_claim_new')}?corporate_number={held.corporate_number}")


def _known(found: Corporation | None) -> Context:
    """What else the registry knows of a firm that is being registered."""
    if found is None:
        return {}
    in_sapporo = bool(found.area and found.area.municipality_id == SAPPORO)
    return {"kana": found.kana, "has_sapporo_office": in_sapporo}


def _create(request: SignedIn, number: Given, form: OrganisationForm) -> HttpResponse:
    kind = (
        "sole_proprietor" if number["sole"] else "foreign" if number["foreign"] else "corporation"
    )
    with trying() as tried:
        organisation = people.create_organisation(
            by=request.user, kind=kind, corporate_number=number["corporate_number"], **form.stored()
        )
    if not tried.is_done:  # somebody was a moment earlier
        held = Organisation.objects.get(corporate_number=number["corporate_number"])
        return _held_already(request, held)
    messages.success(request, _("事業者を登録しました。"))
    if not proving.by_gbizid(request.user, gbizid.at_this_sign_in(request)):
        return redirect("firm_proof", pk=organisation.pk)  # a letter takes days: said at once
    wanted = request.session.get(APPLY_TO, "")  # it begins there
    return (
        redirect("application_start", code=wanted)
        if wanted
        else redirect("organisation", pk=organisation.pk)
    )


@signed_in
@two_factors
@limited(CLAIMS)
def organisation_page(request: SignedIn, pk: int) -> HttpResponse:
    """The record of a firm, its people and its advisers; who the firm is, only a representative says."""
    organisation = mine(request, pk)
    found = registered.of(organisation.corporate_number)
    is_representative = organisation.memberships.filter(
        user=request.user, role="representative", left_at=None
    ).exists()
    form = OrganisationForm(
        request.POST or None, instance=organisation, found=found, says_who=is_representative
    )
    if request.method == "POST" and form.is_valid():
        is_asked = identity.say(
            Organisation.objects.get(pk=pk),
            form.stored(),
            by=request.user,
            words=_("事業者のページ"),
        )
        messages.success(
            request,
            _(
                "保存しました。確認を受けた名称・所在地・代表者の変更は、担当が確かめてから登録します。"
            )
            if is_asked
            else _("保存しました。"),
        )
        return redirect("organisation", pk=pk)
    context = {
        "organisation": organisation,
        "found": found,
        "form": form,
        "members": list(organisation.memberships.filter(left_at=None).select_related("user")),
        "delegations": list(
            organisation.delegations.filter(ends_on__gte=clock.today()).select_related("adviser")
        ),
        "invitations": list(people.open_invitations(organisation).select_related("invited_by")),
        "lapsed": list(people.lapsed_invitations(organisation)),
        "is_representative": is_representative,
        "said_otherwise": said_otherwise.value(organisation),
        "programmes": dict(programmes()),
    }
    return render(
        request, "portal/accounts/organisation.html", context, status=422 if form.errors else 200
    )


@signed_in
def desk(request: SignedIn) -> HttpResponse:
    """The adviser's desk: what waits for each client, in the order of its day, and the clients."""
    delegations = list(
        request.user.delegations.filter(in_force())
        .select_related("organisation")
        .order_by("organisation__name_key")
    )
    rows = open_cases.value(request.user, [row.organisation for row in delegations])
    due = [(case, turn) for case, turn in rows if turn is not None]
    held = [case for case, turn in rows if turn is None]
    today = clock.today()
    context = {
        "due": [
            (case, turn, turn.due_on is not None and turn.due_on < today) for case, turn in due
        ],
        "clients": [
            (
                row,
                sum(case.organisation_id == row.organisation_id for case, _turn in due),
                [case for case in held if case.organisation_id == row.organisation_id],
            )
            for row in delegations
        ],
        "programmes": dict(programmes()),
    }
    return render(request, "portal/accounts/desk.html", context)


@signed_in
def sign_ins(request: SignedIn) -> HttpResponse:
    """Who came into the account lately, or tried to: failures, which anybody can cause, never push
    out those who came in. And what the account may do, by whom and until when.
    """
    of_person = request.user.sign_ins
    latest = [*of_person.filter(worked=True)[:50], *of_person.filter(worked=False)[:50]]
    rows = sorted(latest, key=lambda row: (row.at, row.pk), reverse=True)
    context = {
        "rows": rows,
        "roles": request.user.staff_roles.select_related("granted_by", "municipality").order_by(
            "-pk"
        ),
        "memberships": request.user.memberships.select_related("organisation").order_by("-pk"),
    }
    return render(request, "portal/accounts/sign_ins.html", context)


@anyone
def sign_in_open(request: HttpRequest, secret: str) -> HttpResponse:
    """The link of the mail to whom others keep from signing in: this browser is known from now on."""
    response = redirect("account_login")
    if guesses.opened(request, response, secret):
        messages.success(
            request, _("この端末からログインできます。いつものようにログインしてください。")
        )
    else:
        messages.error(
            request,
            _("このリンクは使えません。期限の切れていない、新しいメールのリンクを開いてください。"),
        )
    return response


@signed_in
def second_factor_needed(request: SignedIn) -> HttpResponse:
    return render(request, "portal/accounts/second_factor.html")


@anyone
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """The demonstration's people.

    Exists only in a demonstration; `check --deploy` refuses to run one.
    """
    if not settings.DEMO:
        raise Http404
    if request.method == "POST":
        person = get_object_or_404(demo.accounts(), pk=jptext.whole(request.POST.get("person"), 0))
        login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
        for method in ("password", "mfa"):  # the page shows both
            record_authentication(request, person, method)
        security.note(request, person, "demo", worked=True)
        return redirect(person.first_page)
    rows = [(person, demo.totp_code(person)) for person in demo.accounts()]
    return render(request, "portal/accounts/demo.html", {"rows": rows, "password": demo.PASSWORD})


@anyone
def demo_progress(request: HttpRequest) -> HttpResponse:
    """How far the demonstration has been filled in; the one page that loads itself again, and only
    until it is whole.
    """
    if not settings.DEMO:
        raise Http404
    response = render(request, "portal/accounts/demo_progress.html")
    if filling.current() is not None:
        response["Refresh"] = "3"
    return response
