"""What this room fills in elsewhere."""

from django.utils.translation import gettext_lazy as _lazy

from portal.accounts.keeping import keeps_firms
from portal.accounts.ports import hear_letter, identity_said, record_changed, said_otherwise
from portal.audit.ports import Kept, kept_rows
from portal.firms import claims, factor_letters, records
from portal.ui.ports import Menu, menus


def register() -> None:
    menus.add(
        "firms",
        Menu(
            label=_lazy("事業者の確認"),
            url_name="firm_desk",
            may_see=keeps_firms,
        ),
    )

    identity_said.fill(records.look_at)
    record_changed.fill(records.tell_of_change)
    said_otherwise.fill(records.open_lines)
    hear_letter.fill(factor_letters.hear)
    kept_rows.add("portal_firms.FirmClaim", Kept(goes_on=True))
    kept_rows.add("portal_firms.ProofLetter", Kept(goes_on=True, ended="ended_at"))
    kept_rows.add("portal_firms.Passing", Kept(goes_on=True, ended="closed_at"))
    claims.listen()
