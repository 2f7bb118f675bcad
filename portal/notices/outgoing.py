"""What goes out about a notice itself."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

NOTICE = {
    "void": Outgoing(
        applicant=Wording(
            _lazy("通知書を無効にしました"),
            _lazy(
                "お送りした通知書の一つを無効にしました。どの通知書かと理由をこの件のページで確かめ、手元のものは使わないでください。"
            ),
            follows=_lazy("代わりの通知書を出すときは、あらためてお送りします。"),
        ),
    ),
}
