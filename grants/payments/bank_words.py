"""銀行の書面: what a bank wrote about one transfer, kept with what was recorded by it."""

import hashlib
from typing import TypeAlias

from django.conf import settings
from django.db import models

from portal import clock
from portal.accounts.models import User
from portal.documents import names

Paper: TypeAlias = tuple[str, bytes]  # name and bytes, as a form has checked them


class BankWord(models.Model):
    """A paper of the bank about one transfer. It stays; its bytes go with the case's records."""

    payment = models.ForeignKey(
        "grants_payments.Payment", models.PROTECT, related_name="bank_words"
    )
    name = models.CharField(max_length=names.MAX_BYTES)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


def keep(payment: models.Model, document: Paper, *, by: User) -> BankWord:
    name, content = document
    return BankWord.objects.create(
        payment_id=payment.pk,
        name=name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        given_by=by,
    )
