"""What goes out about money that is to come back."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.outgoing import TAKEN_IN
from portal.workflow.outgoing import Outgoing, Wording

RECOVERY = {
    "begin": Outgoing(
        paper="recovery",
        applicant=Wording(
            _lazy("補助金の返還をお願いします"),
            _lazy(
                "補助金の返還を命じました。補助金返還命令書で理由と金額を確かめ、期限までに納めてください。"
            ),
            follows=_lazy(
                "納付を確かめたら、お知らせします。期限を過ぎると、延滞金がかかり、督促状をお送りすることがあります。"
            ),
        ),
    ),
    "defer": Outgoing(
        paper="deferral",
        applicant=Wording(
            _lazy("返還の期限を延ばしました"),
            _lazy(
                "返還の期限を延ばすことを承認しました。補助金返還履行延期承認通知書で、納める日と額を確かめ、それぞれの期限までに納めてください。"
            ),
            follows=_lazy(
                "それぞれの期限の前にお知らせし、すべての納付を確かめたら手続きを終えます。"
            ),
        ),
    ),
    "close": Outgoing(
        applicant=Wording(
            _lazy("返還の手続きが終わりました"),
            _lazy(
                "納付を確かめ、返還が済みました。この返還について、していただくことはもうありません。"
            ),
            follows=_lazy("この件は終わりです。あらためてのお知らせはありません。"),
        ),
    ),
    "waive": Outgoing(
        paper="waiver",
        applicant=Wording(
            _lazy("返還を免除しました"),
            _lazy(
                "補助金の返還を免除しました。補助金返還免除通知書を確かめてください。免除した額を納めていただく必要はありません。"
            ),
            follows=_lazy("この返還の手続きは終わりです。"),
        ),
    ),
    "cancel": Outgoing(
        paper="order_cancelled",
        applicant=Wording(
            _lazy("返還の命令を取り消しました"),
            _lazy(
                "補助金の返還の命令を取り消しました。お送りした返還命令書による納付は、しないでください。"
            ),
            follows=_lazy("すでに納めた額があるときは、お返しする手続きをお知らせします。"),
        ),
    ),
}

LATER = {
    "withdraw": Outgoing(counter=TAKEN_IN),
    "begin": Outgoing(
        office=Wording(
            _lazy("返還の履行延期の申し出がありました"),
            _lazy(
                "返還の履行延期の申し出がありました。案件のページで事情と納める日を読み、履行延期を起案するか、認めない理由を書いて答えてください。"
            ),
        ),
    ),
    "deny": Outgoing(
        applicant=Wording(
            _lazy("返還の履行延期は認められませんでした"),
            _lazy(
                "返還の履行延期は認められませんでした。納期限は%(day)sのまま変わりません。申請のページで理由を確かめてください。お困りのときは、担当（電話 %(phone)s）にご相談ください。"
            ),
            follows=_lazy("期限までに納付を確かめられないときは、督促状をお送りします。"),
        ),
    ),
}

SLIP = Outgoing(paper="payment_slip")

DEMAND = Outgoing(
    paper="demand",
    applicant=Wording(
        _lazy("返還金が納められていません"),
        _lazy(
            "補助金の返還の期限を過ぎましたが、納付を確かめられていません。督促状で額と納める日を確かめ、その日までに納めてください。納めることが難しいときは、担当にご相談ください。"
        ),
        follows=_lazy(
            "その日を過ぎても納められないときは、法令に沿って手続きを進めることがあります。"
        ),
    ),
)

REFUND = Outgoing(
    paper="overpaid",
    applicant=Wording(
        _lazy("納めすぎた額をお返しします"),
        _lazy(
            "返還金として納められた額のうち、納める必要のなかった額をお返しします。過誤納金還付通知書で額を確かめてください。振込先について、担当から連絡します。"
        ),
        follows=_lazy("振込先を確かめたあと、その額を振り込みます。"),
    ),
)

PART_REVOKED = Outgoing(
    paper="partial_revocation",
    applicant=Wording(
        _lazy("交付の決定の一部を取り消しました"),
        _lazy(
            "交付の決定の一部を取り消しました。補助金交付決定一部取消通知書で、取り消した額と理由を確かめてください。返していただく額があるときは、補助金返還命令書をあわせてお送りします。"
        ),
        follows=_lazy("返していただく額の納付を確かめたら、お知らせします。"),
    ),
)

KEPT = Wording(
    _lazy("納付の記録の取消しの提案が、取り下げられました"),
    _lazy(
        "あなたが提案した納付の記録の取消しを、別の職員が取り下げました。記録はそのまま残ります。次のページで確かめ、やはり取り消すときは、もう一度提案してください。"
    ),
)

TAKEN_BACK = Outgoing(
    applicant=Wording(
        _lazy("返還金の納付の記録を訂正しました"),
        _lazy(
            "返還金の納付の記録に誤りがあったため、その記録を取り消しました。残りの額と期限を申請のページで確かめてください。すでに納めた額と違うときは、担当にご連絡ください。"
        ),
        follows=_lazy("残りの額の納付を確かめたら、お知らせします。"),
    ),
)
