"""実証の支援金: applied for in the funder's own call, so that award, report,
fixing and payment exist once.
"""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from grants.applications import drafts
from grants.applications.filed import Filed
from grants.applications.models import Application
from grants.applications.ports import money_paid
from grants.applications.states import ApplicationState
from grants.awards.models import Award
from grants.programmes.models import Call
from portal.accounts.models import User
from portal.cases.models import Case
from portal.workflow.door import begin, door, touch
from portal.workflow.errors import NotReady
from startups.pilots.entries import Partner
from startups.pilots.models import Pilot
from startups.pilots.states import UNDER_WAY, PilotState

KIND = "support"


def call_of(partner: Partner) -> Call | None:
    """The open call by which this municipality pays support money."""
    rows = Call.objects.open().filter(municipality_codes=[partner.municipality_id]).order_by("-pk")
    return next((call for call in rows if call.stated.kind == KIND), None)


def apply(partner: Partner, *, by: User) -> Application:
    """Begin the application for one funder's support, with what the agreement says typed in.

    Raises NotReady where there is no call for it.
    """
    pilot = partner.pilot
    call = call_of(partner)
    if call is None:
        raise NotReady(
            _("%(town)sの支援金の受付は、まだ始まっていません。") % {"town": partner.municipality}
        )
    with door(by, [call, pilot.case, pilot]):
        fresh = (
            Partner.objects.select_for_update(no_key=True, of=("self",))
            .select_related("pilot", "application")
            .get(pk=partner.pk)
        )
        if fresh.is_asked_for:
            raise NotReady(_("支援金の申請は、すでに始めています。"))
        if reasons := unpayable(fresh):
            raise NotReady(*reasons)
        if not fresh.support or fresh.pilot.state not in UNDER_WAY:
            raise NotReady(_("協定で支援金を決めた実証だけが申請できます。"))
        application = begin(Application, by=by, call=call, organisation=pilot.case.organisation)
        fresh.application = application
        fresh.save(update_fields=["application"])
        touch(pilot.case)
    typed = {"title": pilot.title} | {
        f"q_{q.key}": pilot.terms.get(q.key, "") for q in call.stated.questions
    }
    items = {
        "frame": call.stated.frames[0].key,
        "item-TOTAL_FORMS": "1",
        "item-INITIAL_FORMS": "0",
        "item-0-what": _("実証の費用"),
        "item-0-category": call.stated.categories[0].key,
        "item-0-amount": str(fresh.support),
    }
    drafts.save(application, "plan", typed, by=by, page=drafts.Page(0))
    drafts.save(application, "costs", items, by=by, page=drafts.Page(0))
    return application


def waiting_for(application: Filed) -> list[Case]:
    """The pilot whose firm may apply anew once this ends without a decision."""
    if application.stated.kind != KIND:
        return []
    return list(Case.objects.filter(pilot__partners__application=application.pk))


def not_promised(application: Application) -> list[str]:
    """Why an application for support money may not go on:
    no agreement promised it, or it asks for more.
    """
    if application.stated.kind != KIND:
        return []
    partner = Partner.objects.filter(application=application).select_related("pilot").first()
    if partner is None:
        return [_("実証の支援金は、実証の案件のページから申請します。")]
    return unpayable(partner) or above_agreed(application, drafts.aid(application).amount)


def above_agreed(application: Application, yen: int) -> list[str]:
    """Why no such sum is applied for or awarded: the agreement promised less."""
    partner = _paid_for(application)
    if partner is None or yen <= partner.support:
        return []
    return [
        _("支援金は、協定で決めた額（%(most)s円）までです。") % {"most": f"{partner.support:,}"}
    ]


def unpayable(partner: Partner) -> list[str]:
    """Why no support is paid for this municipality's part of a pilot,
    whatever the agreement promised.
    """
    return [*stopped(partner), *paid_by_award(partner), *paid_elsewhere(partner)]


def stopped(partner: Partner) -> list[str]:
    """Why no support is begun or awarded for a pilot that was stopped."""
    return (
        [_("この実証は中止になったので、支援金は支払えません。")]
        if partner.pilot.state == PilotState.STOPPED
        else []
    )


def beside(partner: Partner) -> QuerySet[Partner]:
    """The same municipality in other pilots of the firm for the same challenge."""
    pilot = partner.pilot
    rows = Partner.objects.filter(
        pilot__challenge=pilot.challenge_id,
        pilot__case__organisation=pilot.case.organisation_id,
        municipality=partner.municipality_id,
    )
    return rows.exclude(pk=partner.pk)


def pilots_beside(application: Application) -> list[Pilot]:
    """What `not_payable` asks about: the pilot that is paid for, and the others that may have been."""
    partner = _paid_for(application)
    if partner is None:
        return []
    return [partner.pilot, *Pilot.objects.filter(partners__in=beside(partner)).distinct()]


def paid_elsewhere(partner: Partner) -> list[str]:
    """Why no support is paid: the firm has it for the same challenge and municipality,
    by another pilot.

    An award that ended before any money reached the firm does not count.
    """
    others = Award.objects.filter(application__partner__in=beside(partner))
    text = _(
        "同じ課題と市町村の実証の支援金が、%(case)sですでに決定しています。重ねては支払えません。"
    )
    return [
        text % {"case": award.case}
        for award in others.select_related("case")
        if not _ended_unpaid(award)
    ]


def _ended_unpaid(award: Award) -> bool:
    return award.state in Award.ENDED and not money_paid.value(award.case)


def twins(pilot: Pilot) -> list[Pilot]:
    """Other pilots of the firm with an agreement on the same challenge and a municipality of this
    one, not stopped.
    """
    towns = pilot.partners.values("municipality")
    rows = Pilot.objects.filter(
        challenge=pilot.challenge_id,
        case__organisation=pilot.case.organisation_id,
        partners__municipality__in=towns,
    )
    return list(
        rows.exclude(agreed_on=None)
        .exclude(state=PilotState.STOPPED)
        .exclude(pk=pilot.pk)
        .select_related("case")
        .distinct()
    )


def paid_by_award(partner: Partner) -> list[str]:
    """Why no support is paid for a pilot: its proposal was given an award of its own,
    and no cost is paid twice.
    """
    if partner.pilot.application.state != ApplicationState.AWARDED:
        return []
    return [
        _(
            "この実証の提案には、交付決定があります。同じ費用に支援金は重ねて支払えません。先に交付決定の取消しを担当に相談してください。"
        )
    ]


def _paid_for(application: Application) -> Partner | None:
    """What an application for support money is to pay for."""
    if application.stated.kind != KIND:
        return None
    rows = Partner.objects.select_related("pilot__application", "pilot__case")
    return rows.filter(application=application).first()


def not_payable(application: Application) -> list[str]:
    """Why the support is not awarded: the same, and nobody has it by another case of the same draft."""
    partner = _paid_for(application)
    if partner is None:
        return []
    return [*unpayable(partner), *_decided_twice(application, partner)]


def _decided_twice(application: Application, partner: Partner) -> list[str]:
    """Why it is not awarded together with others: one of them is for the same."""
    rows = beside(partner).filter(application__in=application.decided_with)
    text = _(
        "同じ課題と市町村の実証の支援金を、%(case)sでも決定しようとしています。重ねては支払えないので、どちらかを外してください。"
    )
    return [
        text % {"case": row.application.case}
        for row in rows.select_related("application__case")
        if row.application is not None
    ]


def ended_early(award: Award) -> list[str]:
    """Support money is fixed once the pilot has been evaluated or stopped."""
    if award.stated.kind != KIND:
        return []
    pilot = Pilot.objects.filter(partners__application=award.application).first()
    return (
        [_("実証の評価が終わると、額を確定できます。")]
        if pilot is not None and not pilot.is_over
        else []
    )
