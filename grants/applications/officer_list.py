"""役員等の名簿: who leads the firm, for the inquiry that keeps organised crime out. Kept encrypted, and
shown to nobody again.

What is typed after the first hand-in lies beside the list that stands, until it is handed in, too
(docs/decisions/0148-the-police-are-asked-with-the-list-that-was-handed-in.md).
"""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.applications import drafts
from grants.applications.check_ledger import Inquiry, Officers, OfficersAnew, typed_officers
from grants.applications.comparing import Shown
from grants.applications.content import Officer
from grants.applications.models import Application, Check, OfficerList
from portal import clock, crypto
from portal.accounts.models import User
from portal.audit.record import record_about
from portal.days import moment_said
from portal.workflow.errors import Stale


def of(application: Application) -> Officers:
    """The list as it is typed, or an empty one that is not kept yet."""
    return typed_officers(application) or OfficerList(application=application)


def title(application: Application) -> str:
    """A sole proprietor has no officers but themselves."""
    is_alone = application.case.organisation.is_sole_proprietor
    return _("ご本人の情報") if is_alone else _("役員の一覧")


@transaction.atomic
def save(application: Application, people: list[Officer], *, seen: str | None = None) -> None:
    """Seal the list; the plain text is nowhere stored.

    `seen`: the list that the page knew of (`Officers.seen`; None: there is no page). Raises Stale
    where another one is kept by now, of which nobody can be shown what differs, and Forbidden once
    the application was handed in.
    """
    drafts.hold(application)
    kept = of(application)
    if seen is not None and seen != kept.seen:
        raise Stale(
            _("この画面を開いたあと、%(at)sに、ほかの画面で%(n)s人分の一覧が保存されました。")
            % {"at": moment_said(kept.saved_at), "n": kept.people},
            _("下の入力は、まだ保存していません。もう一度保存すると、先の一覧と置き換わります。"),
        )
    if _is_of(kept, people):
        return
    if application.versions.exists():
        _keep_beside(application, people)
        return
    kept.sealed, kept.people = crypto.seal(people), len(people)
    kept.saved_at = clock.now()
    kept.save()


def _is_of(kept: Officers, people: list[Officer]) -> bool:
    return bool(kept.sealed) and crypto.unseal(bytes(kept.sealed or b"")) == people


def _keep_beside(application: Application, people: list[Officer]) -> None:
    """Whoever types the list that stands again has changed nothing."""
    stands = OfficerList.objects.filter(application=application).first()
    if stands is not None and _is_of(stands, people):
        OfficersAnew.objects.filter(application=application).delete()
        return
    typed = {"sealed": crypto.seal(people), "people": len(people), "saved_at": clock.now()}
    OfficersAnew.objects.update_or_create(application=application, defaults=typed)


def change(application: Application) -> list[Shown]:
    """That the list as it is typed is not the one that was handed in, as `comparing.differences`."""
    anew = OfficersAnew.objects.filter(application=application).first()
    if anew is None:
        return []
    stands = OfficerList.objects.filter(application=application).first()
    was = _(
        "前の版の一覧"
    )  # of one that was typed over before there was one beside it, no number is known
    if stands is not None and stands.people:
        was = _("提出した一覧（%(n)s人）") % {"n": stands.people}
    return [(_("役員の一覧"), was, _("入力し直した一覧（%(n)s人）") % {"n": anew.people})]


def hand_in(application: Application, *, n: int, by: User) -> None:
    """What was typed anew is the list that stands, as of version `n`: the police are to be asked about
    it, and what was checked was checked of other people. A finding stays, to be decided on anew.
    """
    anew = OfficersAnew.objects.filter(application=application).first()
    if anew is None:
        return
    told = {"sealed": anew.sealed, "people": anew.people, "saved_at": clock.now(), "came_with": n}
    told |= {"sent_at": None, "erased_at": None}
    OfficerList.objects.update_or_create(application=application, defaults=told)
    anew.delete()
    checks = Check.objects.filter(application=application, kind="antisocial").exclude(result="")
    blank = {"go_on_reason": "", "go_on_by": None, "go_on_at": None}
    found = checks.filter(result="concern").update(**blank)
    checked = checks.exclude(result="concern").update(
        result="", evidence="", checked_by=None, checked_at=None
    )
    label = gettext_noop("役員等の名簿を出し直しました")
    if found or checked or Inquiry.objects.filter(application=application).exists():
        label = gettext_noop("役員等の名簿が変わり、暴力団排除の確認をやり直すことになりました")
    record_about(application, "officer_list.changed", by=by, capacity="applicant", label=label)
