"""Idempotency keys of forms: a second press of the button gets the first result."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, TypeVar

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from portal import clock
from portal.audit.chain import sha256
from portal.workflow.errors import Stale
from portal.workflow.models import AnsweredKey

if TYPE_CHECKING:
    from portal.types import User

M = TypeVar("M", bound=Model)


class OnceForm(forms.Form):
    """What is booked anew each time it is sent: its key tells a second press from a second booking."""

    form_key = forms.CharField(
        widget=forms.HiddenInput, max_length=64, initial=lambda: uuid.uuid4().hex
    )


def bound(key: str, model: type[Model], name: str, pk: int | None) -> str:
    """The key as it is kept: good for one transition of one row alone, whatever form it is sent
    with ("" stays "").
    """
    return sha256(f"{model._meta.label}.{name}:{pk or ''}:{key}") if key else ""


def answered(by: User, key: str) -> int | None:
    return (
        AnsweredKey.objects.filter(person=by, key=key).values_list("subject_id", flat=True).first()
    )


def first(by: User, key: str, model: type[M], **said: object) -> M | None:
    """The row that the form of this key made; None where it comes for the first time.

    Raises Stale where it comes again with other words: whoever went back in the browser and typed
    anew does not take the first result for a second one; nor where it was taken back since.
    """
    known = answered(by, key) if key else None
    if known is None:
        return None
    row = model._default_manager.filter(pk=known).first()
    if row is None or any(getattr(row, name) != value for name, value in said.items()):
        raise Stale(
            _(
                "この画面からの記録は、もう済んでいます。別の記録をするときは、画面を開き直してください。"
            )
        )
    return row


def remember(by: User, key: str, pk: int) -> None:
    try:
        with transaction.atomic():
            AnsweredKey.objects.create(person=by, key=key, subject_id=pk, at=clock.now())
    except IntegrityError as error:
        raise Stale(
            _("同じ操作がもう一つ届いたため、1回だけ行いました。画面を読み込み直してください。")
        ) from error
