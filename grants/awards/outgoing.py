"""What goes out about an award and the changes of its project."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.outgoing import TAKEN_IN
from portal.workflow.outgoing import Outgoing, Wording

AWARD = {
    "begin": Outgoing(
        paper="award",
        applicant=Wording(
            _lazy("交付が決まりました"),
            _lazy(
                "補助金の交付を決定しました。交付決定通知書で金額と条件を確かめてから、事業を始めてください。"
            ),
            follows=_lazy(
                "事業が終わったら、実績報告を提出します。市が検査して額を確定し、そのあとに補助金を請求できます。"
            ),
        ),
    ),
    "withdraw": Outgoing(
        office=Wording(
            _lazy("交付の決定が辞退されました"),
            _lazy(
                "交付の決定が辞退されました。空いた予算で、補欠の方に交付できるかを確かめてください。"
            ),
        ),
        counter=TAKEN_IN,
    ),
    "fix_amount": Outgoing(
        paper="fixing",
        applicant=Wording(
            _lazy("補助金の額が確定しました"),
            _lazy(
                "補助金の額を確定しました。補助金額確定通知書で金額を確かめ、まだ受け取っていない額があるときは請求してください。"
            ),
            follows=_lazy("請求が届くと、市が支払いの手続きをし、振り込んだときにお知らせします。"),
        ),
    ),
    "suspend": Outgoing(
        paper="suspension",
        applicant=Wording(
            _lazy("事業を一時停止してください"),
            _lazy(
                "事業の一時停止を命じました。補助事業一時停止命令書で理由を確かめ、再開を認める通知があるまで、事業を止めてください。"
            ),
            follows=_lazy("再開を認めたときに、お知らせします。"),
        ),
    ),
    "resume": Outgoing(
        paper="resumption",
        applicant=Wording(
            _lazy("事業を再開できます"),
            _lazy("事業の再開を認めました。計画に沿って、事業を続けてください。"),
            follows=_lazy("事業が終わったら、実績報告を提出してください。"),
        ),
    ),
    "abandon": Outgoing(
        paper="abandonment",
        applicant=Wording(
            _lazy("事業の廃止を承認しました"),
            _lazy(
                "事業の廃止を承認しました。補助事業廃止承認通知書を確かめ、この事業の新しい発注や契約はしないでください。"
            ),
            follows=_lazy("終わった分の報告が要るときは、申請のページに期限が出ます。"),
        ),
    ),
    "revoke": Outgoing(
        paper="revocation",
        applicant=Wording(
            _lazy("交付の決定を取り消しました"),
            _lazy(
                "交付の決定を取り消しました。補助金交付決定取消通知書で理由を確かめ、これからの発注や契約はしないでください。"
            ),
            follows=_lazy(
                "受け取った補助金があるときは、その返還について、あらためて通知書をお送りします。"
            ),
        ),
    ),
    "cancel": Outgoing(
        paper="revocation",
        applicant=Wording(
            _lazy("事情の変更により、交付の決定を取り消しました"),
            _lazy(
                "事情の変更により、交付の決定を取り消しました。補助金交付決定取消通知書で理由を確かめ、進めている発注や契約は担当に相談してください。"
            ),
            follows=_lazy("受け取った補助金があるときは、その扱いを、あらためてお知らせします。"),
        ),
    ),
}
CHANGE = {
    "submit": Outgoing(
        office=Wording(
            _lazy("変更の申請が提出されました"),
            _lazy(
                "事業の計画を変える申請が提出されました。内容を確かめ、承認するかどうかを起案してください。"
            ),
        ),
    ),
    "notify": Outgoing(
        office=Wording(
            _lazy("軽微な変更の届出がありました"),
            _lazy(
                "軽微な変更の届出がありました。計画はもう変わっています。内容を確かめてください。"
            ),
        ),
    ),
    "send_back": Outgoing(
        applicant=Wording(
            _lazy("変更の申請を直してください"),
            _lazy(
                "変更の申請に、直していただきたいところがあります。理由を申請のページで確かめ、直して出し直してください。"
            ),
            follows=_lazy(
                "出し直すと、市が承認するかどうかを決めます。決まるまでは、いまの計画のままです。"
            ),
        ),
    ),
    "approve": Outgoing(
        paper="change_approved",
        applicant=Wording(
            _lazy("計画の変更を承認しました"),
            _lazy(
                "計画の変更を承認しました。補助事業変更承認通知書を確かめ、新しい計画に沿って事業を進めてください。"
            ),
            follows=_lazy("事業が終わったら、新しい計画に沿って実績報告を提出します。"),
        ),
    ),
    "deny": Outgoing(
        paper="change_denied",
        applicant=Wording(
            _lazy("計画の変更は承認されませんでした"),
            _lazy(
                "計画の変更は承認されませんでした。補助事業変更不承認通知書で理由を確かめ、いまの計画のまま事業を進めてください。"
            ),
            follows=_lazy(
                "計画を変える必要がまだあるときは、内容を見直して、もう一度申請できます。"
            ),
        ),
    ),
}
SUCCESSION = Outgoing(
    paper="succession",
    applicant=Wording(
        _lazy("補助事業の承継を承認しました"),
        _lazy(
            "補助事業の承継を承認しました。補助事業承継承認通知書を確かめ、振込先の口座を届け出てください。"
        ),
        follows=_lazy("口座を確かめたあと、これからの支払いは承継した事業者に行います。"),
    ),
)
