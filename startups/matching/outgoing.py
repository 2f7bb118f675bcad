"""What goes out about a proposal before a municipality."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.outgoing import TAKEN_IN
from portal.workflow.outgoing import Outgoing, Wording

MATCH = {
    "begin": Outgoing(
        applicant=Wording(
            _lazy("市町村での検討が始まりました"),
            _lazy(
                "ご提案について、市町村での検討が始まりました。面談の日時の連絡をお待ちください。"
            ),
            follows=_lazy("面談の日時の候補を、あらためてお知らせします。"),
            kind="progress",
        ),
    ),
    "invite": Outgoing(
        applicant=Wording(
            _lazy("面談の日時を選んでください"),
            _lazy(
                "市町村が、面談の日時の候補を示しました。この件のページで、都合のよい日時を選んでください。"
            ),
            follows=_lazy("選ぶと、市町村が面談の準備をします。"),
        ),
    ),
    "pick": Outgoing(
        office=Wording(
            _lazy("面談の日時が決まりました"),
            _lazy("提案者が面談の日時を選びました。日時を確かめ、面談の準備をしてください。"),
        ),
    ),
    "agree": Outgoing(
        paper="match_agreed",
        applicant=Wording(
            _lazy("実証に進むことが決まりました"),
            _lazy(
                "ご提案が、実証に進むことになりました。実証決定通知書を確かめ、協定についての連絡をお待ちください。"
            ),
            follows=_lazy("市町村が協定の案を作り、できたらお知らせします。"),
        ),
    ),
    "decline": Outgoing(
        paper="match_declined",
        applicant=Wording(
            _lazy("市町村での検討が終わりました"),
            _lazy(
                "検討の結果、今回は見送りとなりました。提案見送り通知書で理由を確かめてください。"
            ),
            follows=_lazy(
                "この市町村での手続きは終わりです。ほかの市町村での検討があれば、そのまま続きます。"
            ),
        ),
    ),
    "withdraw": Outgoing(
        office=Wording(
            _lazy("提案が辞退されました"),
            _lazy("提案者が、提案を辞退しました。予定した面談があれば、取りやめてください。"),
        ),
        counter=TAKEN_IN,
    ),
}
