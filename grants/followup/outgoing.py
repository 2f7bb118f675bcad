"""What goes out about what is filed after the award."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.outgoing import TAKEN_IN
from portal.workflow.outgoing import Outgoing, Wording

FILING = {
    "submit": Outgoing(
        office=Wording(
            _lazy("報告が提出されました"),
            _lazy("補助事業についての報告・申請が提出されました。内容を確かめてください。"),
        ),
    ),
    "withdraw": Outgoing(
        office=Wording(
            _lazy("財産処分の申請が取り下げられました"),
            _lazy("財産処分の申請が取り下げられました。進めている手続きがあれば、止めてください。"),
        ),
        counter=TAKEN_IN,
    ),
    "return_for_correction": Outgoing(
        applicant=Wording(
            _lazy("報告の補正をお願いします"),
            _lazy(
                "提出いただいた報告に、直していただきたいところがあります。理由を報告のページで確かめ、直して出し直してください。"
            ),
            follows=_lazy("出し直すと、市がその報告をもう一度確かめます。"),
        ),
    ),
    "accept": Outgoing(
        applicant=Wording(
            _lazy("報告を受理しました"),
            _lazy(
                "提出いただいた報告を受理しました。この報告について、していただくことはもうありません。"
            ),
            follows=_lazy("次の報告があるときは、期限の前にお知らせします。"),
            kind="progress",
        ),
    ),
    "settle": Outgoing(
        applicant=Wording(
            _lazy("報告を受理し、返還を命じました"),
            _lazy(
                "報告を受理しました。返還していただく額がありますので、あわせてお送りする補助金返還命令書を確かめてください。"
            ),
            follows=_lazy("納付を確かめたら、お知らせします。"),
        ),
    ),
    "allow": Outgoing(
        paper="disposal_approved",
        applicant=Wording(
            _lazy("財産の処分を承認しました"),
            _lazy(
                "財産の処分を承認しました。財産処分承認通知書で条件を確かめてから、処分してください。"
            ),
            follows=_lazy("通知書の条件に納める額があるときは、補助金返還命令書をお送りします。"),
        ),
    ),
    "deny": Outgoing(
        paper="disposal_denied",
        applicant=Wording(
            _lazy("財産の処分は承認されませんでした"),
            _lazy(
                "財産の処分は承認されませんでした。財産処分不承認通知書で理由を確かめ、財産を処分しないでください。"
            ),
            follows=_lazy("処分する必要がまだあるときは、担当に相談のうえ、もう一度申請できます。"),
        ),
    ),
}
