"""The mails that an act would send, as whoever decides reads them before."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from portal.accounts.models import Membership
from portal.correspondence.mails import written
from portal.correspondence.models import Mail
from portal.workflow.gathering import MailDraft, Told


def drafts(told: Iterable[Told]) -> list[MailDraft]:
    """Each text once, with all whom it reaches."""
    mails = [mail for mail in written(told) if mail.case is not None and mail.to is not None]
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
            found[key] = MailDraft(mail.case, to, mail.subject, mail.body, waits=key[-1])
    return list(found.values())


def _reader(mail: Mail, roles: dict[tuple[int, int], str]) -> str:
    """The office by name, the applicant's side by role."""
    if mail.to is None or mail.case is None:
        return ""
    if mail.to.is_office:
        return f"{mail.to.office}　{mail.to.name}".strip()
    role = roles.get((mail.case.organisation_id, mail.to.pk), _("代理人"))
    return _("申請者の%(role)s") % {"role": role}
