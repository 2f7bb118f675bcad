"""What the recipient may have becomes less by a decision that does not end the award: a part is
revoked, or money of the project is asked back later (財産の処分, 消費税の仕入控除税額).
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from grants.awards.models import Award
from grants.budget.models import keep_again, keep_only, returned_to_line, spent
from portal.accounts.models import User
from portal.audit.record import record_about
from portal.workflow.door import touch
from portal.workflow.errors import NotReady


def lower(award: Award, amount: int, *, by: User, reason: str) -> None:
    """Take `amount` yen off what the recipient may have, in a door that holds the award and its
    lines; what is no longer needed goes back to the lines.

    Raises NotReady for nothing, or more than there is.
    """
    if not 0 < amount <= award.payable:
        raise NotReady(
            _("減らせるのは、1円以上、%(most)s円までです。") % {"most": f"{award.payable:,}"}
        )
    _set(award, award.payable - amount, by=by, reason=reason)
    keep_only(award.application.call, award.frame, _needed(award), by=by, case=award.case)


def restore(award: Award, amount: int, *, by: User, reason: str) -> None:
    """A decision that had lowered it by `amount` yen fell away; what it had freed of the lines is
    committed again. Raises NotReady where they have not enough left.
    """
    _set(award, award.payable + amount, by=by, reason=reason)
    keep_again(award.application.call, award.frame, _needed(award), by=by, case=award.case)


def _needed(award: Award) -> int:
    """Yen that the lines hold for it: what may be paid or was, less what came back to them."""
    return max(award.payable, spent(award.case)) - returned_to_line(award.case)


def _set(award: Award, payable: int, *, by: User, reason: str) -> None:
    before, award.payable = award.payable, payable
    award.save(update_fields=["payable"])
    record_about(
        award,
        "award.lower",
        by=by,
        capacity="office",
        reason=reason,
        label=gettext_noop("受給者が受け取れる額を改めました"),
        before=str(before),
        after=str(payable),
    )
    touch(award.case)
