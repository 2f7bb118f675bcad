"""What goes out about the conversation of a case, before a deadline, after one, and when work stands."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

MESSAGE = Outgoing(
    applicant=Wording(
        _lazy("市から連絡が届きました"),
        _lazy(
            "市から連絡が届きました。この件のページで読み、返事がいるときは、そこに書いてください。"
        ),
        follows=_lazy("返事を書くと、担当が読んで答えます。"),
        kind="message",
    ),
    office=Wording(
        _lazy("申請者から連絡が届きました"),
        _lazy("申請者から連絡が届きました。案件のページで読み、答えてください。"),
    ),
)
# before, on and after the day by which something is due
REMINDER = Outgoing(
    applicant=Wording(
        _lazy("「%(paper)s」の期限まであと%(days)s日です"),
        _lazy(
            "「%(paper)s」の期限（%(day)s）まで、あと%(days)s日です。残っていることをこの件のページで確かめ、期限までに済ませてください。"
        ),
        follows=_lazy("済んでいないときは、期限の日までに、あと何度かお知らせします。"),
        kind="reminder",
    ),
)
DUE_TODAY = Outgoing(
    applicant=Wording(
        _lazy("「%(paper)s」の期限は今日です"),
        _lazy(
            "「%(paper)s」の期限は今日（%(day)s）です。残っていることをこの件のページで確かめ、間に合うように済ませてください。"
        ),
        follows=_lazy("間に合わないときは、期限が過ぎる前に、下の担当にご相談ください。"),
    ),
)
PASSED = Outgoing(
    applicant=Wording(
        _lazy("「%(paper)s」の期限を過ぎています"),
        _lazy(
            "「%(paper)s」の期限（%(day)s）を%(days)s日過ぎましたが、まだ済んでいません。この件のページで何が残っているかを確かめ、できるだけ早く済ませるか、下の担当にご相談ください。"
        ),
        follows=_lazy(
            "済まないままのときは、手続きを終えるなど、決まりに沿って進めることがあります。"
        ),
    ),
)
# to one person of the office, for all the cases that lie with them
OVERDUE = Wording(
    _lazy("期限を過ぎた案件があります"),
    _lazy("期限を過ぎた案件が%(n)s件あります。下の受信箱で確かめ、先へ進めてください。"),
)
# to one person of the office, for all that waited for the morning
DIGEST = Wording(
    _lazy("【さっぽろ事業支援ポータル】朝のまとめ（お知らせ%(n)s件）"),
    _lazy(
        "前のまとめのあとに届いたお知らせ%(n)s件です。期限の近いものと期限を過ぎたものは、そのつどお送りしています。"
    ),
)
OWN_DIGEST = Wording(
    _lazy("【さっぽろ事業支援ポータル】お知らせのまとめ（%(n)s件）"),
    _lazy(
        "前のまとめのあとに届いたお知らせ%(n)s件です。通知書や、期限のあるお知らせは、そのつどお送りしています。受け取り方は「お知らせの受け取り方」のページで変えられます。"
    ),
)
# to one administrator, for all of them
PROPOSED_ROLES = Wording(
    _lazy("確認を待つ役割の提案があります"),
    _lazy(
        "別の管理者が提案した役割が%(n)s件、確認を待っています。下のページで確かめ、確認するか、取り下げてください。"
    ),
)
DUTY_EXCEPTIONS = Wording(
    _lazy("確認を待つ「職務の分離の例外」があります"),
    _lazy(
        "別の管理者が提案した職務の分離の例外が%(n)s件、確認を待っています。下のページで理由を読み、確認するか、取り下げてください。"
    ),
)
LOST_FACTORS = Wording(
    _lazy("確認を待つ「なくした二つ目の本人確認」があります"),
    _lazy(
        "二つ目の本人確認を外す提案が%(n)s件、確認を待っています。下のページで、本人がどう確かめられたかを読み、外すか、取り下げてください。"
    ),
)
LOST = Wording(
    _lazy("保管していたファイルが見つかりません"),
    _lazy(
        "保管していたファイルのうち%(n)s件が、なくなったか、変わっています。古い版にも、バックアップにも、正しいものがありません。運用の担当に、reconcile_documents で確かめるよう伝えてください。"
    ),
)
STANDING = Wording(
    _lazy("止まった処理があります"),
    _lazy(
        "くり返し試しても終わらなかった処理が、この1日に%(n)s件ありました。下のページで確かめ、原因を直してから、もう一度行ってください。"
    ),
)
