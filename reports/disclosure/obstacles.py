"""What is missing before a copy is handed on, and before it is decided."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from reports.disclosure import sheets

if TYPE_CHECKING:
    from reports.disclosure.models import Disclosure


def not_looked_at(row: Disclosure) -> list[str]:
    preparing, unpictured, unlooked = sheets.missing(row.files, row.left_out)
    return [
        *[
            _("「%(file)s」のページを用意しています。しばらくお待ちください。") % {"file": each}
            for each in preparing
        ],
        *[
            _(
                "「%(file)s」は、すべてのページを画面に出せません。写しから外し、理由を書いてください。"
            )
            % {"file": each}
            for each in unpictured
        ],
        *[
            _("「%(file)s」に、まだ確かめていないページがあります。") % {"file": each}
            for each in unlooked
        ],
    ]


def not_bound(row: Disclosure) -> list[str]:
    if row.is_unbound:
        return [_("写しを作れませんでした。差し戻し、書類を外して作り直してください。")]
    return [] if row.file_id else [_("写しを作っています。しばらくお待ちください。")]
