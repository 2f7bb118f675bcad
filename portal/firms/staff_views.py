"""The office's desk: letters to print and to post, claims to decide, and firms to check by hand."""

from typing import TypeVar

from django.contrib import messages
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import jptext
from portal.accounts import keeping, proving, registered
from portal.accounts.keeping import kept_by
from portal.accounts.models import Membership
from portal.firms import claims, factor_letters, letters, namesakes, passing, proofs, records
from portal.firms.access import keepers
from portal.firms.factor_letters import with_factors
from portal.firms.forms import CheckForm, DecideForm, DropForm, FindForm, NamesakeForm
from portal.firms.models import FirmClaim, Passing
from portal.firms.ports import cases_of, draw_letters
from portal.types import SignedIn
from portal.ui.limits import SEARCHES, limited
from portal.ui.paging import MOST, page_up_to
from portal.workflow.access import proves_again
from portal.workflow.papers import pdf
from portal.workflow.ports import known_interests
from portal.workflow.writing import press, send, trying, turn_back, write

M = TypeVar("M", bound=Model)

SHEETS = 50  # letters printed at once
CASES = 50  # of a firm on its page
CLAIMS = 20  # shown at once: each is decided on a page of its own


@keepers
@limited(SEARCHES)
def desk(request: SignedIn) -> HttpResponse:
    """What waits for the office; any firm that the person keeps is found by name or number."""
    form = FindForm(request.GET or None)
    text = form.cleaned_data["q"] if form.is_valid() else ""
    kept = kept_by(request.user)
    if text:
        firms = kept.named(text)
    else:
        # asked of each such firm, which are few: as EXISTS, all memberships would be read
        live = Membership.objects.filter(organisation=OuterRef("pk"), left_at=None)
        held = kept.alias(member=Subquery(live.values("pk")[:1]))
        firms = held.filter(member__isnull=False, proved_how="")
    of_kept = keeping.of_kept(request.user, "organisation")
    claims_first = _first(FirmClaim.objects.filter(of_kept, outcome=""), CLAIMS + 1)
    context = {
        "form": form,
        "text": text,
        "claims": claims_first[:CLAIMS],
        "more_claims": len(claims_first) > CLAIMS,
        "letters": _first(letters.to_print().filter(of_kept), SHEETS, "printed_by"),
        "drop_form": DropForm(),
        **page_up_to(request, firms.order_by("created_at", "pk"), MOST),
    }
    return render(request, "portal/firms/desk.html", context)


def _first(rows: QuerySet[M], count: int, *related: str) -> list[M]:
    """The first of them with firm, person and what else is named, which is read of these alone."""
    cut = rows.values("pk")[:count]
    first = rows.model._default_manager.filter(pk__in=cut)
    return list(first.select_related("organisation", "person", *related))


def _chosen(request: SignedIn) -> list[int]:
    return [jptext.whole(text, 0) for text in request.POST.getlist("letter")][:SHEETS]


@require_POST
@keepers
@proves_again
def letters_print(request: SignedIn) -> HttpResponse:
    """The chosen letters as one PDF: the only time that their codes are seen."""
    with trying() as tried:
        printed = letters.print_out(_chosen(request), by=request.user)
    if not tried.is_done or not printed:
        reasons = tried.reasons or [_("印刷する手紙を選んでください。")]
        return turn_back(request, reasons, "firm_desk")
    response = pdf(draw_letters.value(printed), "letters.pdf", is_kept=True)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@keepers
def letters_posted(request: SignedIn) -> HttpResponse:
    with trying() as tried:
        count = letters.posted(_chosen(request), by=request.user)
    if not tried.is_done or not count:
        reasons = tried.reasons or [_("印刷した手紙を選んでください。")]
        return turn_back(request, reasons, "firm_desk")
    messages.success(
        request, _("%(n)s通を発送しました。頼んだ方にメールで知らせます。") % {"n": count}
    )
    return redirect("firm_desk")


@require_POST
@keepers
def letters_drop(request: SignedIn) -> HttpResponse:
    """The chosen letters are not sent, with the reason."""
    form = DropForm(request.POST)
    reason = form.cleaned_data["reason"] if form.is_valid() else ""
    chosen = _chosen(request)
    if not (reason and chosen):
        return turn_back(request, [_("送らない手紙を選び、理由を書いてください。")], "firm_desk")
    return press(
        request,
        lambda: letters.drop(chosen, reason, by=request.user),
        back="firm_desk",
        done=lambda count: _("%(n)s通を、送らないことにしました。") % {"n": count},
    )


@require_POST
@keepers
@proves_again
def factor_letter(request: SignedIn, pk: int, member: int) -> HttpResponse:
    """Ask for registered post to somebody of the firm who lost every second factor."""
    organisation = get_object_or_404(kept_by(request.user), pk=pk)
    row = get_object_or_404(
        organisation.memberships.filter(left_at=None).select_related("user"), pk=member
    )
    return press(
        request,
        lambda: factor_letters.ask(organisation, row.user, by=request.user),
        back=reverse("firm_staff", args=[pk]),
        done=_("書留の手紙を、印刷の一覧に加えました。"),
        then="firm_desk",
    )


@keepers
@proves_again
def firm(request: SignedIn, pk: int) -> HttpResponse:
    """Whose a firm is, and an officer's own check of it."""
    organisation = get_object_or_404(kept_by(request.user).select_related("proved_by"), pk=pk)
    return write(
        request,
        CheckForm(request.POST or None, rows=proving.beside(organisation)),
        lambda data: proofs.check(organisation, by=request.user, **data),
        template="portal/firms/staff.html",
        context=lambda: {
            "organisation": organisation,
            "found": registered.of(organisation.corporate_number),
            "members": list(organisation.memberships.select_related("user").order_by("pk")),
            "claims": list(organisation.claims.select_related("person", "decided_by")),
            "letters": list(organisation.proof_letters.select_related("person")),
            "with_factors": with_factors(organisation),
            "interests": known_interests.value.in_firm(request.user, organisation),
            "cases": cases_of.value(organisation, request.user)[:CASES],
            "namesakes": namesakes.found_of(organisation, namesakes.of(organisation)[:CASES]),
            "namesake_form": NamesakeForm(),
        },
        done=_("確認を記録しました。"),
        then=lambda _made: reverse("firm_staff", args=[pk]),
    )


@require_POST
@keepers
def namesake(request: SignedIn, pk: int, other: int) -> HttpResponse:
    """What an officer found who looked at two firms of one name."""
    organisation = get_object_or_404(kept_by(request.user), pk=pk)
    its = get_object_or_404(namesakes.of(organisation), pk=other)
    return send(
        request,
        NamesakeForm(request.POST),
        lambda data: namesakes.note(organisation, its, by=request.user, **data),
        title=_("同じ名称の事業者"),
        about=its.name,
        back=reverse("firm_staff", args=[pk]),
        done=_("見比べた結果を、両方の事業者に記録しました。"),
    )


@keepers
@proves_again
def claim(request: SignedIn, pk: int) -> HttpResponse:
    """A claim with both sides, and the decision."""
    rows = FirmClaim.objects.select_related("organisation", "person", "answered_by", "decided_by")
    row = get_object_or_404(rows, pk=pk, organisation__in=kept_by(request.user))
    return write(
        request,
        DecideForm(request.POST or None, claim=row),
        lambda data: passing.decide(row, claims.Decision(**data), by=request.user),
        template="portal/firms/staff_claim.html",
        context=lambda: {
            "claim": row,
            "lines": records.lines(row),
            "organisation": row.organisation,
            "found": registered.of(row.right_number or row.organisation.corporate_number),
            "members": list(
                row.organisation.memberships.filter(left_at=None).select_related("user")
            ),
            "interests": known_interests.value.in_firm(request.user, row.organisation),
            "held_unproved": row.is_open and claims.is_held_unproved(row),
            "passing": row.passing,
            "days": passing.DAYS,
            "objections": list(row.passings.filter(outcome="objected").select_related("closed_by")),
        },
        done=lambda made: (
            _(
                "提案しました。いまの代表者にメールで知らせました。待ったあと、別の担当が確認します。"
            )
            if isinstance(made, Passing)
            else _("決めました。両方の方にメールで知らせます。")
        ),
        then=lambda _made: reverse("firm_desk"),
    )


def _passing(request: SignedIn, pk: int) -> Passing:
    rows = Passing.objects.select_related("claim__organisation", "claim__person")
    return get_object_or_404(rows, pk=pk, claim__organisation__in=kept_by(request.user))


@require_POST
@keepers
@proves_again
def passing_confirm(request: SignedIn, pk: int) -> HttpResponse:
    row = _passing(request, pk)
    return press(
        request,
        lambda: passing.confirm(row, by=request.user),
        back=row.claim.address_for(request.user),
        done=_("決めました。両方の方にメールで知らせます。"),
    )


@require_POST
@keepers
@proves_again
def passing_take_back(request: SignedIn, pk: int) -> HttpResponse:
    row = _passing(request, pk)
    return press(
        request,
        lambda: passing.take_back(row, by=request.user),
        back=row.claim.address_for(request.user),
        done=_("提案を取り下げ、両方の方にメールで知らせました。"),
    )
