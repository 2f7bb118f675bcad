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
            follows=_lazy("予算や契約が決まったときに、それぞれお知らせします。"),
            kind="progress",
        ),
    ),
    "fund": Outgoing(
        applicant=Wording(
            _lazy("本格導入の予算が付きました"),
            _lazy(
                "本格導入の予算が付きました。これから市町村が仕様を決めます。次の連絡をお待ちください。"
            ),
            follows=_lazy("契約の相手方が決まったら、お知らせします。"),
            kind="progress",
        ),
    ),
    "contract": Outgoing(
        applicant=Wording(
            _lazy("本格導入の契約が決まりました"),
            _lazy(
                "本格導入の契約が決まりました。契約の相手方と内容を、この件のページで確かめてください。"
            ),
            follows=_lazy("使い始めたときに、お知らせします。"),
        ),
    ),
    "begin_use": Outgoing(
        applicant=Wording(
            _lazy("本格的な利用が始まりました"),
            _lazy(
                "市町村が、本格的に使い始めました。使い始めた日を、この件のページで確かめてください。"
            ),
            follows=_lazy("使い終えたときに、お知らせします。"),
            kind="progress",
        ),
    ),
    "end": Outgoing(
        applicant=Wording(
            _lazy("本格導入が終わりました"),
            _lazy("本格導入が終わりました。理由をこの件のページで確かめてください。"),
            follows=_lazy("この本格導入について、していただくことはもうありません。"),
        ),
    ),
    "drop": Outgoing(
        applicant=Wording(
            _lazy("本格導入は見送られました"),
            _lazy("市町村は、本格導入を見送りました。理由をこの件のページで確かめてください。"),
            follows=_lazy("あらためて検討するときは、市町村から連絡します。"),
        ),
    ),
}
