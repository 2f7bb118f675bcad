"""What goes out about an application, whatever its kind is called."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

# of what the office takes in for an applicant on paper
TAKEN_IN = Outgoing(
    paper="withdrawal",
    applicant=Wording(
        _lazy("取下げの書面を受け付けました"),
        _lazy(
            "窓口に届いた書面により、取下げや辞退を受け付けました。取下げ受付通知書で内容を確かめ、心当たりがないときは、すぐに担当へご連絡ください。"
        ),
        follows=_lazy("取り下げたものについて、していただくことはもうありません。"),
    ),
)
APPLICATION = {
    "foretell": Outgoing(
        applicant=Wording(
            _lazy("提出されていない下書きが消えます"),
            _lazy(
                "書きかけのまま提出されていない下書きがあります。お預かりしている内容とファイルを、下の日を過ぎると消去します。消したあとは元に戻せません。"
                "要る内容があれば、それまでに下書きのページからPDFで受け取ってください。"
            ),
            follows=_lazy(
                "受付中の公募の下書きは、書き足して保存すると残ります。もう要らないときは、何もしなくてかまいません。"
            ),
        ),
    ),
    "submit": Outgoing(
        paper="receipt",
        applicant=Wording(
            _lazy("提出を受け付けました"),
            _lazy(
                "提出を受け付け、受付票をお送りしました。受付番号とファイルの一覧を確かめ、市からの連絡をお待ちください。"
            ),
            follows=_lazy(
                "市が書類を確かめます。直すところがあるときと、受理したときに、あらためてお知らせします。"
            ),
            kind="receipt",
        ),
        office=Wording(
            _lazy("申請が提出されました"),
            _lazy("申請が提出されました。書類を確かめ、受理するか、補正を依頼してください。"),
        ),
    ),
    "resubmit": Outgoing(
        paper="receipt",
        applicant=Wording(
            _lazy("補正を受け付けました"),
            _lazy(
                "補正を受け付け、受付票をお送りしました。いま、直していただいたところを確かめています。市からの連絡をお待ちください。"
            ),
            follows=_lazy("受理したとき、または、まだ直すところがあるときにお知らせします。"),
            kind="receipt",
        ),
        office=Wording(
            _lazy("補正が提出されました"),
            _lazy(
                "お願いした補正が提出されました。直ったところを確かめ、受理できるかを判断してください。"
            ),
        ),
    ),
    "amend": Outgoing(
        paper="receipt",
        applicant=Wording(
            _lazy("直した内容を受け付けました"),
            _lazy(
                "直した内容を受け付け、受付票をお送りしました。前に提出された内容に代わります。受付票を確かめ、市からの連絡をお待ちください。"
            ),
            follows=_lazy(
                "市が書類を確かめます。直すところがあるときと、受理したときに、あらためてお知らせします。"
            ),
            kind="receipt",
        ),
        office=Wording(
            _lazy("申請が出し直されました"),
            _lazy(
                "提出された申請の内容が、締切の前に直されました。変わったところを確かめてください。"
            ),
        ),
    ),
    "end_with_call": Outgoing(
        applicant=Wording(
            _lazy("申請のあった公募を中止しました"),
            _lazy(
                "申請のあった公募を中止しました。選考は行わず、この申請の手続きは終わります。"
                "理由は公募のページにあります。分からないことは申請のページからお尋ねください。"
            ),
            follows=_lazy("この申請について、していただくことはもうありません。"),
        ),
    ),
    "withdraw": Outgoing(
        office=Wording(
            _lazy("申請が取り下げられました"),
            _lazy(
                "申請が取り下げられました。案件のページで確かめ、進めている手続きがあれば止めてください。"
            ),
        ),
        counter=TAKEN_IN,
    ),
    "return_for_correction": Outgoing(
        paper="correction",
        applicant=Wording(
            _lazy("補正をお願いします"),
            _lazy(
                "書類に、直していただきたいところがありました。補正依頼書で内容を確かめ、期限までに直して提出してください。"
            ),
            follows=_lazy(
                "直して提出すると、市がもう一度確かめます。期限までに提出がないと、手続きを終えることがあります。"
            ),
        ),
    ),
    "extend_correction": Outgoing(
        applicant=Wording(
            _lazy("補正の期限を延ばしました"),
            _lazy(
                "補正の期限を延ばしました。新しい期限を確かめ、それまでに直して提出してください。"
            ),
            follows=_lazy("直して提出すると、市が書類をもう一度確かめます。"),
        ),
    ),
    "accept": Outgoing(
        applicant=Wording(
            _lazy("書類を受理しました"),
            _lazy(
                "書類の確認が終わり、受理しました。次の手続きに進みます。市から連絡があるまで、お待ちください。"
            ),
            follows=_lazy("審査や選考のあと、決定を通知書でお知らせします。"),
            kind="progress",
        ),
    ),
    "select": Outgoing(
        applicant=Wording(
            _lazy("採択が決まりました"),
            _lazy(
                "審査の結果、採択が決まりました。いま、交付決定の手続きをしています。交付決定の通知が届くまで、発注や契約をお待ちください（事前着手届を出した場合を除きます）。"
            ),
            follows=_lazy("交付決定通知書ができたら、お知らせします。"),
        ),
    ),
    "waitlist": Outgoing(
        paper="waitlist",
        applicant=Wording(
            _lazy("補欠になりました"),
            _lazy(
                "選考の結果、補欠になりました。補欠決定通知書で順位を確かめ、空きが出たときの連絡をお待ちください。"
            ),
            follows=_lazy("空きが出て決まったときと、選考が終わったときにお知らせします。"),
        ),
    ),
    "move_down": Outgoing(
        paper="waitlist",
        applicant=Wording(
            _lazy("補欠の順位が変わりました"),
            _lazy(
                "補欠の順位が変わりました。新しい補欠決定通知書で、いまの順位を確かめてください。"
            ),
            follows=_lazy("空きが出て決まったときに、お知らせします。"),
        ),
    ),
    "reject": Outgoing(
        paper="rejection",
        applicant=Wording(
            _lazy("選考の結果が決まりました"),
            _lazy(
                "選考の結果、今回はお受けできませんでした。不採択・不交付通知書で理由を確かめ、分からないことは申請のページからお尋ねください。"
            ),
            follows=_lazy(
                "この申請の手続きは終わりです。公募で示すことにしている点数や審査の意見と、いま申し込めるほかの支援は、申請のページにあります。"
            ),
        ),
    ),
    "declare_inadmissible": Outgoing(
        paper="inadmissible",
        applicant=Wording(
            _lazy("申請を却下しました"),
            _lazy(
                "要件を満たさないため、申請を却下しました。申請却下通知書で理由を確かめてください。"
            ),
            follows=_lazy("この申請の手続きは終わりです。要件が合えば、次の公募に申請できます。"),
        ),
    ),
    "lapse": Outgoing(
        paper="lapse",
        applicant=Wording(
            _lazy("補正の期限が過ぎ、手続きを終えました"),
            _lazy(
                "補正の期限が過ぎたため、手続きを終えました。手続終了通知書で内容を確かめ、分からないことは申請のページからお尋ねください。"
            ),
            follows=_lazy("この申請の手続きは終わりです。次の公募には、新しく申請できます。"),
        ),
    ),
}

EXTENSION = {
    "withdraw": Outgoing(counter=TAKEN_IN),
    "begin": Outgoing(
        office=Wording(
            _lazy("補正の期限の延長の申し出がありました"),
            _lazy(
                "補正の期限の延長の申し出がありました。案件のページで理由を読み、認めるか、認めないかを決めてください。"
            ),
        ),
    ),
    "deny": Outgoing(
        applicant=Wording(
            _lazy("補正の期限の延長は認められませんでした"),
            _lazy(
                "補正の期限の延長は認められませんでした。期限は%(day)sのまま変わりません。申請のページで理由を確かめてください。お困りのときは、担当（電話 %(phone)s）にご相談ください。"
            ),
            follows=_lazy("期限までに直して提出すると、市がもう一度確かめます。"),
        ),
    ),
}

LATE_MOVED = Outgoing(
    office=Wording(
        _lazy("あとから出す書類の日が変わりました"),
        _lazy(
            "申請者が、あとから出すとした書類の日を、後の日に変えました。変えられるのは一度だけです。わけと新しい日を、案件のページで確かめてください。"
        ),
    ),
)

# to the people of a firm who are online
PAPER_ENTERED = Wording(
    _lazy("紙の申請書を窓口で受け付けました"),
    _lazy(
        "あなたの事業者の紙の申請書を窓口で受け取り、担当が代わって入力しています。申請のページで確かめ、心当たりがないときは、すぐに担当へご連絡ください。"
    ),
)

SHARED = Wording(
    _lazy("申請の分担が決まりました"),
    _lazy(
        "書きかけの申請のうち%(n)s項目を、あなたが書くことになりました。次のページの一覧で、自分の項目と締切を確かめてください。ほかの方も書ける、覚えのための分担です。"
    ),
)

# to each of the firm but whoever did it
THROWN_AWAY = Wording(
    _lazy("申請の下書きが消されました"),
    _lazy(
        "同じ事業者の方か代理人が、申請の下書きを消しました。書いた内容と添えたファイルは消去され、元には戻せません。"
        "申請するときは、公募のページから新しく書き始めてください。心当たりがないときは、事業者の中で確かめてください。"
    ),
)

# to each of the firm, who heard of the day by "foretell"
ENDED = Wording(
    _lazy("提出されなかった下書きを消しました"),
    _lazy(
        "前にお知らせした日が過ぎたため、提出されなかった下書きを消しました。書いた内容と添えたファイルは消去され、元には戻せません。"
        "申請するときは、公募のページから新しく書き始めてください。"
    ),
)
