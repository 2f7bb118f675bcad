"""What goes out about a pilot and what the city lends to it."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

PILOT = {
    "begin": Outgoing(
        applicant=Wording(
            _lazy("実証の準備が始まりました"),
            _lazy(
                "実証の準備が始まりました。担当課が協定の案を書いています。案についての連絡をお待ちください。"
            ),
        ),
    ),
    "draft_terms": Outgoing(
        applicant=Wording(
            _lazy("協定の案を確かめてください"),
            _lazy("担当課が協定の案を書きました。内容を確かめ、よければ同意してください。"),
        ),
    ),
    "consent": Outgoing(
        office=Wording(
            _lazy("提案者が協定の案に同意しました"),
            _lazy("提案者が協定の案に同意しました。協定を結ぶ手続きを進めてください。"),
        ),
    ),
    "sign": Outgoing(
        paper="pilot_agreement",
        applicant=Wording(
            _lazy("基本協定を結びました"),
            _lazy("基本協定を結びました。基本協定書を確かめ、実証を始める準備をしてください。"),
        ),
    ),
    "start": Outgoing(
        applicant=Wording(
            _lazy("実証が始まりました"),
            _lazy("実証が始まりました。計測した値を、実証のページに書き込んでください。"),
        ),
    ),
    "judge": Outgoing(
        applicant=Wording(
            _lazy("中間の判定が出ました"),
            _lazy(
                "実証の中間の判定が出ました。判定と、このあとの進め方を実証のページで確かめてください。"
            ),
        ),
    ),
    "extend": Outgoing(
        applicant=Wording(
            _lazy("実証の期間を延ばしました"),
            _lazy("実証の期間を延ばしました。新しい終わりの日を確かめ、計測を続けてください。"),
        ),
    ),
    "hand_in": Outgoing(
        office=Wording(
            _lazy("実証の結果の報告が届きました"),
            _lazy("実証の結果の報告が届きました。内容を確かめ、評価を書いてください。"),
        ),
    ),
    "send_back": Outgoing(
        applicant=Wording(
            _lazy("実証の結果の報告を直してください"),
            _lazy(
                "実証の結果の報告に、直していただきたいところがあります。理由を実証のページで確かめ、直して出し直してください。"
            ),
        ),
    ),
    "conclude": Outgoing(
        paper="pilot_result",
        applicant=Wording(
            _lazy("実証の評価が決まりました"),
            _lazy(
                "実証の評価を決定し、公表しました。実証の評価の決定通知書で内容を確かめてください。"
            ),
        ),
    ),
    "stop": Outgoing(
        paper="pilot_stopped",
        applicant=Wording(
            _lazy("実証を中止しました"),
            _lazy(
                "実証を中止しました。実証中止通知書で理由を確かめ、借りているものがあれば返してください。"
            ),
        ),
    ),
}
BOOKING = {
    "begin": Outgoing(
        office=Wording(
            _lazy("場所・データ・機器の貸し出しを頼まれました"),
            _lazy(
                "提案者から、場所・データ・機器の貸し出しを頼まれました。貸せるかどうかを答えてください。"
            ),
        ),
    ),
    "promise": Outgoing(
        applicant=Wording(
            _lazy("貸し出しを約束しました"),
            _lazy("頼まれた貸し出しを約束しました。日にちと条件を実証のページで確かめてください。"),
        ),
    ),
    "refuse": Outgoing(
        applicant=Wording(
            _lazy("貸し出しができませんでした"),
            _lazy(
                "頼まれた貸し出しは、できませんでした。理由を実証のページで確かめ、必要なら、ほかの日やものを頼んでください。"
            ),
        ),
    ),
    "lend": Outgoing(
        applicant=Wording(
            _lazy("場所・データ・機器を引き渡しました"),
            _lazy(
                "約束した場所・データ・機器を引き渡しました。期間を守って使い、終わったら返してください。"
            ),
        ),
    ),
    "cancel": Outgoing(
        office=Wording(
            _lazy("貸し出しの依頼が取りやめになりました"),
            _lazy("提案者が、貸し出しの依頼を取りやめました。空けておいた予定は、ほかに使えます。"),
        ),
    ),
}
INCIDENT = Outgoing(
    applicant=Wording(
        _lazy("実証での出来事が書き込まれました"),
        _lazy(
            "担当課が、実証での出来事を書き込みました。内容を実証のページで確かめ、対応を相談してください。"
        ),
    ),
    office=Wording(
        _lazy("事故・苦情の記録が追加されました"),
        _lazy("提案者が、実証での出来事を書き込みました。内容を確かめ、対応を決めてください。"),
    ),
)
