"""What goes out to single people about an approval."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Wording

TO_DECIDE = Wording(
    _lazy("起案の決裁をお願いします"),
    _lazy("起案の決裁をお願いします。下のページで内容を確かめ、決裁するか、差し戻してください。"),
)
TO_AGREE = Wording(
    _lazy("起案の確認をお願いします"),
    _lazy("起案の確認をお願いします。下のページで内容を確かめ、次へ回すか、差し戻してください。"),
)
DECIDED_FOR_YOU = Wording(
    _lazy("あなたの段階の起案が、代決されました"),
    _lazy(
        "あなたの段階の起案が、代決者によって代決されました。内容を下のページで確かめ、「後閲済みにする」を押してください。"
    ),
)
NOBODY_NEXT = Wording(
    _lazy("起案の次の段階を受け持てる方がいません"),
    _lazy(
        "起案の次の段階を受け持てる方がいません。起案を取り下げ、経路を直して起案し直してください。"
    ),
)
DECIDED = Wording(
    _lazy("起案が決裁されました"),
    _lazy(
        "起案が決裁されました。書いてあることは、もう行われています。結果を下のページで確かめてください。"
    ),
)
SENT_BACK = Wording(
    _lazy("起案が差し戻されました"),
    _lazy(
        "起案が差し戻されました。意見を下のページで確かめ、起案を直して回議に回すか、取り下げてください。"
    ),
)
REFUSED = Wording(
    _lazy("起案が否決されました"),
    _lazy("起案が否決されました。意見を下のページで確かめ、案件をどうするかを決めてください。"),
)
WITHDRAWN = Wording(
    _lazy("起案が取り下げられました"),
    _lazy("起案が取り下げられました。この起案について、していただくことはもうありません。"),
)
