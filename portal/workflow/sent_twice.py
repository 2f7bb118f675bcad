"""Idempotency keys of forms: a second press of the button gets the first result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from portal import clock
from portal.audit.chain import sha256
from portal.workflow.errors import Stale
from portal.workflow.models import AnsweredKey

if TYPE_CHECKING:
    from portal.types import User


def bound(key: str, model: type[Model], name: str, pk: int | None) -> str:
    """The key as it is kept: good for one transition of one row alone, whatever form it is sent
    with ("" stays "").
    """
    return sha256(f"{model._meta.label}.{name}:{pk or ''}:{key}") if key else ""


def answered(by: User, key: str) -> int | None:
    return (
        AnsweredKey.objects.filter(person=by, key=key).values_list("subject_id", flat=True).first()
    )


def remember(by: User, key: str, pk: int) -> None:
    try:
        with transaction.atomic():
            AnsweredKey.objects.create(person=by, key=key, subject_id=pk, at=clock.now())
    except IntegrityError as error:
        raise Stale(
            _("同じ操作がもう一つ届いたため、1回だけ行いました。画面を読み込み直してください。")
        ) from error
