"""役員等の名簿: who leads the firm, for the inquiry that keeps organised crime out. Kept encrypted, and
shown to nobody again.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.applications import drafts
from grants.applications.content import Officer
from grants.applications.models import Application, Check, OfficerList
from portal import clock, crypto
from portal.accounts.models import User
from portal.audit.record import record_about
from portal.days import moment_said
from portal.workflow.errors import Stale


def of(application: Application) -> OfficerList:
    """The list as it is kept, or an empty one that is not kept yet."""
    found = OfficerList.objects.filter(application=application).first()
    return found or OfficerList(application=application)


@transaction.atomic
def save(application: Application, people: list[Officer], *, seen: str | None = None) -> None:
    """Seal the list; the plain text is nowhere stored.

    `seen`: the list that the page knew of (`OfficerList.seen`; None: there is no page). Raises Stale
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
    if kept.sealed and crypto.unseal(bytes(kept.sealed)) == people:
        return
    kept.sealed, kept.people = crypto.seal(people), len(people)
    kept.saved_at, kept.erased_at = clock.now(), None
    kept.save()


def ask_anew(application: Application, *, since: datetime, by: User) -> None:
    """Of a list that changed after `since`, when it was last handed in: what was checked was checked of
    other people. A finding stays.
    """
    changed = OfficerList.objects.filter(application=application, saved_at__gt=since)
    checked = Check.objects.filter(
        application=application, kind="antisocial", result__in=("clear", "not_needed")
    )
    if not changed.exists() or not checked.update(
        result="", evidence="", checked_by=None, checked_at=None
    ):
        return
    label = gettext_noop("役員等の名簿が変わり、暴力団排除の確認をやり直すことになりました")
    record_about(application, "officer_list.changed", by=by, capacity="applicant", label=label)
