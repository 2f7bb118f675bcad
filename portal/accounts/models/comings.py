"""Who came in, and under which address; how far a demonstration has been filled in."""

from django.db import models
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models.people import User
from portal.types import Text


class SignIn(models.Model):
    """Somebody came in, or tried to. `network`: of IPv4 the address; `how`: keys of `HOW`, by comma."""

    RESET = "reset"
    HOW: dict[str, Text] = {
        "password": _lazy("パスワード"),
        "code": _lazy("メールのログインコード"),
        "mfa": _lazy("二つ目の本人確認"),
        "socialaccount": _lazy("GビズID"),
        RESET: _lazy("パスワードの決め直し（メール）"),
        "demo": _lazy("見本の利用者の一覧"),
    }

    person = models.ForeignKey(User, models.CASCADE, related_name="sign_ins")
    at = models.DateTimeField(default=clock.now)
    network = models.CharField(max_length=45)
    how = models.CharField(max_length=80)
    worked = models.BooleanField()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["person", "-at"], name="accounts_sign_in_latest")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.at:%Y-%m-%d %H:%M}"

    @property
    def ways(self) -> list[Text]:
        return [self.HOW.get(key, key) for key in self.how.split(",")]


class FormerAddress(models.Model):
    """An address that an account had until it was changed."""

    person = models.ForeignKey(User, models.CASCADE, related_name="former_addresses")
    email = models.EmailField()
    left_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.email


class Demonstration(models.Model):
    """A fictitious year being filled in beside the running demonstration, step by step, so that it
    goes on where it was stopped.
    """

    seed = models.IntegerField()
    cases = models.PositiveIntegerField()
    step = models.PositiveIntegerField(default=0)  # steps that are done
    percent = models.PositiveSmallIntegerField(default=0)
    # what the next step needs: the state of chance, the cases made so far
    memory = models.JSONField(default=dict)
    began_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.percent} %"
