"""Why a mail server gave a mail back, in words for both sides (enhanced status codes, RFC 3463)."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _lazy

from portal.types import Text

# the last two of the three numbers: they mean the same whether the server tried on or not
SAID: Mapping[str, Text] = {
    "1.1": _lazy("そのアドレスは、相手のサーバーにありません。"),
    "1.2": _lazy("アドレスの「@」より後ろが見つかりません。"),
    "1.3": _lazy("アドレスの書き方が正しくありません。"),
    "1.10": _lazy("そのアドレスは、メールを受け取らない設定です。"),
    "2.1": _lazy("そのアドレスは、いま使われていません。"),
    "2.2": _lazy("相手の受信箱がいっぱいです。"),
    "4.1": _lazy("相手のサーバーから返事がありません。"),
    "4.4": _lazy("アドレスの「@」より後ろに、メールを受け取るサーバーがありません。"),
    "4.7": _lazy("決まった時間のうちに届けられませんでした。"),
    "7.1": _lazy("相手のサーバーが、受け取りを断りました。"),
}
OTHER = _lazy("相手のサーバーが受け取りませんでした。")


def said(status: str) -> Text:
    """`status`: as "5.1.1"; "" where the server gave none."""
    return SAID.get(status.partition(".")[2], OTHER)
