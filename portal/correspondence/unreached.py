"""Mails that came back: noticed, named to both sides, and settled by whoever looked after it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal import clock, events
from portal.accounts.models import User
from portal.audit.record import record
from portal.cases import visibility
from portal.cases.models import Case
from portal.cases.ports import Beside
from portal.correspondence.bounces import FAILED, Report
from portal.correspondence.kinds import KINDS
from portal.correspondence.models import Mail, MailQuerySet
from portal.correspondence.talk import SPEAKERS
from portal.events import Event
from portal.together import Ask

ADMINISTRATOR = "administrator"
MOST, NAMED = 20, 2  # addresses that are looked at, and named, beside the inbox


@transaction.atomic
def note(report: Report) -> bool:
    """Keep what a mail server says of one of our mails; False for none of ours.

    A mail that is late has not failed: its server goes on trying, and says later what became of it.
    """
    mail = Mail.objects.select_for_update(no_key=True).filter(envelope=report.envelope).first()
    if mail is None:
        return False
    if report.became == FAILED:
        mark(mail, report.status)
    elif mail.state == "sent":
        is_late = report.became == "delayed"
        mail.delayed_at = (mail.delayed_at or clock.now()) if is_late else None
        mail.answer = report.status if is_late else ""
        mail.save(update_fields=["delayed_at", "answer"])
    return True


def mark(mail: Mail, status: str) -> None:
    """It reached nobody. Within the caller's transaction."""
    if mail.state == Mail.UNREACHED:
        return
    mail.state, mail.unreached_at, mail.answer = Mail.UNREACHED, clock.now(), status
    mail.delayed_at, mail.error = None, ""
    mail.save()
    events.log(Event.MAIL_UNREACHED, of=mail, code=status)


@dataclass(frozen=True)
class Address:
    """An address that fails, in one case or of an account: `mails` to it, the newest first."""

    mails: list[Mail]

    @property
    def newest(self) -> Mail:
        return self.mails[0]

    @property
    def first(self) -> Mail:
        return self.mails[-1]


def failing_for(person: User) -> MailQuerySet:
    """What failed among what somebody of the office answers for: cases of theirs; for administrators
    also accounts. Not what tells of a matter that none of their roles hears of (as `Mail.is_of`).
    """
    closed = visibility.of_closed_matters(person, "subject_key")
    if visibility.closed_everywhere(person):
        closed |= Q(subject_key=Mail.UNKNOWN, kind__in=KINDS, case__isnull=False)
    cases = Case.objects.visible_to(person, by=SPEAKERS).order_by().values("pk")
    which = Q(case__in=cases)
    if person.has_role(ADMINISTRATOR):
        which |= Q(case=None)
    return Mail.objects.failing().filter(which).exclude(closed)


def by_address(mails: Iterable[Mail]) -> list[Address]:
    """`mails`: the newest first."""
    found: dict[tuple[str, int | None], list[Mail]] = {}
    for mail in mails:
        found.setdefault((mail.address.lower(), mail.case_id), []).append(mail)
    return [Address(rows) for rows in found.values()]


def beside(person: User, ask: Ask) -> Callable[[], Beside | None]:
    """The addresses, beside the inbox of whoever can look after them."""
    if not person.has_role(*SPEAKERS, ADMINISTRATOR):
        return lambda: None
    rows = ask(
        failing_for(person).order_by("-unreached_at").values_list("address", flat=True)[:MOST]
    )
    return lambda: _said(list(dict.fromkeys(rows)))


def _said(addresses: list[str]) -> Beside | None:
    if not addresses:
        return None
    named = "、".join(addresses[:NAMED]) + ("…" if len(addresses) > NAMED else "")
    return Beside(
        text=_("お知らせのメールが届かない宛先があります（%(named)s）。") % {"named": named},
        link=_("届かない宛先を確かめる"),
        url=reverse("unreached_list"),
    )


def mail_for(person: User, pk: int) -> Mail:
    """What failed, as its reader or whoever answers for the case; else 404."""
    theirs = failing_for(person) if person.is_office else Mail.objects.none()
    own = Mail.objects.failing().filter(to=person)
    return get_object_or_404((theirs | own).select_related("case", "to"), pk=pk)


@transaction.atomic
def settle(mail: Mail, *, by: User) -> None:
    """Somebody saw to it (`mail_for`): the address is named no more, until another mail to it comes
    back.
    """
    same = Mail.objects.failing().filter(case=mail.case, address__iexact=mail.address)
    same.update(settled_at=clock.now(), settled_by=by)
    if mail.case is not None:
        record(
            chain=f"case:{mail.case_id}",
            action="mail.settle",
            label=gettext_noop("メールが届かなかった宛先を確かめました"),
            subject=f"mail:{mail.pk}",
            by=by,
            capacity=by.capacity_for(mail),
        )
