"""What this room writes to people."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Wording

__all__ = ["ARRIVED", "DECIDED", "DRAFTED", "PROLONGED", "RECEIVED", "SENT_BACK", "Wording"]

RECEIVED = Wording(
    _lazy("自分の情報についての請求を受け付けました"),
    _lazy("30日以内に決定し、お知らせします。いまの状況は、下のページで見られます。"),
)
PROLONGED = Wording(
    _lazy("請求に決定する期限を延ばしました"),
    _lazy("新しい期限とその理由をお知らせします。下のページでご覧ください。"),
)
DECIDED = Wording(
    _lazy("請求に決定しました"),
    _lazy("決定の内容と通知書をお知らせします。下のページでご覧ください。"),
)

# -- to the office
ARRIVED = Wording(
    _lazy("個人情報の請求が届きました"),
    _lazy(
        "自分の情報についての請求が届きました。下のページで期限を確かめ、決定の案を作ってください。"
    ),
)
DRAFTED = Wording(
    _lazy("個人情報の請求への決定を待っています"),
    _lazy("請求への決定の案ができました。下のページで案を読み、決定するか、差し戻してください。"),
)
SENT_BACK = Wording(
    _lazy("個人情報の請求への決定の案が差し戻されました"),
    _lazy("請求への決定の案が差し戻されました。下のページで、案を作り直してください。"),
)
