"""What is said to whoever sent a file that is not taken: what is wrong, and what to do instead."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _lazy

from portal.documents.kinds import TYPES
from portal.types import Text

_SAVE_ANEW = _lazy("「印刷」から「PDFに保存」を選んで保存し直し、そのPDFをお送りください。")
_TOO_MUCH = _lazy(
    "開くのに時間か記憶の場所を使いすぎるファイルです。「印刷」から「PDFに保存」で保存し直すか、写真に撮ってお送りください。"
)
_BROKEN_IMAGE = _lazy("画像が壊れているようです。撮り直すか、保存し直してからお送りください。")
_SENTENCES: dict[str, Text] = {
    # before anything is opened
    "none": _lazy("ファイルを選んでから「送る」を押してください。"),
    "empty": _lazy("ファイルが空です。選び直してください。"),
    "kind": _lazy("この種類のファイルは受け付けられません。%(types)sのどれかにしてください。"),
    "too_large": _lazy("1つのファイルは%(limit)sMBまでです。分けるか、小さくしてください。"),
    "too_large_together": _lazy("一度に送れるのは合計%(limit)sMBまでです。"),
    "full_case": _lazy(
        "1つの案件の書類は合計%(most)sMBまでです。要らない書類を消すか、小さくしてからお送りください。"
    ),
    "changed": _lazy("送る途中でファイルが変わってしまいました。もう一度選んでください。"),
    "ticket": _lazy("送信に時間がかかりすぎました。もう一度ファイルを選んでください。"),
    "absent": _lazy("ファイルが届いていません。もう一度選んでください。"),
    "old_office": _lazy(
        "古い形式（.doc・.xls）か、パスワードのかかったファイルです。PDFにするか、パスワードを外して保存し直してください。"
    ),
    # of every kind
    "virus": _lazy("ウイルスが見つかりました。別の端末で作り直してください。"),
    "lost": _lazy("保管庫で確かめられませんでした。もう一度お送りください。"),
    "slow": _TOO_MUCH,
    "heavy": _TOO_MUCH,
    "broken": _lazy(
        "ファイルが壊れているようです。もう一度保存するか、写真に撮ってお送りください。"
    ),
    "undrawn": _lazy(
        "ページを画面に表示できないファイルです。「印刷」から「PDFに保存」で保存し直すか、写真に撮ってお送りください。"
    ),
    # PDF
    "broken_pdf": _lazy("PDFが壊れているようです。もう一度保存するか、写真でお送りください。"),
    "password": _lazy("パスワードのかかったPDFです。パスワードを外して保存し直してください。"),
    "no_pages": _lazy("ページのないPDFです。選び直してください。"),
    "many_pages": _lazy("1,000ページを超えるPDFです。分けてお送りください。"),
    "complex_pdf": _lazy("作りが細かすぎるPDFです。%(save_anew)s"),
    "active_pdf": _lazy(
        "PDFの中に、開くと動く仕掛け（スクリプト、送信ボタン、ほかのファイルを開くリンクなど）があります。%(save_anew)s"
    ),
    "attached_pdf": _lazy(
        "PDFの中に、別のファイルか動画・音声が入っています。中のファイルは1つずつお送りください。本体は、%(save_anew)s"
    ),
    # pictures
    "broken_image": _BROKEN_IMAGE,
    "large_image": _lazy("画像の縦横が大きすぎます（1億画素まで）。小さくしてからお送りください。"),
    # Office
    "broken_zip": _lazy("ファイルが壊れているようです。もう一度保存してからお送りください。"),
    "zip_bomb": _lazy("開くと大きくなりすぎるファイルです。PDFにしてお送りください。"),
    "archive": _lazy("圧縮ファイルは受け付けられません。中のファイルを1つずつお送りください。"),
    "macros": _lazy(
        "マクロか、ほかのファイルの埋込みがあります。マクロを外して保存し直すか、PDFにしてください。"
    ),
    "doctype": _lazy(
        "ワードやエクセルでは付かない宣言（DOCTYPE）が、ファイルの中にあります。ワードかエクセルで開いて保存し直すか、PDFにしてお送りください。"
    ),
    "linked_office": _lazy(
        "ほかのファイルやサーバーから中身を読み込む設定（リンクされたひな形・画像・表など）があります。PDFにしてお送りください。"
    ),
}


def sentence(code: str, *, limit: int = settings.UPLOAD_MAX_BYTES // (1024 * 1024)) -> str:
    """The sentence for this code, in the reader's language; `limit` of a file in megabytes."""
    return str(_SENTENCES[code]) % {
        "types": TYPES,
        "limit": limit,
        "most": settings.CASE_MAX_BYTES // (1024 * 1024),
        "save_anew": _SAVE_ANEW,
    }
