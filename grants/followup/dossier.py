"""What is bound into the whole of a case of what follows its award: filings and assets."""

from grants.followup import answers
from grants.followup.models import Asset, Filing
from portal.accounts.models import User
from portal.cases.dossier import facts, listed
from portal.cases.models import Case
from portal.cases.ports import Section
from portal.ui.templatetags import ui


def followed(case: Case, _user: User) -> list[Section]:
    filings = Filing.objects.filter(case=case).exclude(content={}).select_related("asset", "award")
    assets = Asset.objects.filter(award__case=case)
    return [
        *[_filing(filing) for filing in filings],
        *listed("取得財産", [(asset.name, _asset(asset)) for asset in assets]),
    ]


def _filing(filing: Filing) -> Section:
    return facts(
        filing.title,
        ("状態", filing.info.label),
        ("提出", filing.submitted_at),
        *answers.submitted(filing),
        ("補正の理由", filing.return_reason),
    )


def _asset(asset: Asset) -> str:
    told = [
        asset.model,
        f"{asset.quantity}点　{ui.in_yen(asset.cost)}（税抜）",
        f"{ui.full_day(asset.acquired_on)}取得　耐用年数{asset.life_years}年",
        asset.place,
        f"{ui.full_day(asset.disposed_on)}処分" if asset.disposed_on else "",
        asset.note,
    ]
    return "\n".join(line for line in told if line)
