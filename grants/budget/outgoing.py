"""What the budget room writes to people: each mail, in a table."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Wording

# to each who may confirm, for all of them
PROPOSED_CHANGES = Wording(
    _lazy("確認を待つ予算の増減があります"),
    _lazy(
        "別の職員が提案した予算の増減が%(n)s件、確認を待っています。下のページで確かめ、確認するか、取り下げてください。"
    ),
)
PROPOSED_CLASSIFICATIONS = Wording(
    _lazy("確認を待つ予算科目があります"),
    _lazy(
        "別の職員が提案した予算科目が%(n)s件、確認を待っています。新しい公募回には、前の公募回の科目が提案されています。下のページで確かめ、確認するか、取り下げてください。"
    ),
)
PROPOSED_DEBTS = Wording(
    _lazy("確認を待つ債務負担行為があります"),
    _lazy(
        "別の職員が登録を提案した債務負担行為が%(n)s件、確認を待っています。下のページで確かめ、確認するか、取り下げてください。"
    ),
)
