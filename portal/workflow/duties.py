"""Four eyes: which duties the same person may never both do on one subject.

The table is the rule.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.workflow.errors import Forbidden
from portal.workflow.models import Duty
from portal.workflow.ports import duties_excepted

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from portal.types import User

LABELS = {
    "file_application": _lazy("申請の提出"),
    "state_arrival": _lazy("到着の日時の入力"),
    "accept_application": _lazy("要件の確認と受理"),
    "draft_approval": _lazy("起案"),
    "agree_approval": _lazy("起案の確認"),
    "approve_approval": _lazy("決裁"),
    "assess_costs": _lazy("経費の査定"),
    "score": _lazy("採点"),
    "approve_decision": _lazy("交付等の決裁"),
    "file_report": _lazy("実績報告の提出"),
    "inspect": _lazy("検査"),
    "approve_fixing": _lazy("額の確定の決裁"),
    "file_claim": _lazy("請求の提出"),
    "check_claim": _lazy("請求の確認"),
    "order_payment": _lazy("支出命令"),
    "check_order": _lazy("支出命令の審査"),
    "set_off": _lazy("相殺の決裁"),
    "export_batch": _lazy("銀行へ送るファイルの作成"),
    "draft_budget_change": _lazy("予算の増減の提案"),
    "confirm_budget_change": _lazy("予算の増減の確認"),
    "draft_classification": _lazy("予算科目の提案"),
    "confirm_classification": _lazy("予算科目の確認"),
    "book_receipt": _lazy("納付の記録"),
    "confirm_receipt": _lazy("納付の確認"),
    "ask_taking_back": _lazy("納付の記録の取消しの提案"),
    "confirm_taking_back": _lazy("納付の記録の取消しの確認"),
    "ask_void": _lazy("振込データの取消しの申し出"),
    "confirm_void": _lazy("振込データの取消しの確認"),
    "record_bounce": _lazy("振込不能の記録"),
    "confirm_bounce": _lazy("振込不能の確認"),
    "ask_correction": _lazy("振込結果の訂正の申し出"),
    "confirm_correction": _lazy("振込結果の訂正の確認"),
    "change_account": _lazy("口座の変更"),
    "confirm_account": _lazy("口座の確認"),
    "edit_programme": _lazy("制度・公募回の作成"),
    "approve_programme": _lazy("制度・公募回の承認"),
    "write_challenge": _lazy("課題の作成"),
    "publish_challenge": _lazy("課題の公表"),
    "ask_calling_off": _lazy("課題の中止の提案"),
    "call_off_challenge": _lazy("課題の中止の確認"),
    "recommend_match": _lazy("マッチングの意見"),
    "decide_match": _lazy("マッチングの決定"),
    "draft_agreement": _lazy("協定の案の作成"),
    "sign_agreement": _lazy("協定の締結"),
    "assess_pilot": _lazy("実証の評価"),
    "assess_board": _lazy("アドバイザリーボードの評価"),
    "conclude_pilot": _lazy("実証の評価の決定"),
    "draft_release": _lazy("統計の公表の起案"),
    "approve_release": _lazy("統計の公表の承認"),
    "specify_contract": _lazy("仕様の作成"),
    "sign_contract": _lazy("契約の決定"),
    "draft_disclosure": _lazy("公開の案の作成"),
    "decide_disclosure": _lazy("公開の決定"),
    "say_handed_over": _lazy("公文書館へ移管したことの記録"),
    "confirm_handed_over": _lazy("移管の確認"),
}
PAIRS = (
    ("state_arrival", "accept_application"),
    ("file_application", "draft_approval"),
    ("file_application", "agree_approval"),
    ("file_application", "approve_approval"),
    ("draft_approval", "approve_approval"),
    ("file_application", "assess_costs"),
    ("assess_costs", "approve_approval"),
    ("score", "approve_decision"),
    ("file_report", "inspect"),
    ("inspect", "approve_fixing"),
    ("file_claim", "check_claim"),
    ("file_claim", "order_payment"),
    ("check_claim", "order_payment"),
    ("check_claim", "check_order"),
    ("order_payment", "check_order"),
    ("check_claim", "export_batch"),
    ("order_payment", "export_batch"),
    ("check_claim", "set_off"),
    ("order_payment", "set_off"),
    ("draft_budget_change", "confirm_budget_change"),
    ("draft_classification", "confirm_classification"),
    ("book_receipt", "confirm_receipt"),
    ("ask_taking_back", "confirm_taking_back"),
    ("ask_void", "confirm_void"),
    ("record_bounce", "confirm_bounce"),
    ("ask_correction", "confirm_correction"),
    ("change_account", "confirm_account"),
    ("change_account", "order_payment"),
    ("confirm_account", "order_payment"),
    ("confirm_account", "check_order"),
    ("confirm_account", "export_batch"),
    ("edit_programme", "approve_programme"),
    ("write_challenge", "publish_challenge"),
    ("ask_calling_off", "call_off_challenge"),
    ("recommend_match", "decide_match"),
    ("draft_agreement", "sign_agreement"),
    ("assess_pilot", "conclude_pilot"),
    ("assess_board", "conclude_pilot"),
    ("assess_pilot", "assess_board"),
    ("specify_contract", "sign_contract"),
    ("draft_release", "approve_release"),
    ("draft_disclosure", "decide_disclosure"),
    ("say_handed_over", "confirm_handed_over"),
)
# apart on one draft alone: whoever agreed to one may decide another one about the same case
PAIRS_OF_A_DRAFT = (("agree_approval", "approve_approval"),)
# which of them a small municipality with too few people may leave to one person, by an act of two
# administrators. Never what the law puts in two hands (会計), what is decided about a draft, what an
# applicant does, nor what the database itself keeps apart
EXCEPTED = (
    ("state_arrival", "accept_application"),
    ("inspect", "approve_fixing"),
    ("check_claim", "order_payment"),
    ("confirm_account", "order_payment"),
    ("book_receipt", "confirm_receipt"),
    ("recommend_match", "decide_match"),
    ("draft_agreement", "sign_agreement"),
    ("assess_pilot", "conclude_pilot"),
    ("specify_contract", "sign_contract"),
)
A_DRAFT = "approval:"  # how the subject of a draft begins


def against(duty: str, subject: str = "") -> set[str]:
    """The duties that whoever does `duty` must not have done on the same subject."""
    pairs = PAIRS + PAIRS_OF_A_DRAFT if subject.startswith(A_DRAFT) else PAIRS
    return {b for a, b in pairs if a == duty} | {a for a, b in pairs if b == duty}


def done(user: User, subjects: Iterable[str]) -> dict[str, set[str]]:
    """Subject → the duties `user` has done on it; every one of `subjects` is named."""
    found: dict[str, set[str]] = {subject: set() for subject in subjects}
    for subject, duty in Duty.objects.filter(subject__in=list(found), person=user).values_list(
        "subject", "duty"
    ):
        found[subject].add(duty)
    return found


def against_done(user: User, duty: str) -> QuerySet[Duty, str]:
    """The subjects on which `user` did what forbids them `duty` there."""
    rows = Duty.objects.filter(person=user, duty__in=against(duty))
    return rows.values_list("subject", flat=True)


@dataclass(frozen=True)
class Clash:
    """What somebody did on a subject, and what they may therefore not do there."""

    subject: str
    done: str
    duty: str

    @property
    def pair(self) -> str:
        """As `key` writes it, whichever of the two came first."""
        named = {self.done, self.duty}
        return next((key(a, b) for a, b in PAIRS if {a, b} == named), "")


def key(one: str, other: str) -> str:
    return f"{one}-{other}"


def pair_said(pair: str) -> str:
    """A pair as `key` wrote it, in words."""
    one, _dash, other = pair.partition("-")
    return str(_lazy("%(one)sと%(other)s") % {"one": LABELS[one], "other": LABELS[other]})


def may_be_excepted() -> dict[str, str]:
    """The pairs that an exception may name: key → in words."""
    return {key(one, other): pair_said(key(one, other)) for one, other in EXCEPTED}


def clashes(
    user: User, subjects: Iterable[str], duty: str, known: dict[str, set[str]] | None = None
) -> list[Clash]:
    """What `user` did on `subjects` that forbids them `duty` there.

    `known`: what `done` found for them before.
    """
    named = list(subjects)
    found = done(user, named) if known is None else known
    return [
        Clash(subject, name, duty)
        for subject in named
        for name in sorted(found[subject] & against(duty, subject))
    ]


def excepted(found: Iterable[Clash], at: datetime | None = None) -> dict[Clash, str]:
    """Which of them an exception allows now (or at `at`), and by which."""
    asked = [clash for clash in found if clash.pair in may_be_excepted()]
    return duties_excepted.value(asked, at or clock.now()) if asked else {}


def said(found: Iterable[Clash]) -> list[str]:
    """Sentences why what clashes may not be done."""
    names = sorted({(str(LABELS[clash.done]), clash.duty) for clash in found})
    return [
        str(_lazy("%(done)sをしたあなたは、同じ案件の%(duty)sはできません。別の職員が行います。"))
        % {"done": name, "duty": LABELS[duty]}
        for name, duty in names
    ]


def conflicts(
    user: User, subjects: Iterable[str], duty: str, known: dict[str, set[str]] | None = None
) -> list[str]:
    """Sentences why `user` may not do `duty` on `subjects`; empty when free, or where an exception
    allows it.
    """
    found = clashes(user, subjects, duty, known)
    allowed = excepted(found)
    return said(clash for clash in found if clash not in allowed)


def done_by_anyone(subjects: Iterable[str]) -> QuerySet[Duty, tuple[str, int, str]]:
    """(subject, primary key of the person, duty) of all that was done on `subjects`."""
    rows = Duty.objects.filter(subject__in=list(subjects))
    return rows.values_list("subject", "person", "duty")


def barred(duty: str, subjects: Iterable[str]) -> set[int]:
    """Primary keys of those who did on one of `subjects` what forbids them `duty` there."""
    named = list(subjects)
    wanted = set().union(*(against(duty, subject) for subject in named))
    rows = Duty.objects.filter(subject__in=named, duty__in=wanted)
    return {
        person
        for subject, person, did in rows.values_list("subject", "person", "duty")
        if did in against(duty, subject)
    }


def note(user: User, subjects: Iterable[str], duty: str) -> None:
    rows = [Duty(subject=subject, person=user, duty=duty, at=clock.now()) for subject in subjects]
    Duty.objects.bulk_create(rows, ignore_conflicts=True)


def demand(user: User, subjects: Iterable[str], duty: str) -> None:
    """Raises Forbidden where what the person did before forbids them a part of the duty, which is noted
    only once the whole is done.
    """
    if reasons := conflicts(user, subjects, duty):
        raise Forbidden(*reasons)


def take(user: User, subject: str, duty: str) -> None:
    """Note a duty done beside a transition, on one subject.

    Raises Forbidden where what the person did before forbids it.
    """
    take_all(user, [subject], duty)


def take_all(user: User, subjects: Iterable[str], duty: str) -> None:
    """The same on several: of a row, its `duty_subjects`. Whoever prepares what another presses has
    done it, too.
    """
    named = list(subjects)
    demand(user, named, duty)
    note(user, named, duty)
