"""What goes out to the office about reviews: to single people, and to whoever has the case in hand."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

STEPPED_BACK = Outgoing(
    office=Wording(
        _lazy("審査員が利益相反を申告し、審査を回避しました"),
        _lazy(
            "審査員が利益相反を申告し、審査を回避しました。審査員を替えるかどうかを決めてください。"
        ),
    ),
)
SCORE_STANDS = Outgoing(
    office=Wording(
        _lazy("採点した審査員が利益相反を申告しました"),
        _lazy(
            "採点した審査員が利益相反を申告しました。決定の起案のあとのため、採点はそのままです。決定をこのまま進めてよいかを確かめてください。"
        ),
    ),
)
TO_SCORE = Wording(
    _lazy("審査をお願いします"),
    _lazy(
        "審査をお願いします。申請%(n)s件について、はじめに利益相反がないかを申告し、%(day)sまでに採点してください。"
    ),
)
TO_SCORE_AGAIN = Wording(
    _lazy("採点のやり直しをお願いします"),
    _lazy("採点のやり直しをお願いします。理由を下のページで確かめ、採点し直してください。"),
)
NO_SCORE_NEEDED = Wording(
    _lazy("審査会が終わりました（採点はもう要りません）"),
    _lazy("審査会が終わりました。残っている採点は、もう要りません。"),
)
