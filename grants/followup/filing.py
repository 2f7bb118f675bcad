"""The writes of this room: the register filled at fixing, reports kept as typed,
frozen when submitted, checked by the office.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.awards.models import Award
from grants.awards.states import AwardState
from grants.followup import figures, schedule
from grants.followup.forms import ASKED, DisposalForm, FirstEffectForm, FirstUseForm
from grants.followup.models import Asset, Dismissal, Filing
from grants.followup.schedule import Wanted
from grants.followup.states import FilingState
from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import demand
from portal.audit.record import record
from portal.cases.models import Case
from portal.closures import calendars
from portal.days import day_said
from portal.documents import store
from portal.documents.handing_in import demand_ready
from portal.documents.models import Document
from portal.types import Given
from portal.workflow import shown
from portal.workflow.door import begin, door, lock, perform, touch
from portal.workflow.drafts import confirm, of_draft
from portal.workflow.errors import NotReady

SETTING_ASIDE = ("programme_officer", "inspector")  # who sets a signal aside


def register(awards: Iterable[Award], _by: User) -> None:
    """Fill the asset register from the reports as frozen:
    what cost at least the limit a piece, in a category with a life.
    """
    Asset.objects.bulk_create(
        [asset for award in awards for asset in _assets(award)], ignore_conflicts=True
    )


def _assets(award: Award) -> Iterator[Asset]:
    stated = award.stated
    lives = {category.key: category.life_years for category in stated.categories}
    for n, row in enumerate(award.completion_report.content["items"], 1):
        quantity, cost, life = (
            int(row.get("quantity") or 1),
            int(row["amount"]),
            lives.get(row["category"], 0),
        )
        if life and cost // quantity >= stated.asset_limit:
            acquired_on = date.fromisoformat(row["delivered_on"])
            yield Asset(
                award=award,
                item=n,
                name=row["what"],
                quantity=quantity,
                cost=cost,
                acquired_on=acquired_on,
                life_years=life,
            )


def wanted(award: Award) -> list[Wanted]:
    """Every report this award asks for, as far as it can be known today."""
    workdays = calendars.of_case(award.application.call)
    found = (
        schedule.during(award.stated, award.awarded_on, award.project_ends_on, workdays)
        if award.state == AwardState.ACTIVE
        else []
    )
    if award.state == AwardState.CLOSED and award.fixed_on and award.fixed_amount:
        found += schedule.after(award.stated, award.fixed_on, workdays)
    return found


def still_wanted(award: Award, filings: list[Filing]) -> list[Wanted]:
    """The reports not yet begun, the one due first before the others."""
    begun = {(row.kind, row.period) for row in filings}
    return [row for row in wanted(award) if (row.kind, row.period) not in begun]


def start(award: Award, kind: str, period: int, *, by: User) -> Filing:
    """Begin a report that the award asks for. Raises NotReady for one it does not ask for."""
    row = next((row for row in wanted(award) if (row.kind, row.period) == (kind, period)), None)
    if row is None:
        raise NotReady(_("この報告は、求められていません。"))
    with door(by, [award.case, award]):  # pressed twice, the second finds what the first began
        known = Filing.objects.filter(award=award, kind=kind, period=period).first()
        return known or begin(
            Filing, by=by, award=award, kind=kind, period=period, due_on=row.due_on
        )


def ask_disposal(asset: Asset, *, by: User) -> Filing:
    """Begin the request to give an asset up, or go on with the one there is.

    Raises NotReady where none is needed.
    """
    if asset.is_restricted and asset.disposed_on is not None:
        text = _("%(day)sの処分を、すでに承認しています。")
        raise NotReady(text % {"day": day_said(asset.disposed_on)})
    if not asset.is_restricted:
        raise NotReady(_("処分の制限の期間が過ぎています。承認は要りません。"))
    with door(by, [asset.award.case, asset.award]):
        known = Filing.objects.live().filter(asset=asset).first()
        return known or begin(Filing, by=by, award=asset.award, kind="disposal", asset=asset)


def form_of(filing: Filing) -> forms.Form:
    stated = filing.award.stated
    first_use = min(stated.periods.use_check_months, default=0)
    asked = ASKED[filing.kind].form
    if (filing.kind, filing.period) == ("effect", 1):
        asked = FirstEffectForm
    elif (filing.kind, filing.period) == ("use", first_use) and stated.interest.late_use_rate:
        asked = FirstUseForm
    typed = filing.typed or None
    if filing.asset is not None:
        return DisposalForm(typed, days=filing.asset.days_of_disposal)
    return asked(typed)


def sent_documents(filing: Filing) -> list[Document]:
    """With those that were not taken."""
    return list(
        Document.objects.sent()
        .filter(case=filing.case, key=filing.file_key)
        .select_related("file", "uploaded_by")
    )


def documents(filing: Filing) -> list[Document]:
    return [document for document in sent_documents(filing) if not document.file.refusal]


def received(filing: Filing) -> list[Document]:
    """What the office got last: it goes on reading that while a returned report is corrected."""
    papers = (filing.content or {}).get("documents", [])
    rows = Document.objects.kept().filter(pk__in=[paper["id"] for paper in papers])
    return list(rows.select_related("file", "uploaded_by"))


def missing(filing: Filing) -> list[str]:
    """What stands between the report as typed and its submission."""
    form = form_of(filing)
    found = (
        []
        if form.is_bound and form.is_valid()
        else [_("入力の途中の項目があります。保存して、赤い印のところを直してください。")]
    )
    sent = sent_documents(filing)
    papers = [document for document in sent if not document.file.refusal]
    if ASKED[filing.kind].needs_papers and not papers:
        found.append(_("%(papers)sを付けてください。") % {"papers": ASKED[filing.kind].papers})
    try:
        demand_ready(sent)
    except NotReady as error:
        found += error.reasons
    return found


def draft_hash(filing: Filing) -> str:
    """The fingerprint of what is typed and attached now, whatever the row in hand says."""
    typed = Filing.objects.values_list("typed", flat=True).get(pk=filing.pk)
    return of_draft(typed=typed, documents=[[d.pk, d.file.sent_sha256] for d in documents(filing)])


def plain_of(form: forms.Form) -> Given:
    """What a valid form says, days as ISO text: what a submission keeps."""
    return {
        k: v.isoformat() if hasattr(v, "isoformat") else v for k, v in form.cleaned_data.items()
    }


@transaction.atomic
def take_out(filing: Filing, document: Document, *, by: User) -> None:
    """Take a paper out of the draft. Raises NotReady where somebody handed it in meanwhile."""
    lock([filing.case, filing])
    if Filing.objects.get(pk=filing.pk).state not in Filing.EDITABLE:
        raise NotReady(_("すでに提出しています。ここでは書き換えられません。"))
    store.remove(document, by=by)


def submit(filing: Filing, *, by: User, key: str = "", seen: str | None = None) -> Filing:
    """Freeze and submit.

    Raises NotReady with what is missing, Changed where `seen` is not the fingerprint of the draft.
    """
    confirm(seen, draft_hash(filing))
    if reasons := missing(filing):
        raise NotReady(*reasons)
    form = form_of(filing)
    form.is_valid()
    plain = plain_of(form)
    papers = documents(filing)
    files = [
        {"id": d.pk, "name": d.name, "size": d.file.size, "sha256": d.file.sha256} for d in papers
    ]
    with transaction.atomic():
        done = perform(filing, "submit", by=by, key=key, content=plain | {"documents": files})
        confirm(seen, draft_hash(filing))
        Document.objects.filter(pk__in=[d.pk for d in papers]).update(frozen=True)
    return done


@transaction.atomic
def check(filing: Filing, read: Mapping[str, int], *, by: User) -> None:
    """Keep what the officer read in the filed accounts.

    Raises NotReady once the report is accepted.
    """
    fresh = Filing.objects.select_for_update(no_key=True, of=("self",)).get(pk=filing.pk)
    demand(by, fresh, "programme_officer")
    if fresh.kind != "effect" or fresh.state != FilingState.SUBMITTED:
        raise NotReady(_("確認中の事業効果の報告にだけ、記録できます。"))
    figures_read: Given = {name: int(read[name]) for name in figures.PARTS}
    fresh.checked = figures_read | {"by": by.name, "on": clock.today().isoformat()}
    fresh.version += 1
    fresh.save(update_fields=["checked", "version"])
    record(
        chain=f"case:{filing.case_id}",
        action="filing.check",
        subject=filing.subject_key,
        by=by,
        capacity="office",
        label=gettext_noop("決算書の数字を確かめました"),
        **figures_read,
    )


DESCRIBED = ("model", "place", "note")


def shown_of(asset: Asset) -> str:
    """The mark of what a page shows of what can be described."""
    return shown.mark(*(getattr(asset, name) for name in DESCRIBED))


@transaction.atomic
def describe(asset: Asset, given: Given, *, by: User, seen: str) -> None:
    """Keep what the register says of an asset beside its price and day; `seen`: `shown_of` the page.

    Raises Stale where somebody else wrote it meanwhile.
    """
    if by.is_office:
        demand(by, asset.award, "programme_officer")
    asset = Asset.objects.select_for_update(of=("self",), no_key=True).get(pk=asset.pk)
    shown.demand_unchanged(seen, *(getattr(asset, name) for name in DESCRIBED))
    for name, value in given.items():
        setattr(asset, name, value)
    asset.save(update_fields=list(given))
    record(
        chain=f"case:{asset.award.case_id}",
        action="asset.describe",
        subject=f"asset:{asset.pk}",
        by=by,
        capacity="office" if by.is_office else "applicant",
        label=gettext_noop("財産の台帳を書き換えました"),
        item=asset.item,
        **given,
    )


@transaction.atomic
def dismiss(case: Case, signal: str, *, reason: str, by: User) -> None:
    """Set a signal aside. Twice is once: the first reason stays."""
    demand(by, case.subject, *SETTING_ASIDE)
    _row, made = Dismissal.objects.get_or_create(
        case=case, signal=signal, defaults={"reason": reason, "made_by": by}
    )
    if made:
        record(
            chain=f"case:{case.pk}",
            action="signal.dismiss",
            subject=f"case:{case.pk}",
            by=by,
            capacity="office",
            label=gettext_noop("確認が必要な点を、問題なしとしました"),
            signal=signal,
            because=reason,  # read beside the clue, by its readers: the record has more
        )
        touch(case)


def base_productivity(award: Award) -> int | None:
    """Productivity of the year before the project, from the first report; yen a person."""
    first = Filing.objects.filter(award=award, kind="effect", period=1).exclude(content={}).first()
    return figures.productivity(first.content, "base_") if first else None
