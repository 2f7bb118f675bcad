"""What this room writes to people."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Wording

__all__ = ["DECIDED", "PROLONGED", "RECEIVED", "Wording"]

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
