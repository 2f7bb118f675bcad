"""承継の承認: a firm that took over another takes over its award, by approval of the office."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from grants.applications.acts import ReasonForm
from grants.applications.papers import frame
from grants.awards import outgoing
from grants.awards.firm import change_about, said
from grants.awards.models import Award, award_of
from grants.awards.papers import decided
from portal import clock
from portal.accounts import proving
from portal.accounts.models import Membership, Organisation, User
from portal.approvals.models import Approval
from portal.approvals.ports import Act
from portal.audit.record import record_about
from portal.cases import interests
from portal.notices.citing import NOTHING, Cited
from portal.registry.models import Corporation, area_of
from portal.types import Given
from portal.workflow.door import send_out, touch
from portal.workflow.errors import Forbidden, NotReady
from portal.workflow.ports import known_interests


def heir_of(award: Award) -> Corporation | None:
    change = change_about(award.case)
    return change.successor if change else None


def obstacles(award: Award) -> list[str]:
    if award.state not in Award.OPEN:
        return [_("「%(state)s」の状態ではできません。") % {"state": award.info.label}]
    change = change_about(award.case)
    if change is None or change.kind != "merged":
        return [_("登記に、引き継ぐ法人が見つかりません。")]
    return [] if change.successor else [said(change, decided=True)]


def _people_of(organisation: Organisation) -> list[User]:
    rows = Membership.objects.filter(organisation=organisation, left_at=None).select_related("user")
    return [row.user for row in rows.order_by("pk")]


def _names(people: Iterable[User]) -> str:
    return "、".join(str(person) for person in people)


def _hands_over_people(heir: Corporation) -> bool:
    """Only a successor that the portal does not know takes the people of the old firm over:
    a registered firm keeps its own.
    """
    return not Organisation.objects.filter(corporate_number=heir.number).exists()


def _who_goes_on(old: Organisation, heir: Corporation) -> tuple[str, str]:
    """Who acts for the award before and after the succession, for the approval's preview."""
    before = _names(_people_of(old))
    if _hands_over_people(heir):
        return before, _("%(people)s（引き継ぐ法人の代表者・担当者として登録されます）") % {
            "people": before
        }
    new = Organisation.objects.get(corporate_number=heir.number)
    people = _names(_people_of(new))
    if people and not new.is_proved:
        return before, _(
            "%(people)s（登録しただけで、事業者の確認が済んでいない方々。確認が済むまで、この案件は見られず、メールも届きません）"
        ) % {"people": people}
    if people:
        return before, _(
            "%(people)s（すでに登録されている方々。いまの方はこの案件を見られなくなります）"
        ) % {"people": people}
    return before, _("登録はありますが、手続きをする方がいません。窓口で代わって手続きします。")


def preview(award: Award, given: Given) -> list[tuple[str, str, str]]:
    old, heir = award.case.organisation, heir_of(award)
    rows = [
        (_("補助事業者"), old.name, heir.name if heir else ""),
        (_("法人番号"), old.corporate_number or "", heir.number if heir else ""),
    ]
    if heir is not None:
        rows.append((_("手続きをする方"), *_who_goes_on(old, heir)))
    return [*rows, (_("理由"), "", str(given.get("reason", "")))]


def succeed(award: Award, *, by: User, given: Given, approval: Approval) -> None:
    """The successor takes the award over; its account has to be declared anew.

    Nobody passes an award to a firm of their own.

    The people of the old firm go on only where the successor was unknown to the portal: a
    registered firm is never handed to somebody else.
    """
    case, heir = award.case, heir_of(award)
    if heir is None:
        raise NotReady(*obstacles(award))
    old = case.organisation
    new, hands_over = Organisation.objects.get_or_create(
        corporate_number=heir.number,
        defaults={
            "kind": "corporation",
            "name": heir.name,
            "kana": heir.kana,
            "address": heir.address,
            "postal_code": heir.postal_code,
            "area": area_of(heir.area_code) if heir.area_code else None,
            "industry": old.industry,
            "is_fictitious": old.is_fictitious,
        },
    )
    for person in () if hands_over else (approval.drafted_by, by):
        if reasons := known_interests.value.in_firm(person, new):
            raise Forbidden(*(f"{new}：{person}：{reason}" for reason in reasons))
    for row in old.memberships.filter(left_at=None) if hands_over else ():
        Membership.objects.get_or_create(
            user=row.user,
            organisation=new,
            left_at=None,
            defaults={"role": row.role, "joined_at": clock.now()},
        )
    if hands_over and old.is_proved:  # the approval has looked at the merger and at its people
        proving.prove(new, "officer", by=by, ground=given["reason"])
    interests.pass_to(case, new)
    record_about(
        award,
        "award.succeed",
        by=by,
        capacity="office",
        reason=given["reason"],
        label=gettext_noop("補助事業を引き継ぎました"),
        before=old.corporate_number or "",
        after=heir.number,
    )
    touch(case)
    send_out(award, outgoing.SUCCESSION, old=old.name, reason=given["reason"])


def facts(
    award: Award, *, old: str = "", reason: str = "", cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    """補助事業承継承認通知書."""
    new = award.case.organisation
    return frame(
        award.application,
        to=[f"{new.name}　御中"],
        about="の補助事業の承継の承認",
        decides=True,
        title="補助事業承継承認通知書",
        body=f"{award.stated.under('succession')}、補助事業の承継を次のとおり承認しましたので、通知します。",
        body_en="We approve that the project passes to the successor as follows.",
        items=[
            *decided(award, cited),
            ["承継前の補助事業者", old],
            ["承継した補助事業者", new.name],
            ["承継の理由", reason],
        ],
    )


SUCCEED = Act(
    label=_lazy("承継の承認"),
    subject_model="grants_awards.Award",
    form=ReasonForm,
    effect=succeed,
    preview=preview,
    obstacles=obstacles,
    locks=lambda award: [award],
    notice="succession",
    find=award_of,
)
