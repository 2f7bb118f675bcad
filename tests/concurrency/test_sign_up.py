"""A press that was sent twice, or two people with one address: one account, and an answer for all."""

import threading

import pytest
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client

from portal.accounts import allauth_forms
from portal.accounts.models import User
from tests.concurrency.test_races import together

EMAIL = "haruka@firms.example"
TYPED = {"name": "三上 遥", "email": EMAIL, "password1": "river-stone-maple-4"}


def sign_up() -> HttpResponseBase:
    return Client().post("/accounts/signup/", TYPED)


def test_of_two_sign_ups_at_once_each_is_answered_alike(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have looked whether the address is taken before one of them takes it."""
    met = threading.Barrier(2, timeout=20)
    saving = allauth_forms.SignUp.try_save

    def meet(form: allauth_forms.SignUp, request: HttpRequest) -> object:
        met.wait()
        return saving(form, request)

    monkeypatch.setattr(allauth_forms.SignUp, "try_save", meet)
    answers = together(sign_up, sign_up)
    assert [getattr(answer, "status_code", answer) for answer in answers] == [302, 302]
    assert User.objects.filter(email=EMAIL).count() == 1
