"""What goes out about a challenge: to whoever follows it, and to who of the office has the next step."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

CHALLENGE = {
    "hand_in": Outgoing(
        office=Wording(
            _lazy("課題が調整に回りました"),
            _lazy(
                "課題が調整に回りました。下のページで内容を確かめ、公表するか、担当課に戻してください。"
            ),
        ),
    ),
    "send_back": Outgoing(
        office=Wording(
            _lazy("課題を担当課に戻しました"),
            _lazy(
                "課題を担当課に戻しました。理由を下のページで確かめ、直して、もう一度調整に回してください。"
            ),
        ),
    ),
    "publish": Outgoing(
        office=Wording(
            _lazy("課題を公表しました"),
            _lazy("課題を公表しました。質問が届いたら、下のページで答えてください。"),
        ),
    ),
    "decide": Outgoing(
        applicant=Wording(
            _lazy("課題の結果が決まりました"),
            _lazy(
                "お知らせを受け取っている課題の結果が決まりました。下のページで確かめてください。お知らせは、そのページで止められます。"
            ),
            follows=_lazy("この課題についてのお知らせは、これで終わりです。"),
        ),
    ),
    "go_on": Outgoing(
        office=Wording(
            _lazy("課題の中止の提案が取り下げられました"),
            _lazy(
                "公表した課題の中止の提案が取り下げられました。理由を下のページで確かめてください。"
            ),
        ),
    ),
    "call_off": Outgoing(
        applicant=Wording(
            _lazy("課題が中止になりました"),
            _lazy(
                "お知らせを受け取っている課題が中止になりました。理由を下のページで確かめてください。お知らせは、そのページで止められます。"
            ),
            follows=_lazy("この課題についてのお知らせは、これで終わりです。"),
        ),
    ),
}
CALLING_OFF_ASKED = Wording(
    _lazy("課題の中止が提案されました"),
    _lazy(
        "公表した課題の中止が提案されました。下のページで理由を読み、中止を確認するか、提案を取り下げてください。"
    ),
)
NAMED_CALLED_OFF = Outgoing(
    applicant=Wording(
        _lazy("提案先の課題が中止になりました"),
        _lazy(
            "提案または下書きで選ばれている行政課題が中止になりました。理由は、公開の課題のページにあります。"
            "下書きと直している提案では、その課題の選択を外してください。"
        ),
        follows=_lazy("ほかに選んだ課題があれば、その手続きは続きます。"),
    ),
)
SPLIT_OFF = Outgoing(
    office=Wording(
        _lazy("課題が市町村のテーマに分かれました"),
        _lazy(
            "課題が市町村のテーマに分かれ、下書きができました。下のページで内容を直し、調整に回してください。"
        ),
    ),
)
QUESTION = Outgoing(
    office=Wording(
        _lazy("質問が届きました"),
        _lazy(
            "公表した課題に質問が届きました。下のページで読み、すべての方に向けて答えてください。"
        ),
    ),
)
ADVICE_ASKED = Wording(
    _lazy("助言のお願い"),
    _lazy(
        "公表前の行政課題に、助言をお願いします。下のページで内容を読み、「アドバイザリーボードの助言」を書いてください。"
    ),
)
ANSWER_ALTERED = Outgoing(
    applicant=Wording(
        _lazy("質問への答えを改めました"),
        _lazy(
            "お知らせを受け取っている課題で、公表した質問への答えを市が改めました。下のページで読んでください。お知らせは、そのページで止められます。"
        ),
        follows=_lazy("ほかの質問に答えたときも、お知らせします。"),
    ),
)
ANSWER = Outgoing(
    applicant=Wording(
        _lazy("質問への答えを公表しました"),
        _lazy(
            "お知らせを受け取っている課題への質問に、市が答えました。下のページで読んでください。お知らせは、そのページで止められます。"
        ),
        follows=_lazy("ほかの質問に答えたときも、お知らせします。"),
    ),
)
