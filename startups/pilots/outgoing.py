"""What goes out about a pilot and what the city lends to it."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

STOP_PROPOSED = Outgoing(
    office=Wording(
        _lazy("実証の中止が提案されました"),
        _lazy(
            "担当課が、実証の中止を提案しました。理由を実証のページで確かめ、中止するか、続けるかを決めてください。"
        ),
    ),
)
PILOT = {
    "propose_no_agreement": STOP_PROPOSED,
    "propose_no_start": STOP_PROPOSED,
    "propose_no_result": STOP_PROPOSED,
    "begin": Outgoing(
        applicant=Wording(
            _lazy("実証の準備が始まりました"),
            _lazy(
                "実証の準備が始まりました。担当課が協定の案を書いています。案についての連絡をお待ちください。"
            ),
            follows=_lazy("協定の案ができたら、お知らせします。"),
            kind="progress",
        ),
    ),
    "draft_terms": Outgoing(
        applicant=Wording(
            _lazy("協定の案を確かめてください"),
            _lazy("担当課が協定の案を書きました。内容を確かめ、よければ同意してください。"),
            follows=_lazy("同意すると、協定を結ぶ手続きに進みます。"),
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
            follows=_lazy("実証が始まったら、お知らせします。"),
        ),
    ),
    "start": Outgoing(
        applicant=Wording(
            _lazy("実証が始まりました"),
            _lazy("実証が始まりました。計測した値を、実証のページに書き込んでください。"),
            follows=_lazy("判定と報告の期限は、実証のページにあります。"),
        ),
    ),
    "judge": Outgoing(
        applicant=Wording(
            _lazy("中間の判定が出ました"),
            _lazy(
                "実証の中間の判定が出ました。判定と、このあとの進め方を実証のページで確かめてください。"
            ),
            follows=_lazy("判定に沿って、担当課と進めていただきます。"),
        ),
    ),
    "propose_extension": Outgoing(
        applicant=Wording(
            _lazy("実証の期間の延長に同意するか答えてください"),
            _lazy(
                "担当課が、実証の期間の延長を提案しました。新しい終わりの日と理由を実証のページで確かめ、よければ同意してください。"
            ),
            follows=_lazy(
                "同意すると、市町村が延長を決めます。同意しなければ、期間は変わりません。"
            ),
        ),
    ),
    "agree_to_extension": Outgoing(
        office=Wording(
            _lazy("提案者が期間の延長に同意しました"),
            _lazy("提案者が実証の期間の延長に同意しました。延長を決める手続きを進めてください。"),
        ),
    ),
    "drop_extension": Outgoing(
        applicant=Wording(
            _lazy("実証の期間の延長を取りやめました"),
            _lazy(
                "提案のあった実証の期間の延長は、取りやめになりました。理由を実証のページで確かめてください。終わりの日は変わりません。"
            ),
            follows=_lazy("いまの終わりの日のあとに、結果を報告していただきます。"),
        ),
        office=Wording(
            _lazy("実証の期間の延長が取りやめになりました"),
            _lazy(
                "提案した実証の期間の延長が、取りやめになりました。理由を記録で確かめてください。終わりの日は変わりません。"
            ),
        ),
    ),
    "extend": Outgoing(
        applicant=Wording(
            _lazy("実証の期間を延ばしました"),
            _lazy("実証の期間を延ばしました。新しい終わりの日を確かめ、計測を続けてください。"),
            follows=_lazy("終わりの日のあとに、結果を報告していただきます。"),
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
            follows=_lazy("出し直すと、担当課が評価を書きます。"),
        ),
    ),
    "conclude": Outgoing(
        paper="pilot_result",
        applicant=Wording(
            _lazy("実証の評価が決まりました"),
            _lazy(
                "実証の評価を決定し、公表しました。実証の評価の決定通知書で内容を確かめてください。"
            ),
            follows=_lazy("本格導入を検討するときは、市町村から連絡します。"),
        ),
    ),
    "stop": Outgoing(
        paper="pilot_stopped",
        applicant=Wording(
            _lazy("実証を中止しました"),
            _lazy(
                "実証を中止しました。実証中止通知書で理由を確かめ、借りているものがあれば返してください。"
            ),
            follows=_lazy("残った手続きがあるときは、担当課から連絡します。"),
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
            follows=_lazy("引き渡したときに、もう一度お知らせします。"),
            kind="progress",
        ),
    ),
    "refuse": Outgoing(
        applicant=Wording(
            _lazy("貸し出しができませんでした"),
            _lazy(
                "頼まれた貸し出しは、できませんでした。理由を実証のページで確かめ、必要なら、ほかの日やものを頼んでください。"
            ),
            follows=_lazy("頼み直すと、担当課が貸せるかどうかを答えます。"),
        ),
    ),
    "lend": Outgoing(
        applicant=Wording(
            _lazy("場所・データ・機器を引き渡しました"),
            _lazy(
                "約束した場所・データ・機器を引き渡しました。期間を守って使い、終わったら返してください。"
            ),
            follows=_lazy("返したことを担当課が確かめると、貸し出しは終わりです。"),
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
        follows=_lazy("対応が決まると、実証のページに書き込まれます。"),
    ),
    office=Wording(
        _lazy("事故・苦情の記録が追加されました"),
        _lazy("提案者が、実証での出来事を書き込みました。内容を確かめ、対応を決めてください。"),
    ),
)
