"""The ledger of checks, and the officers' list that one of them is asked with."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.models import User

if TYPE_CHECKING:
    from grants.applications.models import Application


def of_inquiry(is_sent: bool, is_open: bool) -> str:
    """What is still missing of the question to the police, before its check is clear."""
    if is_open and not is_sent:
        return _(
            "役員等の名簿が変わりました。前の名簿についての警察の回答を記録してから、いまの名簿を照会してください。"
        )
    if is_open:
        return _("警察への照会の回答を待っています。")
    return "" if is_sent else _("照会の名簿をまだ取り出していません。")


class Check(models.Model):
    """One line of the check ledger: who checked what, when, on which evidence.

    A finding ("concern") stops the application until the check is done again as clear, or until an
    officer other than the one who noted it decides to go on, with a reason.
    """

    KINDS = [
        ("tax", _lazy("市税の滞納")),
        ("antisocial", _lazy("暴力団の排除")),
        ("registration", _lazy("登記・法人番号")),
        ("repeat", _lazy("過去の受給")),
        ("double_funding", _lazy("重複する補助")),
    ]
    RESULTS = [
        ("", _lazy("まだ")),
        ("clear", _lazy("問題なし")),
        ("concern", _lazy("気になる点あり")),
        ("not_needed", _lazy("不要")),
    ]

    application = models.ForeignKey(
        "grants_applications.Application", models.PROTECT, related_name="checks"
    )
    kind = models.CharField(max_length=20, choices=KINDS)
    result = models.CharField(max_length=12, choices=RESULTS, blank=True)
    evidence = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    go_on_reason = models.CharField(max_length=300, blank=True)
    go_on_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    go_on_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["application", "kind"], name="applications_check_once"),
            models.CheckConstraint(
                condition=models.Q(go_on_by=None)
                | models.Q(result="concern", go_on_at__isnull=False)
                & ~models.Q(go_on_by=models.F("checked_by")),
                name="applications_finding_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.kind}"

    @property
    def subject_key(self) -> str:
        return f"check:{self.pk}"

    @property
    def state_since(self) -> datetime | None:
        return self.checked_at

    @property
    def is_hit(self) -> bool:
        """Did the police answer that somebody of the officers' list belongs to such a group?"""
        hits = Inquiry.objects.filter(application=self.application_id, result="hit")
        return self.kind == "antisocial" and hits.exists()

    @property
    def waits_for_answer(self) -> bool:
        """Were the police asked about its officers' list, without an answer yet?"""
        asked = Inquiry.objects.filter(application=self.application_id, result="")
        return self.kind == "antisocial" and asked.exists()

    @property
    def is_about_others(self) -> bool:
        """Did another list of officers come in, about which the police have not answered yet?"""
        lists = OfficerList.objects.filter(application=self.application_id)
        later = lists.exclude(came_with=None).first() if self.kind == "antisocial" else None
        return later is not None and (later.sent_at is None or self.waits_for_answer)

    @property
    def is_unasked(self) -> bool:
        """Was the officers' list, as it was handed in last, never taken out to ask the police?"""
        sent = OfficerList.objects.filter(application=self.application_id, sent_at__isnull=False)
        return self.kind == "antisocial" and bool(of_inquiry(sent.exists(), self.waits_for_answer))

    @property
    def is_open_finding(self) -> bool:
        """True while a finding waits for a decision."""
        return self.result == "concern" and self.go_on_by_id is None


class Officers(models.Model):
    """A personal list of officers for the 暴力団排除 inquiry, encrypted."""

    sealed = models.BinaryField(null=True)
    people = models.PositiveSmallIntegerField(default=0)
    saved_at = models.DateTimeField(default=clock.now)
    if TYPE_CHECKING:
        application_id: int

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.application_id} {self.people}"

    @property
    def seen(self) -> str:
        """What a page knows of the list, whose names it does not show: when it was kept."""
        return self.saved_at.isoformat() if self.people else ""


class OfficerList(Officers):
    """The list that stands: of a draft as it was typed, afterwards as it was handed in. The police are
    asked with it alone; erased after its use.
    """

    application = models.OneToOneField(
        "grants_applications.Application", models.PROTECT, related_name="officer_list"
    )
    sent_at = models.DateTimeField(null=True)  # when this very list was taken out to ask with it
    erased_at = models.DateTimeField(null=True)
    # number of the version by which it took the place of an earlier list
    came_with = models.PositiveSmallIntegerField(null=True)


class OfficersAnew(Officers):
    """What a firm types while it writes anew what it handed in, beside the list that stands."""

    application = models.OneToOneField(
        "grants_applications.Application", models.PROTECT, related_name="officers_anew"
    )


def typed_officers(application: Application) -> Officers | None:
    """The list as it is typed: beside the one that was handed in, where it is another."""
    anew = None
    if application.arrived_at is not None:
        anew = OfficersAnew.objects.filter(application=application).first()
    return anew or OfficerList.objects.filter(application=application).first()


class Inquiry(models.Model):
    """暴力団排除の照会: to whom the officers' list of an application was sent, under which ordinance, and
    what was answered. The answer is for those who decide on the application alone.
    """

    RESULTS = [
        ("", _lazy("回答待ち")),
        ("clear", _lazy("該当なし")),
        ("hit", _lazy("該当あり")),
    ]

    application = models.ForeignKey(
        "grants_applications.Application", models.PROTECT, related_name="inquiries"
    )
    addressee = models.CharField(max_length=80)
    ordinance = models.CharField(max_length=120)
    number = models.CharField(max_length=60, blank=True)
    people = models.PositiveSmallIntegerField()
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(default=clock.now)
    result = models.CharField(max_length=5, choices=RESULTS, blank=True)
    answered_on = models.DateField(null=True)
    answer_number = models.CharField(max_length=60, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(result=""),
                name="applications_inquiry_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(result="", answered_on=None, entered_by=None, entered_at=None)
                | ~models.Q(result="")
                & ~models.Q(answer_number="")
                & models.Q(
                    answered_on__isnull=False, entered_by__isnull=False, entered_at__isnull=False
                ),
                name="applications_inquiry_answer_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.addressee}"
