"""What this room fills in elsewhere."""

from django.core.checks import Tags
from django.core.checks import register as register_check
from django.utils.translation import gettext_lazy as _lazy

from portal.accounts import checks_at_start, duty_exceptions, own_data, proving, roles, sign_ins
from portal.accounts.ports import OwnTable, own_tables
from portal.audit.ports import ENDED, Kept, faults, kept_rows
from portal.ui.ports import Menu, menus
from portal.workflow.ports import Sealed, duties_excepted, excepted_places, sealed_columns


def register() -> None:
    for check in (checks_at_start.keys_are_strong, checks_at_start.keys_differ):
        register_check(check, Tags.security, deploy=True)
    menus.add(
        "roles",
        Menu(
            label=_lazy("職員と役割"),
            url_name="role_list",
            may_see=lambda user: user.has_role("administrator"),
        ),
    )
    menus.add(
        "duty_exceptions",
        Menu(
            label=_lazy("職務の分離の例外"),
            url_name="duty_exceptions",
            may_see=lambda user: user.has_role("auditor"),
        ),
    )

    kept_rows.add(
        "portal_accounts.RoleProposal", Kept(changes=("closed_by_id", "closed_at", "granted_id"))
    )
    kept_rows.add("portal_accounts.StaffRole", Kept(goes_on=True))
    kept_rows.add("portal_accounts.RoleEnd", Kept())
    faults.add("roles", roles.first_fault)
    kept_rows.add("portal_accounts.Absence", Kept(goes_on=True))
    kept_rows.add("portal_accounts.Deputy", Kept(goes_on=True))
    kept_rows.add("portal_accounts.FactorRemoval", ENDED)
    kept_rows.add("portal_accounts.DutyException", Kept(goes_on=True))
    sealed_columns.add("mfa.Authenticator", Sealed(column="data", names=("secret", "seed")))
    _own_tables()
    duties_excepted.fill(duty_exceptions.excepted)
    excepted_places.fill(duty_exceptions.places)
    sign_ins.listen()
    proving.listen()


def _own_tables() -> None:
    own_tables.add(
        "account",
        OwnTable(label=_lazy("登録"), head=(_lazy("項目"), _lazy("内容")), rows=own_data.account),
    )
    own_tables.add(
        "firms",
        OwnTable(
            label=_lazy("事業者との関わり"),
            head=(_lazy("事業者"), _lazy("立場"), _lazy("いつから"), _lazy("いつまで")),
            rows=own_data.firms,
        ),
    )
    own_tables.add(
        "roles",
        OwnTable(
            label=_lazy("職員としての役割"),
            head=(_lazy("役割"), _lazy("いつから"), _lazy("いつまで")),
            rows=own_data.roles,
        ),
    )
    own_tables.add(
        "sign_ins",
        OwnTable(
            label=_lazy("ログインの記録"),
            head=(_lazy("日時"), _lazy("結果"), _lazy("方法"), _lazy("場所（ネットワーク）")),
            rows=own_data.sign_ins,
        ),
    )
