"""What goes out about a municipality's road to a contract."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

ROLLOUT = {
    "begin": Outgoing(
        applicant=Wording(
            _lazy("本格導入の検討が始まりました"),
            _lazy(
                "市町村が、本格導入の検討を始めました。方法と時期は、この件のページで確かめられます。"
            ),
        ),
    ),
    "fund": Outgoing(
        applicant=Wording(
            _lazy("本格導入の予算が付きました"),
            _lazy(
                "本格導入の予算が付きました。これから市町村が仕様を決めます。次の連絡をお待ちください。"
            ),
        ),
    ),
    "contract": Outgoing(
        applicant=Wording(
            _lazy("本格導入の契約が決まりました"),
            _lazy(
                "本格導入の契約が決まりました。契約の相手方と内容を、この件のページで確かめてください。"
            ),
        ),
    ),
    "begin_use": Outgoing(
        applicant=Wording(
            _lazy("本格的な利用が始まりました"),
            _lazy(
                "市町村が、本格的に使い始めました。使い始めた日を、この件のページで確かめてください。"
            ),
        ),
    ),
    "end": Outgoing(
        applicant=Wording(
            _lazy("本格導入が終わりました"),
            _lazy("本格導入が終わりました。理由をこの件のページで確かめてください。"),
        ),
    ),
    "drop": Outgoing(
        applicant=Wording(
            _lazy("本格導入は見送られました"),
            _lazy("市町村は、本格導入を見送りました。理由をこの件のページで確かめてください。"),
        ),
    ),
}
