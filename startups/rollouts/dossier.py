"""What is bound into the whole of a roll-out's case: the road to the contract."""

from portal.accounts.models import User
from portal.cases.dossier import facts
from portal.cases.models import Case
from portal.cases.ports import Section
from portal.ui.templatetags import ui
from startups.rollouts.models import Rollout


def rolled_out(case: Case, _user: User) -> list[Section]:
    rows = Rollout.objects.filter(case=case).select_related("municipality")
    return [_rollout(row) for row in rows]


def _rollout(row: Rollout) -> Section:
    contract = ui.in_yen(row.contract_amount) if row.contract_amount else None
    return facts(
        f"本格導入　{row.municipality}",
        ("状態", row.info.label),
        ("担当課", row.department),
        ("調達の方法", row.get_route_display()),
        ("契約の種類", row.get_contract_kind_display()),
        ("使い始めたい日", row.used_on),
        ("予算", ui.in_yen(row.budget) if row.budget else None),
        ("仕様", row.specification),
        ("契約の相手", row.contractor),
        ("契約額", contract),
        ("契約した日", row.contracted_on),
        ("契約の終わり", row.contract_ends_on),
        ("契約を公表した日", row.published_on),
        ("使い始めた日", row.use_began_on),
        ("理由", row.reason),
    )
