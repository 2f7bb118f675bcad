"""What this room fills in elsewhere."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.ports import roles_changed
from portal.audit.ports import ENDED, kept_rows
from portal.cases.ports import (
    Erasure,
    KeptDay,
    closed_matters,
    disposals,
    erasures,
    joint_turns,
    keeping_rules,
    kept_days,
    loaders,
    page_names,
    reading_words,
    turn_pages,
    turn_sources,
)
from portal.ui.ports import Menu, menus
from portal.workflow.ports import transition_forms
from reports.disclosure import access, forms, receiving, retention, turns
from reports.disclosure.models import Disclosure

NAMED = [
    ("case_disclosures", _lazy("公開請求への対応")),
]


def register() -> None:
    for page, label in NAMED:
        page_names.add(page, label)
    kept_rows.add("reports_disclosure.GroundTable", ENDED)
    kept_days.add(
        "disclosures",
        KeptDay(rows=Disclosure.objects.live, field="due_on"),
    )
    roles_changed.add("disclosures", turns.roles_changed)
    keeping_rules.add("disclosures", retention.keep_until)
    turn_sources.add("disclosures", turns.SOURCE)
    for what, role in turns.JOINT.items():
        joint_turns.add(what, role)
    closed_matters.add("disclosures", (("disclosure",), Disclosure.READERS))
    turn_pages.add("disclosure", lambda pk: reverse("disclosure", args=[pk]))
    loaders.add("disclosure", access.disclosure_for)
    transition_forms.add("disclosure_extension", forms.ExtensionForm)
    reading_words.add("disclosure", _lazy("公開請求の案を開いた"))
    reading_words.add("disclosure.copy", _lazy("公開請求の写しを取り出した"))
    erasures.add(
        "reports_disclosure.Disclosure",
        Erasure(
            blank={
                "lines": [],
                "proposed": {},
                "lifted": [],
                "files": [],
                "left_out": {},
                "undecided": [],
                "asked": "",
                "extended_for": "",
            }
        ),
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
