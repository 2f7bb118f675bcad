"""The mails that an act would send, as whoever decides reads them before."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.accounts.models import Membership, User
from portal.correspondence.mails import letters_written, written
from portal.correspondence.models import Mail
from portal.workflow.gathering import Letter, LetterDraft, MailDraft, Told


def drafts(told: Iterable[Told]) -> list[MailDraft]:
    """Each text once, with all whom it reaches."""
    mails = [mail for mail in written(told) if mail.case is not None]
    members = Membership.objects.filter(
        organisation__in={mail.case.organisation_id for mail in mails if mail.case}, left_at=None
    )
    roles = {(row.organisation_id, row.user_id): row.get_role_display() for row in members}
    found: dict[tuple[int, str, str, bool], MailDraft] = {}
    for mail in mails:
        key = (mail.case_id or 0, mail.subject, mail.body, mail.state == Mail.WAITING)
        before = found[key].to if key in found else ()
        to = tuple(dict.fromkeys((*before, _reader(mail, roles))))
        if mail.case is not None:
            found[key] = MailDraft(to, mail.subject, mail.body, waits=key[-1], case=mail.case)
    return list(found.values())


def letter_drafts(wanted: Iterable[Letter]) -> list[LetterDraft]:
    """The same of what is written to people about a row beside the cases."""
    found: dict[tuple[str, str, bool], list[str]] = {}
    for mail in letters_written(wanted):
        if mail.to is not None:
            key = (mail.subject, mail.body, mail.state == Mail.WAITING)
            found.setdefault(key, []).append(_official(mail.to))
    return [
        LetterDraft(tuple(to), subject, body, waits) for (subject, body, waits), to in found.items()
    ]


def _reader(mail: Mail, roles: dict[tuple[int, int], str]) -> str:
    """The office by name, the applicant's side by role."""
    if mail.to is None or mail.case is None:
        return _("申請書の担当者")
    if mail.to.is_office:
        return _official(mail.to)
    role = roles.get((mail.case.organisation_id, mail.to.pk), _("代理人"))
    return _("申請者の%(role)s") % {"role": role}


def _official(person: User) -> str:
    return f"{person.office}　{person.name}".strip()
