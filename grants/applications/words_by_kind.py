"""What an application is called by its kind, and its states where a kind has words of its own."""

from dataclasses import dataclass
from typing import TypedDict

from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import gettext_noop

from grants.applications.states import ApplicationState
from portal.types import Text


@dataclass(frozen=True)
class Words:
    """noun: what is handed in; act: the button; asked: what is asked for; unit: of that; road: the
    steps to its end.

    acts: what the office drafts on the applications of a call, by name.
    """

    noun: Text
    act: Text
    asked: Text
    unit: Text
    road: tuple[Text, ...]
    acts: tuple[str, ...] = ("award", "waitlist", "reject", "select")


class OwnWords(TypedDict, total=False):
    """Words of a state that a kind has for itself."""

    label: Text
    applicant: Text
    todo: Text
    say: Text


_MONEY = Words(
    _lazy("申請"),
    _lazy("申請する"),
    _lazy("申請額"),
    _lazy("円"),
    (
        _lazy("提出"),
        _lazy("書類の確認"),
        _lazy("審査・選考"),
        _lazy("交付決定"),
        _lazy("事業の実施"),
        _lazy("実績報告"),
        _lazy("額の確定"),
        _lazy("振込"),
    ),
)
OF_KIND = {
    "subsidy": _MONEY,
    "support": _MONEY,
    "proposal": Words(
        _lazy("提案"),
        _lazy("提案する"),
        _lazy("実証の費用"),
        _lazy("円"),
        (
            _lazy("提出"),
            _lazy("書類の確認"),
            _lazy("審査・選考"),
            _lazy("市町村での検討"),
            _lazy("実証へ"),
        ),
        ("reject",),
    ),
    "seats": Words(
        _lazy("受講の申込み"),
        _lazy("申し込む"),
        _lazy("申し込む席"),
        _lazy("席"),
        (
            _lazy("提出"),
            _lazy("書類の確認"),
            _lazy("選考"),
            _lazy("受講の決定"),
            _lazy("講座"),
            _lazy("修了"),
            _lazy("受講後のアンケート"),
        ),
        ("enrol", "waitlist", "reject"),
    ),
}
# (kind, state) → what differs from the state's own words
STATES: dict[tuple[str, str], OwnWords] = {
    ("proposal", ApplicationState.DRAFT): {
        "todo": gettext_noop("提案を書いて提出する"),
        "say": _lazy("提案を書いているところです。"),
    },
    ("proposal", ApplicationState.SUBMITTED): {"say": _lazy("いま、書類を確認しています。")},
    ("proposal", ApplicationState.ACCEPTED): {
        "todo": gettext_noop("審査かマッチングに進める"),
        "say": _lazy("提案を受理しました。市町村での検討に進めます。"),
    },
    ("proposal", ApplicationState.UNDER_REVIEW): {
        "say": _lazy("いま、審査員が提案の内容を審査しています。")
    },
    ("proposal", ApplicationState.REVIEWED): {
        "todo": gettext_noop("マッチングに進める"),
        "say": _lazy("審査が終わりました。市町村での検討に進めます。"),
    },
    ("proposal", ApplicationState.WITHDRAWN): {"say": _lazy("提案は取り下げられました。")},
    ("proposal", ApplicationState.REJECTED): {
        "label": _lazy("不採択"),
        "say": _lazy("今回は採択に至りませんでした。"),
    },
    ("seats", ApplicationState.DRAFT): {
        "todo": gettext_noop("受講の申込みを書いて提出する"),
        "say": _lazy("受講の申込みを書いているところです。"),
    },
    ("seats", ApplicationState.ACCEPTED): {
        "todo": gettext_noop("受講の決定を起案する"),
        "say": _lazy("申込みを受理しました。決定に向けて進めています。"),
    },
    ("seats", ApplicationState.AWARDED): {
        "label": _lazy("受講決定"),
        "applicant": _lazy("受講決定"),
        "say": _lazy("受講が決まりました。"),
    },
    ("seats", ApplicationState.REJECTED): {
        "label": _lazy("受講できません"),
        "applicant": _lazy("受講できません"),
        "say": _lazy("今回は受講の決定に至りませんでした。"),
    },
    ("seats", ApplicationState.WITHDRAWN): {"say": _lazy("申込みは取り下げられました。")},
}
