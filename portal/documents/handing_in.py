"""Whether the documents of something that is handed in may go along."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from portal.documents import store
from portal.documents.models import Document
from portal.workflow.errors import NotReady


class BeingChecked(NotReady):
    """A file is still being looked into: the same press goes through some seconds later."""


def demand_ready(sent: Sequence[Document]) -> None:
    """Every file was taken, and lies unchanged in the storage. Raises BeingChecked, or NotReady.

    Slow: reads every object.
    """
    if refused := [document for document in sent if document.file.refusal]:
        raise NotReady(
            _("受け付けられなかったファイルがあります：%(names)s。外すか、送り直してください。")
            % {"names": named(refused)}
        )
    if waiting := [document for document in sent if document.file.is_being_checked]:
        raise BeingChecked(
            _(
                "ファイルを確認しています：%(names)s。ふつうは数秒で終わります。少し待って、もう一度提出の操作をしてください。"
            )
            % {"names": named(waiting)}
        )
    if lost := store.missing(sent):
        raise NotReady(
            _("保管庫で確かめられない書類があります：%(names)s。もう一度お送りください。")
            % {"names": named(lost)}
        )


def named(documents: Iterable[Document]) -> str:
    return "、".join(document.name for document in documents)
