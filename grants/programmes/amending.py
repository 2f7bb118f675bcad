"""What may change while a call runs, and for whom it holds then."""

from django.utils.translation import gettext_lazy as _lazy

from grants.programmes.parameters import Programme
from portal.types import Text

# days of the call itself: for everybody, also who has applied already
DAYS: dict[str, Text] = {
    "closes_at": _lazy("締切"),
    "decision_on": _lazy("交付決定の予定日"),
    "project_ends_on": _lazy("事業の終わりの日"),
}
# what its programme states: for whoever applies from then on; who applied before keeps the earlier
RULES: dict[str, Text] = {
    "summary": _lazy("概要"),
    "lead": _lazy("説明"),
    "rules": _lazy("対象になる方"),
    "frames": _lazy("補助率と上限額"),
    "categories": _lazy("対象になる費用"),
    "uncounted": _lazy("対象にならない費用"),
    "groups": _lazy("費用の組み合わせの上限"),
    "two_quotes_above": _lazy("見積書が2社分要る金額"),
    "questions": _lazy("申請書の質問"),
    "documents": _lazy("提出する書類"),
    "faq": _lazy("よくある質問"),
    "office": _lazy("担当"),
    "phone": _lazy("電話番号"),
}
# what says nothing new to anybody
UNSAID = {"order", "sources", "purposes", "topics", "example"}


def changed(before: Programme, after: Programme) -> set[str]:
    """The parts in which two revisions differ, without those that say nothing new."""
    names = type(before).model_fields.keys() - UNSAID
    return {name for name in names if getattr(before, name) != getattr(after, name)}


def not_changeable(before: Programme, after: Programme) -> set[str]:
    """What differs and stays as it was announced: how is chosen, what each frame is, what binds."""
    same_frames = [f.key for f in before.frames] == [f.key for f in after.frames]
    return (changed(before, after) - RULES.keys()) | (set() if same_frames else {"frames"})
