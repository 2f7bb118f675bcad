"""What an application is called by its kind, and its states where a kind has words of its own."""

from dataclasses import dataclass
from typing import TypedDict

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

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
    _("申請"),
    _("申請する"),
    _("申請額"),
    _("円"),
    (
        _("提出"),
        _("書類の確認"),
        _("審査・選考"),
        _("交付決定"),
        _("事業の実施"),
        _("実績報告"),
        _("額の確定"),
        _("振込み"),
    ),
)
OF_KIND = {
    "subsidy": _MONEY,
    "support": _MONEY,
    "proposal": Words(
        _("提案"),
        _("提案する"),
        _("実証の費用"),
        _("円"),
        (_("提出"), _("書類の確認"), _("審査・選考"), _("市町村での検討"), _("実証へ")),
        ("reject",),
    ),
    "seats": Words(
        _("受講の申込み"),
        _("申し込む"),
        _("申し込む席"),
        _("席"),
        (
            _("提出"),
            _("書類の確認"),
            _("選考"),
            _("受講の決定"),
            _("講座"),
            _("修了"),
            _("受講後のアンケート"),
        ),
        ("enrol", "waitlist", "reject"),
    ),
}
# (kind, state) → what differs from the state's own words
STATES: dict[tuple[str, str], OwnWords] = {
    ("proposal", "draft"): {
        "todo": gettext_noop("提案を書いて提出する"),
        "say": _("提案を書いているところです。"),
    },
    ("proposal", "submitted"): {"say": _("いま、書類を確認しています。")},
    ("proposal", "accepted"): {
        "todo": gettext_noop("審査かマッチングに進める"),
        "say": _("提案を受理しました。市町村での検討に進めます。"),
    },
    ("proposal", "under_review"): {"say": _("いま、審査員が提案の内容を審査しています。")},
    ("proposal", "reviewed"): {
        "todo": gettext_noop("マッチングに進める"),
        "say": _("審査が終わりました。市町村での検討に進めます。"),
    },
    ("proposal", "withdrawn"): {"say": _("提案は取り下げられました。")},
    ("proposal", "rejected"): {"label": _("不採択"), "say": _("今回は採択に至りませんでした。")},
    ("seats", "draft"): {
        "todo": gettext_noop("受講の申込みを書いて提出する"),
        "say": _("受講の申込みを書いているところです。"),
    },
    ("seats", "accepted"): {
        "todo": gettext_noop("受講の決定を起案する"),
        "say": _("申込みを受理しました。決定に向けて進めています。"),
    },
    ("seats", "awarded"): {
        "label": _("受講決定"),
        "applicant": _("受講決定"),
        "say": _("受講が決まりました。"),
    },
    ("seats", "rejected"): {
        "label": _("受講できません"),
        "applicant": _("受講できません"),
        "say": _("今回は受講いただけませんでした。"),
    },
    ("seats", "withdrawn"): {"say": _("申込みは取り下げられました。")},
}
