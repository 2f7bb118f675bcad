"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal.cases.ports import (
    Erasure,
    KeptDay,
    disposals,
    erasures,
    kept_days,
    loaders,
    reading_words,
)
from portal.ui.ports import Menu, menus
from portal.workflow.ports import transition_forms
from reports.disclosure import access, forms, receiving
from reports.disclosure.models import Disclosure


def register() -> None:
    kept_days.add(
        "disclosures",
        KeptDay(rows=Disclosure.objects.live, field="due_on"),
    )
    loaders.add("disclosure", access.disclosure_for)
    transition_forms.add("disclosure_extension", forms.ExtensionForm)
    reading_words.add("disclosure", _lazy("公開請求の案を開いた"))
    reading_words.add("disclosure.copy", _lazy("公開請求の写しを取り出した"))
    erasures.add(
        "reports_disclosure.Disclosure",
        Erasure(blank={"lines": [], "asked": "", "extended_for": ""}),
    )
    disposals.add("disclosure", receiving.forget_of)
    menus.add(
        "disclosure",
        Menu(
            label=_lazy("情報公開"),
            url_name="disclosure_desk",
            may_see=lambda user: user.has_role(*Disclosure.READERS),
        ),
    )
