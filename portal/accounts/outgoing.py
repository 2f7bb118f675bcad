"""What goes out from this room: the mails of signing up and of passwords are the library's own."""

from django.utils.translation import gettext_lazy as _lazy

from portal.workflow.outgoing import Wording

CODE = Wording(
    _lazy("確認コード"),
    _lazy(
        "確認コードは %(code)s です。お開きの画面に入力してください。%(n)s分間、一度だけ使えます。"
        "お心当たりがないときは、どなたかがあなたのパスワードを知っています。すぐにパスワードを変えてください。"
        "このコードはだれにも伝えないでください。市の職員がお尋ねすることはありません。"
    ),
)
INVITATION = Wording(
    _lazy("招待が届いています"),
    _lazy(
        "さっぽろ事業支援ポータルで、事業者の手続きを一緒に行う招待が届いています。次のページから受けてください（%(days)s日間有効）。"
    ),
)
AWAY = Wording(
    _lazy("不在が登録されました"),
    _lazy(
        "管理者が、あなたの不在を登録しました。不在の間は、決められた代決者があなたの代わりに回議と決裁を行えます。期間を次のページで確かめ、違うときは取り消してください。"
    ),
)
