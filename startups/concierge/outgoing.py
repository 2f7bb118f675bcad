"""What goes out about a consultation."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

CONSULTATION = {
    "begin": Outgoing(
        office=Wording(
            _lazy("相談が届きました"),
            _lazy("相談が届きました。下のページで読み、答えてください。"),
        ),
    ),
    "answer": Outgoing(
        applicant=Wording(
            _lazy("ご相談に回答が届きました"),
            _lazy(
                "ご相談に回答が届きました。下のページで読み、さらに聞きたいことがあれば、続けて書いてください。"
            ),
            follows=_lazy("続けて書くと、担当が読んで答えます。"),
        ),
    ),
    "ask_again": Outgoing(
        office=Wording(
            _lazy("相談の続きが届きました"),
            _lazy("相談の続きが届きました。下のページで読み、答えてください。"),
        ),
    ),
    "hand_over": Outgoing(
        applicant=Wording(
            _lazy("使える制度のご案内が届きました"),
            _lazy(
                "ご相談の内容に使える制度を、ご案内しました。下のページで読み、申請できるかどうかを制度のページで確かめてください。"
            ),
            follows=_lazy("申請を始めると、締切までにすることが申請のページに出ます。"),
        ),
    ),
}
