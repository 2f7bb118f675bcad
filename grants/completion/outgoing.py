"""What goes out about a completion report."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

COMPLETION = {
    "submit": Outgoing(
        paper="completion_receipt",
        applicant=Wording(
            _lazy("実績報告を受け付けました"),
            _lazy(
                "実績報告を受け付け、実績報告受付票をお送りしました。検査の結果をお待ちください。"
            ),
            follows=_lazy(
                "市が報告を検査します。直すところがあるとき、または検査が終わったときにお知らせします。"
            ),
            kind="receipt",
        ),
        office=Wording(
            _lazy("実績報告が提出されました"),
            _lazy("実績報告が提出されました。証拠書類を確かめ、検査してください。"),
        ),
    ),
    "return_for_correction": Outgoing(
        paper="completion_correction",
        applicant=Wording(
            _lazy("実績報告の補正をお願いします"),
            _lazy(
                "実績報告に、直していただきたいところがあります。実績報告補正依頼書で内容を確かめ、直して出し直してください。"
            ),
            follows=_lazy("出し直すと、市がもう一度検査します。"),
        ),
    ),
    "extend_correction": Outgoing(
        applicant=Wording(
            _lazy("実績報告の補正の期限を延ばしました"),
            _lazy(
                "実績報告の補正の期限を、%(day)sまで延ばしました。それまでに直して、出し直してください。"
            ),
            follows=_lazy("出し直すと、市がもう一度検査します。"),
        ),
    ),
    "inspect": Outgoing(
        applicant=Wording(
            _lazy("実績報告の検査が終わりました"),
            _lazy(
                "実績報告の検査が終わりました。いま、補助金の額を確定する手続きをしています。確定の通知をお待ちください。"
            ),
            follows=_lazy("額を確定したら、通知書でお知らせします。"),
            kind="progress",
        ),
    ),
}
