"""What goes out about the conversation of a case, and before a deadline."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

MESSAGE = Outgoing(
    applicant=Wording(
        _lazy("市から連絡が届きました"),
        _lazy(
            "市から連絡が届きました。案件のページで読み、返事がいるときは、そこに書いてください。"
        ),
    ),
    office=Wording(
        _lazy("申請者から連絡が届きました"),
        _lazy("申請者から連絡が届きました。案件のページで読み、答えてください。"),
    ),
)
REMINDER = Outgoing(
    applicant=Wording(
        _lazy("締切まであと%(days)s日です"),
        _lazy(
            "締切まであと%(days)s日です。残っていることを案件のページで確かめ、締切までに済ませてください。"
        ),
    ),
)
