"""What goes out from this room: the mails of signing up and of passwords are the library's own."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Wording

INVITATION = Wording(
    _lazy("招待が届いています"),
    _lazy(
        "さっぽろ事業支援ポータルで、事業者の手続きを一緒に行う招待が届いています。次のページから受けてください（%(days)s日間有効）。"
    ),
)
