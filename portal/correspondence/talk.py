"""Messages to the other side of a case, and notes for colleagues."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal import clock
from portal.accounts.models import User
from portal.accounts.permissions import interests
from portal.audit.record import record
from portal.cases import visibility
from portal.cases.models import Case
from portal.correspondence import outgoing
from portal.correspondence.models import Message
from portal.workflow.door import tell, touch
from portal.workflow.errors import Forbidden

# who of the office speaks for it to the applicant: the officers of the case, and for a match or a
# pilot its people
SPEAKERS = ("programme_officer", "challenge_owner", "concierge")
# who may leave a note for colleagues beside it; reviewers and auditors write nothing here
NOTERS = (*SPEAKERS, "approver", "inspector", "finance_officer", "accounting_officer")


def refusals(case: Case, user: User, *, internal: bool = False) -> list[str]:
    """Why the person may not write to the other side, or (`internal`) leave a note; the applicant's
    side of a visible case may.
    """
    if not user.is_office:
        return []
    if not visibility.reads(user, case, NOTERS if internal else SPEAKERS):
        if internal:
            return [_("メモを残せるのは、この案件を受け持つ職員です。")]
        return [_("申請者への連絡は、この案件の担当だけが送れます。")]
    return interests(user, Message(case=case))


@transaction.atomic
def write(case: Case, *, body: str, by: User, internal: bool = False) -> Message:
    """Send a message to the other side; from the applicant it makes an answer the office's turn.

    Raises Forbidden (`refusals`).
    """
    if reasons := refusals(case, by, internal=internal):
        raise Forbidden(*reasons)
    side = "office" if by.is_office else "applicant"
    message = Message.objects.create(
        case=case,
        side=side,
        author=by,
        body=body,
        internal=internal and side == "office",
        sent_at=clock.now(),
    )
    if side == "office" and not message.internal:
        case.messages.filter(side="applicant", answered_at=None).update(answered_at=clock.now())
    record(
        chain=f"case:{case.pk}",
        action="message.write",
        label=gettext_noop("連絡を送りました"),
        subject=f"message:{message.pk}",
        by=by,
        capacity=by.capacity_for(message),
    )
    touch(case)  # before anybody is told: the turns say who
    if side == "applicant":
        tell(case, "office", outgoing.MESSAGE, by=by)
    elif not message.internal:
        tell(case, "applicant", outgoing.MESSAGE)
    return message
