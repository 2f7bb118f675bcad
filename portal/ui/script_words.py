"""What the scripts say, in the language of the page: the catalogue holds their texts as it holds the pages'.

`{n}` and the like are filled by the script; the scripts read them from the page.
"""

from django.utils.translation import gettext as _


def autosave() -> dict[str, str]:
    return {
        "begins": _("入力すると自動で保存します"),
        "saved": _("最終保存 {at}（自動）"),
        "unsaved": _("まだ保存していません…"),
        "savedElsewhere": _("ほかの画面で先に保存されています。"),
        "signedOut": _(
            "まだ保存していません。ログインが切れました。"
            "入力はこの画面に残っていて、ログインすると元に戻ります。"
        ),
        "signIn": _("ログインする"),
        "refused": _(
            "まだ保存していません（送信が断られました）。"
            "入力はこの画面に残っています。ページを開き直してください。"
        ),
        "openAgain": _("開き直す"),
        "tooLong": _("長すぎるため、まだ保存していません。短くすると保存します。"),
        "failed": _("まだ保存していません（エラー {status}）。自動でもう一度試します。"),
        "noConnection": _(
            "つながらないため、まだ保存していません。"
            "入力はこの画面に残っています。自動でもう一度試します。"
        ),
        "restored": _(
            "前に保存できなかった入力を、この画面に戻しました。内容を確かめて保存してください。"
        ),
    }
