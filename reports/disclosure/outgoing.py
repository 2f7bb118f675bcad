"""What goes out about a request for disclosure: to the office alone, without who asked for what."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Outgoing, Wording

DISCLOSURE = {
    "draft": Outgoing(
        office=Wording(
            _lazy("公開請求の写しの案が決定に回されました"),
            _lazy(
                "公開請求の写しの案が決定に回されました。下のページで案を確かめ、決定するか、差し戻してください。"
            ),
        ),
    ),
    "send_back": Outgoing(
        office=Wording(
            _lazy("公開請求の写しの案が差し戻されました"),
            _lazy(
                "公開請求の写しの案が差し戻されました。理由を下のページで確かめ、案を直して決定に回してください。"
            ),
        ),
    ),
    "decide": Outgoing(
        office=Wording(
            _lazy("公開請求の写しの公開が決定されました"),
            _lazy(
                "公開請求の写しの公開が決定されました。決定した写しを交付し、交付したことを記録してください。"
            ),
        ),
    ),
}
