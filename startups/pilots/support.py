"""実証の支援金: applied for in the funder's own call, so that award, report, fixing and payment exist once."""

from typing import Any

from django.utils.translation import gettext as _

from grants.applications import drafts
from grants.applications.models import Application
from grants.programmes.models import Call
from portal.accounts.models import User
from portal.workflow.door import begin, door, touch
from portal.workflow.errors import NotReady
from startups.pilots.ledger import Partner
from startups.pilots.models import Pilot

KIND = "support"


def call_of(partner: Partner) -> Call | None:
    """The open call by which this municipality pays support money."""
    rows = Call.objects.open().filter(municipality_codes=[partner.municipality_id]).order_by("-pk")
    return next((call for call in rows if call.stated.kind == KIND), None)


def apply(partner: Partner, *, by: User) -> Application:
    """Begin the application for one funder's support, with what the agreement says typed in. Raises NotReady where there is no call for it."""
    pilot = partner.pilot
    call = call_of(partner)
    if call is None:
        raise NotReady(_("%(town)sの支援金の受付は、まだ始まっていません。") % {"town": partner.municipality})
    with door(by, [call, pilot.case, pilot]):
        fresh = Partner.objects.select_for_update(no_key=True, of=("self",)).select_related("pilot").get(pk=partner.pk)
        if fresh.application_id:
            raise NotReady(_("支援金の申請は、すでに始めています。"))
        if not fresh.support or fresh.pilot.state not in ("agreed", "running", "reported"):
            raise NotReady(_("協定で支援金を決めた実証だけが申請できます。"))
        if reasons := paid_by_award(fresh):
            raise NotReady(*reasons)
        application = begin(Application, by=by, call=call, organisation=pilot.case.organisation)
        fresh.application = application
        fresh.save(update_fields=["application"])
        touch(pilot.case)
    typed = {"title": pilot.title} | {f"q_{q.key}": pilot.terms.get(q.key, "") for q in call.stated.questions}
    items = {"frame": call.stated.frames[0].key, "item-TOTAL_FORMS": "1", "item-INITIAL_FORMS": "0", "item-0-what": _("実証の費用"),
             "item-0-category": call.stated.categories[0].key, "item-0-amount": str(fresh.support)}  # fmt: skip
    drafts.save(application, "plan", typed, by=by, page=drafts.Page(0))
    drafts.save(application, "costs", items, by=by, page=drafts.Page(0))
    return application


def not_promised(application: Application) -> list[str]:
    """Why an application for support money may not go on: no agreement promised it, or it asks for more."""
    if application.call.stated.kind != KIND:
        return []
    partner = Partner.objects.filter(application=application).select_related("pilot").first()
    if partner is None:
        return [_("実証の支援金は、実証の案件のページから申請します。")]
    if reasons := paid_by_award(partner):
        return reasons
    if drafts.aid(application).amount > partner.support:
        return [_("支援金は、協定で決めた額（%(most)s円）までです。") % {"most": f"{partner.support:,}"}]
    return []


def paid_by_award(partner: Partner) -> list[str]:
    """Why no support is paid for a pilot: its proposal was given an award of its own, and no cost is paid twice."""
    if partner.pilot.application.state != "awarded":
        return []
    return [
        _(
            "この実証の提案には、交付決定があります。同じ費用に支援金は重ねて支払えません。先に交付決定の取消しを担当に相談してください。"
        )
    ]


def paid_twice(application: Application) -> list[str]:
    """The same, asked once more when the support is awarded."""
    if application.call.stated.kind != KIND:
        return []
    partner = Partner.objects.filter(application=application).select_related("pilot__application").first()
    return paid_by_award(partner) if partner is not None else []


def ended_early(award: Any) -> list[str]:
    """Support money is fixed once the pilot has been evaluated or stopped."""
    if award.stated.kind != KIND:
        return []
    pilot = Pilot.objects.filter(partners__application=award.application).first()
    return [_("実証の評価が終わると、額を確定できます。")] if pilot is not None and not pilot.is_over else []
