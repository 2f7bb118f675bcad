"""What goes out about seats in a course."""

from django.utils.translation import gettext_lazy as _lazy

from grants.applications.outgoing import TAKEN_IN
from portal.workflow.outgoing import Outgoing, Wording

ENROLMENT = {
    "complete": Outgoing(
        paper="certificate",
        applicant=Wording(
            _lazy("修了証をお送りしました"),
            _lazy("講座の修了を確かめ、修了証をお送りしました。受講した方にお渡しください。"),
            follows=_lazy("この講座について、していただくことはもうありません。"),
        ),
    ),
    "cancel": Outgoing(
        paper="seat_cancelled",
        applicant=Wording(
            _lazy("受講の決定を取り消しました"),
            _lazy(
                "受講の決定を取り消しました。受講決定取消通知書で、どなたの受講かと理由を確かめ、受講する方にお伝えください。"
            ),
            follows=_lazy("ほかの方の受講は、そのまま続きます。"),
        ),
    ),
    "drop": Outgoing(
        office=Wording(
            _lazy("受講が取りやめになりました"),
            _lazy(
                "受講が取りやめになりました。空いた席を、待っている方に渡せるかを確かめてください。"
            ),
        ),
        counter=TAKEN_IN,
    ),
}
SEATS_GRANTED = Outgoing(
    paper="enrolment",
    applicant=Wording(
        _lazy("受講が決まりました"),
        _lazy(
            "講座の受講を決定しました。受講決定通知書で日程と場所を確かめ、受講する方にお伝えください。"
        ),
        follows=_lazy("講座が終わり、修了を確かめたら、修了証をお送りします。"),
    ),
)
