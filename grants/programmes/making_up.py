"""The written rule for outages (docs/decisions/0174): whose closing moment moves, and until when."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from portal import clock
from portal.workdays import Workdays


@dataclass(frozen=True, kw_only=True)
class Rule:
    """`before`: the time before a closing moment in which nobody may be kept out; `workdays` after the day
    on which people are told, until `hour`: the least that they are given.
    """

    before: timedelta
    workdays: int
    hour: time


RULE = Rule(before=timedelta(hours=2), workdays=1, hour=time(17))  # planning values


def closings(since: datetime, until: datetime) -> tuple[datetime, datetime]:
    """The first and the last closing moment that an outage touches: people were kept out then, or
    shortly before.
    """
    return since, until + RULE.before


def later_end(
    closes_at: datetime, since: datetime, until: datetime, told_at: datetime, office: Workdays
) -> datetime:
    """As long again as people were kept out, and not before the end of a working day after they hear
    of it.
    """
    day = office.add(clock.day_of(max(until, told_at)), RULE.workdays)
    least = datetime.combine(day, RULE.hour, clock.JST)
    return max(closes_at + (until - since), least)


def said() -> list[str]:
    """For the public, in sentences."""
    hours = RULE.before // timedelta(hours=1)
    return [
        _(
            "締切のとき、または締切の前%(hours)s時間のうちに、障害でこのサイトを使えなかったときは、申し込む方全員の締切を延ばします。"
        )
        % {"hours": hours},
        _(
            "延ばす長さは、使えなかった時間以上です。また、お知らせした日から数えて%(days)s開庁日あとの%(hour)sより前には締め切りません。"
        )
        % {"days": RULE.workdays, "hour": f"{RULE.hour:%H:%M}"},
        _(
            "職員が提案し、別の職員が決めます。理由と新しい締切を公募のページに載せ、下書きのある方にメールでお知らせします。延長のための手続きは要りません。"
        ),
    ]
