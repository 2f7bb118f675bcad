"""What goes out about claims, payments and the account they go to."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

CLAIM = {
    "begin": Outgoing(
        applicant=Wording(
            _lazy("補助金の請求を受け付けました"),
            _lazy(
                "補助金の請求を受け付けました。請求した額と振込先の口座を申請のページで確かめ、違うときは担当にお知らせください。"
            ),
            follows=_lazy(
                "市が請求と口座を確かめ、支払いの手続きをします。振り込んだときに、お知らせします。"
            ),
            kind="receipt",
        ),
        office=Wording(
            _lazy("補助金の請求が届きました"),
            _lazy("補助金の請求が届きました。金額と振込先の口座を確かめてください。"),
        ),
    ),
    "claim_again": Outgoing(
        applicant=Wording(
            _lazy("出し直した請求を受け付けました"),
            _lazy(
                "出し直していただいた補助金の請求を受け付けました。市が確かめる間、していただくことはありません。"
            ),
            follows=_lazy("市が確かめて支払いの手続きをし、振り込んだときに、お知らせします。"),
            kind="receipt",
        ),
        office=Wording(
            _lazy("請求が出し直されました"),
            _lazy("差し戻した請求が出し直されました。直ったところを確かめてください。"),
        ),
    ),
    "send_back": Outgoing(
        applicant=Wording(
            _lazy("請求を直してください"),
            _lazy(
                "補助金の請求に、直していただきたいところがあります。理由を申請のページで確かめ、請求を出し直してください。"
            ),
            follows=_lazy("出し直すと、市が金額と口座を確かめ、支払いの手続きをします。"),
        ),
    ),
    "deny": Outgoing(
        applicant=Wording(
            _lazy("請求をお受けできませんでした"),
            _lazy(
                "補助金の請求を却下しました。理由を申請のページで確かめ、分からないことは申請のページからお尋ねください。"
            ),
            follows=_lazy("請求の内容を改めれば、もう一度請求できることがあります。"),
        ),
    ),
}
# closed with and without a look at equal sums: one event
HANDED_OVER = Wording(
    _lazy("支出命令の審査をお願いします"),
    _lazy(
        "締め切られた振込データが届きました。支出命令を1件ずつ審査し、銀行へ送るファイルを作ってください。確かめられない支出命令は、理由を付けて経理へ差し戻せます。"
    ),
)
BATCH = {name: Outgoing(office=HANDED_OVER) for name in ("lock", "lock_twins")}
PAYMENT = {
    "send_back": Outgoing(
        office=Wording(
            _lazy("支出命令が会計から差し戻されました"),
            _lazy(
                "会計の審査で、支出命令が差し戻されました。理由を案件のページで確かめ、直して出し直すか、取り消してください。"
            ),
        ),
    ),
    "hold": Outgoing(
        applicant=Wording(
            _lazy("支払いを保留しました"),
            _lazy(
                "補助金の支払いを保留しました。理由を申請のページで確かめ、市からの連絡をお待ちください。"
            ),
            follows=_lazy("保留した理由がなくなると、支払いの手続きを再び進め、お知らせします。"),
        ),
    ),
    "withhold": Outgoing(
        paper="withholding",
        applicant=Wording(
            _lazy("支払いを一時停止しました"),
            _lazy(
                "補助金の返還が納期限までに済んでいないため、この補助金の支払いを一時停止しました。補助金支払一時停止通知書を確かめ、返還金を納めてください。"
            ),
            follows=_lazy("返還金の納付を確かめると、支払いの手続きを再び進めます。"),
        ),
    ),
    "release": Outgoing(
        applicant=Wording(
            _lazy("支払いの手続きを再び進めます"),
            _lazy(
                "止めていた補助金の支払いの手続きを、再び進めます。振り込んだときに、あらためてお知らせします。"
            ),
            follows=_lazy("振り込むと、支払通知書をお送りします。"),
            kind="progress",
        ),
    ),
    "set_off": Outgoing(
        paper="set_off",
        applicant=Wording(
            _lazy("補助金の支払いを返還金と相殺しました"),
            _lazy(
                "納期限までに納められていない返還金を、お支払いする補助金と相殺しました。相殺通知書で、相殺した額と、双方の残りの額を確かめてください。"
            ),
            follows=_lazy("残りの額があるときは、支払いと返還の手続きをそれぞれ続けます。"),
        ),
    ),
    "undo_set_off": Outgoing(
        paper="set_off_undone",
        applicant=Wording(
            _lazy("返還金との相殺を取り消しました"),
            _lazy(
                "補助金の支払いと返還金との相殺に誤りがあったため、取り消しました。相殺取消通知書で、お支払いする額と、納めていただく返還金の残りを確かめてください。"
            ),
            follows=_lazy("お支払いする額を振り込んだときに、お知らせします。"),
        ),
    ),
    "settle": Outgoing(
        paper="payment",
        applicant=Wording(
            _lazy("補助金を振り込みました"),
            _lazy(
                "補助金を振り込みました。補助金支払通知書の金額と、口座への入金を確かめてください。"
            ),
            follows=_lazy("報告や書類の保存が要るときは、申請のページに出ます。"),
        ),
    ),
    "fail": Outgoing(
        applicant=Wording(
            _lazy("振込ができませんでした"),
            _lazy(
                "補助金%(yen)s円の振込ができませんでした。銀行の理由は、申請のページにあります。届け出た口座を確かめ、正しい口座を届け直してください。"
            ),
            follows=_lazy("届け直した口座を市が確かめ、もう一度振り込みます。"),
        ),
    ),
    "say_came_back": Outgoing(
        office=Wording(
            _lazy("振込が戻ったことの確認をお願いします"),
            _lazy(
                "振込済みの補助金が銀行から戻ったという申し出がありました。銀行の書面を案件のページで確かめ、戻ったと確認するか、申し出を退けてください。"
            ),
        ),
    ),
    "deny_return": Outgoing(
        office=Wording(
            _lazy("振込が戻ったという申し出が退けられました"),
            _lazy(
                "振込が戻ったという申し出は、認められませんでした。理由を案件の記録で確かめ、必要なら銀行に問い合わせてください。"
            ),
        ),
    ),
    "come_back": Outgoing(
        applicant=Wording(
            _lazy("振込が銀行から戻りました"),
            _lazy(
                "一度振り込んだ補助金%(yen)s円が、銀行から戻りました。理由は、申請のページにあります。口座が使えるかを確かめ、使える口座を届け直してください。"
            ),
            follows=_lazy("届け直した口座を市が確かめたあと、あらためて振り込みます。"),
        ),
    ),
    "doubt_bounce": Outgoing(
        office=Wording(
            _lazy("振込結果の訂正の確認をお願いします"),
            _lazy(
                "振込不能と記録した振込が、実際には振り込まれていたという申し出がありました。銀行の書面を案件のページで確かめ、訂正するか、申し出を退けてください。"
            ),
        ),
    ),
    "confirm_arrival": Outgoing(
        applicant=Wording(
            _lazy("届け出た口座に問題はありませんでした"),
            _lazy(
                "振込ができなかった、または戻ったとお知らせした補助金は、届け出た口座へ振り込まれていました。先のお知らせは、市の記録の誤りによるものです。口座を届け直す必要はありません。口座への入金を確かめてください。"
            ),
            follows=_lazy("この振込について、していただくことはもうありません。"),
        ),
    ),
    "deny_arrival": Outgoing(
        office=Wording(
            _lazy("振込結果の訂正の申し出が退けられました"),
            _lazy(
                "振込結果の訂正の申し出は、認められませんでした。理由を案件の記録で確かめ、必要なら銀行に問い合わせてください。"
            ),
        ),
    ),
}
WITHHOLDING_ENDED = Outgoing(paper="withholding_ended")
# a transfer recorded as never made had been made: its notice was never issued
ARRIVED = Outgoing(paper="payment")
ACCOUNT_REFUSED = Outgoing(
    applicant=Wording(
        _lazy("振込先の口座を届け直してください"),
        _lazy(
            "届け出ていただいた振込先の口座を確かめられませんでした。差し戻した理由を申請のページで確かめ、口座を届け直してください。"
        ),
        follows=_lazy("届け直した口座を市が確かめると、支払いの手続きを進めます。"),
    ),
)

# to everybody of the firm: whoever declares one by a stolen mailbox is noticed by the others
ACCOUNT_DECLARED = Wording(
    _lazy("振込先の口座が届け出られました"),
    _lazy(
        "補助金の振込先の口座が届け出られ、市の確認を待っています。届出の内容は下のページで確かめられます。どなたも心当たりがないときは、すぐに市の担当（電話 %(phone)s）へご連絡ください。"
    ),
)
ACCOUNT_CONFIRMED = Wording(
    _lazy("振込先の口座を確かめました"),
    _lazy(
        "届け出られた振込先の口座を市が確かめました。これからの補助金は、この口座に振り込みます。下のページで口座を確かめ、違うときは、すぐに市の担当（電話 %(phone)s）へご連絡ください。"
    ),
)

# to each who may confirm, for all of them
VOIDS_ASKED = Wording(
    _lazy("取消しの確認を待つ振込データがあります"),
    _lazy(
        "銀行で実行されなかったと別の職員が申し出た振込データが%(n)s件、確認を待っています。下のページで銀行の回答を確かめ、取り消すか、申し出を差し戻してください。"
    ),
)
