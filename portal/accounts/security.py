"""What an account's owner sees of its sign-ins, when its sessions end before their time, and what an
administrator does for an owner who lost it.
"""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal import clock, visitor
from portal.accounts import outgoing
from portal.accounts.models import FormerAddress, SignIn, User
from portal.accounts.ports import send_mail, sessions_ended, tell_taken
from portal.audit.record import record
from portal.workflow.errors import NotReady

KEPT = timedelta(days=90)  # sign-ins
GIVEN_BACK = timedelta(days=180)  # addresses that an account had


def note(request: HttpRequest, person: User, how: str, *, worked: bool) -> None:
    """Keep a sign-in or a failure; forget what is older than its owner needs."""
    person.sign_ins.filter(at__lt=clock.now() - KEPT).delete()
    SignIn.objects.create(
        person=person, network=visitor.network(request), how=how[:80], worked=worked
    )


def warn(person: User) -> None:
    """Somebody gave the right password and a wrong code: the owner hears of it."""
    with override(person.language):
        send_mail.value(
            address=person.email,
            subject=_("【さっぽろ事業支援ポータル】%(said)s")
            % {"said": outgoing.WRONG_CODES.subject},
            body=f"{outgoing.WRONG_CODES.says}\n\n{settings.SITE_URL}{reverse('sign_ins')}",
        )


def renew(request: HttpRequest, person: User) -> None:
    """This session of the person goes on under a new number: whoever knows the old one has nothing."""
    before = request.session.session_key
    update_session_auth_hash(request, person)
    shown = UserSession.objects.filter(session_key=before)
    shown.update(session_key=request.session.session_key)


def end_others(request: HttpRequest, person: User) -> None:
    """Every other session of the person ends."""
    User.objects.filter(pk=person.pk).update(sign_outs=F("sign_outs") + 1)
    person.refresh_from_db(fields=["sign_outs"])
    renew(request, person)


def keys_end(person: User) -> None:
    """What opens something of the person without a session ends, too."""
    for _name, end in sessions_ended.items():
        end(person)


def had_lately(person: User) -> list[str]:
    """The addresses that the account had before somebody changed them, while it can have them again."""
    rows = person.former_addresses.filter(left_at__gte=clock.now() - GIVEN_BACK)
    return list(rows.order_by("pk").values_list("email", flat=True))


def whose(email: str) -> User:
    """The person who has this address, or had it lately. Raises NotReady for nobody's."""
    lately = clock.now() - GIVEN_BACK
    former = FormerAddress.objects.filter(email=email, left_at__gte=lately).order_by("-left_at")
    people = User.objects.filter(is_system=False)
    found = (
        people.filter(email=email).first()
        or people.filter(pk__in=former.values_list("person")[:1]).first()
    )
    if found is None:
        raise NotReady(_("このアドレスの利用者は見つかりません。"))
    return found


@transaction.atomic
def end_sessions(email: str, *, by: User, reason: str, gives_back: bool = False) -> User:
    """End every session of the account; with `gives_back` it has the address again that was its own
    before somebody changed it, and no other.

    Raises NotReady for nobody's address, one's own account, or an address that is in use.
    """
    person = User.objects.select_for_update(of=("self",)).get(pk=whose(email).pk)
    if person == by:
        raise NotReady(_("ご自分のログインは「ログイン中の端末」から終わらせてください。"))
    person.sign_outs += 1
    before = person.email
    if gives_back and before != email:
        _give_back(person, email)
    person.save()
    keys_end(person)
    record(
        chain=f"person:{person.pk}",
        action="person.sessions_ended",
        subject=f"person:{person.pk}",
        by=by,
        capacity="office",
        reason=reason,
        person=person.name,
        changed={"email": [before, person.email]} if person.email != before else None,
    )
    return person


def _give_back(person: User, email: str) -> None:
    if User.objects.filter(email=email).exists():
        raise NotReady(_("このアドレスは、いま別の方が使っています。"))
    addresses = EmailAddress.objects
    addresses.filter(user=person).delete()
    addresses.filter(email=email).delete()
    addresses.create(user=person, email=email, verified=True, primary=True)
    person.email = email
    tell_taken("address", person.pk, person=person.pk)
