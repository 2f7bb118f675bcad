"""Conflicts of interest, declared or known to the portal. Any one forbids every duty of the office in the case."""

from typing import Any

from django.db import transaction
from django.db.models import Exists
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from portal.accounts.models import Delegation, Membership, User
from portal.audit.record import record
from portal.cases.models import Case, Interest


def known(user: Any, case: Case) -> list[str]:
    """Why this person has an interest in the case; empty when none is known. One query."""
    found = User.objects.filter(pk=user.pk).values_list(
        Exists(Interest.objects.filter(person=user, case=case)),
        Exists(Membership.objects.filter(user=user, organisation=case.organisation_id)),
        Exists(Delegation.objects.filter(adviser=user, organisation=case.organisation_id)),
    )
    sentences = (
        _("利益相反を申告した案件です。ほかの職員が受け持ちます。"),
        _("申請者の関係者として登録があるため、この案件の職務はできません。"),
        _("申請者の代理人だったことがあるため、この案件の職務はできません。"),
    )
    return [sentence for row in found for is_so, sentence in zip(row, sentences, strict=True) if is_so]


@transaction.atomic
def declare(case: Case, *, by: Any, detail: str) -> Interest:
    found, made = Interest.objects.get_or_create(person=by, case=case, defaults={"detail": detail})
    if made:
        record(
            chain=f"case:{case.pk}", action="interest.declare", label=gettext_noop("利益相反を申告しました"), subject=f"person:{by.pk}", by=by, capacity="office",
            detail=detail,
        )  # fmt: skip
    return found
