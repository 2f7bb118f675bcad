"""What is written to people when the office closes: each mail, in a table."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

# `days`: of the closure; its reason stands on the page, since somebody typed it
POSTPONED = Outgoing(
    applicant=Wording(
        _lazy("閉庁のため期限が延びました"),
        _lazy(
            "%(days)sに閉庁するため、この件の期限は%(until)sになりました。手続きは要りません。閉庁の理由は、この件のページで読めます。"
        ),
        follows=_lazy("新しい期限の前に、もう一度お知らせします。"),
        kind="progress",
    ),
)
# to one person of the office, for all the cases that lie with them
POSTPONED_HERE = Wording(
    _lazy("閉庁のため期限が延びた案件があります"),
    _lazy(
        "%(days)sの閉庁により、あなたの受信箱の案件%(n)s件の期限が延びました。受信箱で新しい期限を確かめてください。"
    ),
)
# to each who may confirm, for all of them
PROPOSED = Wording(
    _lazy("確認を待つ閉庁日があります"),
    _lazy(
        "別の職員が提案した閉庁日が%(n)s件、確認を待っています。下のページで確かめ、確認するか、取り下げてください。"
    ),
)
