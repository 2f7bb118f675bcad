"""What is bound into the whole of a proposal's case of each municipality's decision."""

from portal.accounts.models import User
from portal.cases.dossier import facts
from portal.cases.models import Case
from portal.cases.ports import Section
from startups.matching.models import Match


def matched(case: Case, _user: User) -> list[Section]:
    rows = Match.objects.filter(case=case).select_related("challenge", "municipality")
    return [_match(row) for row in rows]


def _match(row: Match) -> Section:
    return facts(
        f"マッチング　{row.municipality}",
        ("課題", row.challenge.title),
        ("状態", row.info.label),
        ("面談", row.slot),
        ("場所", row.place),
        ("面談の記録", row.minutes),
        ("担当課の意見", row.get_opinion_display()),
        ("理由", row.reason),
        ("決定した日", row.decided_on),
    )
