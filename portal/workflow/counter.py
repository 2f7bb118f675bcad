"""What the office does for an applicant who came on paper: from the applicant's own paper, with the
reason, and with a letter that says so to the applicant.

It is asked of what the table of what goes out names a `counter` for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.workflow.outgoing import NOTHING, Outgoing

if TYPE_CHECKING:
    from portal.types import Given, User
    from portal.workflow.graph import LifeCycle, Spec


def is_taken_in(user: User, obj: LifeCycle, spec: Spec) -> bool:
    """Does the office do here what the applicant brought on paper?"""
    at_counter = getattr(spec.permission, "at_counter", None)
    return at_counter is not None and bool(at_counter(user, obj))


def letter(user: User, obj: LifeCycle, spec: Spec) -> Outgoing | None:
    """What goes out to the applicant because of that; None where nothing has to."""
    found = obj.OUTGOING.get(spec.name, NOTHING).counter
    return found if found is not None and is_taken_in(user, obj, spec) else None


def missing(user: User, obj: LifeCycle, spec: Spec, given: Given) -> list[str]:
    """Why the office may not yet do it in the applicant's name."""
    if letter(user, obj, spec) is None:
        return []
    if str(given.get("paper") or "").strip() and str(given.get("reason") or "").strip():
        return []
    return [_("申請者から届いた書面と、そこに書かれた理由を記録してください。")]
