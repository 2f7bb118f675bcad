"""What goes out to everyone who has a draft in a call, when something happens to the call."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

SUSPENDED = Outgoing(
    applicant=Wording(
        _lazy("公募の受付を一時停止しました"),
        _lazy(
            "下書きのある公募の受付を一時停止しました。理由は公募のページにあります。下書きは残り、書き進められます。再開したらメールでお知らせします。"
        ),
    ),
)
RESUMED = Outgoing(
    applicant=Wording(
        _lazy("公募の受付を再開しました"),
        _lazy(
            "下書きのある公募の受付を再開しました。停止していた日数だけ締切を延ばし、新しい締切は%(until)sです。それまでに提出してください。"
        ),
    ),
)
EXTENDED = Outgoing(
    applicant=Wording(
        _lazy("公募の締切を延ばしました"),
        _lazy(
            "下書きのある公募の締切を延ばしました。新しい締切は%(until)sです。それまでに提出してください。"
        ),
    ),
)
CANCELLED = Outgoing(
    applicant=Wording(
        _lazy("公募を中止しました"),
        _lazy(
            "下書きのある公募を中止しました。提出はできません。下書きは案件のページで読めます。くわしいことは担当にお尋ねください。"
        ),
    ),
)
