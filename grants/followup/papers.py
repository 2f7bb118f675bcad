"""What the papers about the disposal of an asset say."""

from datetime import date

from django.utils.translation import override

from grants.applications.papers import frame, yen
from grants.awards.papers import decided
from grants.followup.forms import DisposalForm
from grants.followup.models import Filing
from portal import fiscal
from portal.notices.citing import NOTHING, Cited


def computed(filing: Filing) -> str:
    """The sum as a letter prints it, a line for each step; in Japanese, whoever decides."""
    with override("ja"):
        return "\n".join(
            f"{line.what}　{line.yen:,}円{f'（{line.how}）' if line.how else ''}"
            for line in filing.lines
        )


def _asked(filing: Filing, cited: Cited) -> list[list[str]]:
    content, asset = filing.content, filing.asset
    ways = {key: str(label) for key, label in DisposalForm.WAYS}
    return [
        *decided(filing.award, cited),
        ["財産の名称", asset.name if asset else ""],
        ["処分の方法", ways[content["way"]]],
        ["処分する日", fiscal.era(date.fromisoformat(content["on"]))],
    ]


def approved_facts(
    filing: Filing, *, cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    return frame(
        filing.award.application,
        about="で取得した財産の処分の承認",
        decides=True,
        title="財産処分承認通知書",
        body=f"{filing.award.stated.under('disposal')}、申請のあった財産の処分を次のとおり承認しましたので、通知します。",
        body_en="We approve the disposal of the asset as follows.",
        items=[
            *_asked(filing, cited),
            ["納付を求める額", yen(filing.refund)],
            ["額の計算", computed(filing)],
        ],
        small="納付を求める額があるときは、別に返還命令書をお送りします。" if filing.refund else "",
    )


def denied_facts(
    filing: Filing, *, reason: str = "", cited: Cited = NOTHING, **_given: object
) -> dict[str, object]:
    return frame(
        filing.award.application,
        about="で取得した財産の処分の不承認",
        decides=True,
        title="財産処分不承認通知書",
        body=f"{filing.award.stated.under('disposal')}、申請のあった財産の処分は、次の理由により承認しませんので、通知します。",
        body_en="We do not approve the disposal of the asset, for the reason below.",
        items=[*_asked(filing, cited), ["承認しない理由", reason]],
    )
