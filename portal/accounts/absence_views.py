"""Pages about who of the office is away, and who acts then in whose place."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import clock
from portal.accounts import absences
from portal.accounts.absence_forms import AbsenceForm, DeputyForm
from portal.accounts.models import Absence, Deputy
from portal.types import SignedIn
from portal.workflow.access import only_reads, proves_again, staff
from portal.workflow.writing import press, write


@staff()
def absence_list(request: SignedIn) -> HttpResponse:
    """Who is away now and soon, and one more absence."""
    rows = Absence.objects.filter(closed_at=None, ends_on__gte=clock.today())
    return write(
        request,
        AbsenceForm(request.POST or None, by=request.user),
        lambda data: absences.enter(by=request.user, **data),
        template="portal/accounts/absences.html",
        context=lambda: {
            "rows": [
                (row, absences.may_keep(row.person, request.user))
                for row in rows.select_related("person")
            ],
            "reads_only": only_reads(request.user),
        },
        done=_entered,
        then="absence_list",
    )


def _entered(absence: Absence) -> str:
    """What is said of a new absence: who stands in meanwhile."""
    named = absence.person.deputies.filter(ended_at=None, confirmed_at__isnull=False)
    people = dict.fromkeys(named.order_by("n").values_list("stand_in__name", flat=True))
    if not people:
        return _(
            "不在を登録しました。代決者が決まっていないので、回議と決裁は戻るまで待ちます。急ぐときは代決者を決めてください。"
        )
    return _("不在を登録しました。不在の間は、%(names)sさんが代決できます。") % {
        "names": _("さん、").join(people)
    }


@require_POST
@staff()
def absence_end(request: SignedIn, pk: int) -> HttpResponse:
    absence = get_object_or_404(Absence.objects.select_related("person"), pk=pk)
    return press(
        request,
        lambda: absences.take_back(absence, by=request.user),
        back="absence_list",
        done=_("不在を取り消しました。いまから効きます。"),
    )


@staff()
@proves_again
def deputy_list(request: SignedIn) -> HttpResponse:
    """The deputies that the person may name, in their order, and one more."""
    rows = Deputy.objects.filter(ended_at=None)
    if not request.user.has_role("administrator"):
        rows = rows.filter(person=request.user)
    return write(
        request,
        DeputyForm(request.POST or None, by=request.user),
        lambda data: absences.name(by=request.user, **data),
        template="portal/accounts/deputies.html",
        context=lambda: {
            "rows": rows.select_related("person", "stand_in", "named_by").order_by(
                "person__name", "person", "role", "n", "pk"
            ),
            "reads_only": only_reads(request.user),
        },
        done=lambda deputy: (
            _("代決者を決めました。不在の間だけ代決できます。")
            if deputy.is_in_force
            else _("代決者を登録しました。本人か別の管理者が確認すると効きます。")
        ),
        then="deputy_list",
    )


@require_POST
@staff()
@proves_again
def deputy_confirm(request: SignedIn, pk: int) -> HttpResponse:
    deputy = get_object_or_404(Deputy.objects.select_related("person", "named_by"), pk=pk)
    return press(
        request,
        lambda: absences.confirm(deputy, by=request.user),
        back="deputy_list",
        done=_("代決者を確認しました。不在の間だけ代決できます。"),
    )


@require_POST
@staff()
@proves_again
def deputy_end(request: SignedIn, pk: int) -> HttpResponse:
    deputy = get_object_or_404(Deputy.objects.select_related("person"), pk=pk)
    return press(
        request,
        lambda: absences.end(deputy, by=request.user),
        back="deputy_list",
        done=_("代決者を外しました。いまから効きます。"),
    )
