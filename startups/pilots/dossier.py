"""What is bound into the whole of a pilot's case: its terms, its ledger, what came of it."""

from portal.accounts.models import User
from portal.cases.dossier import facts, listed
from portal.cases.models import Case
from portal.cases.ports import Section
from portal.ui.templatetags import ui
from startups.pilots import terms
from startups.pilots.models import Booking, Pilot


def tried(case: Case, user: User) -> list[Section]:
    pilots = Pilot.objects.filter(case=case).select_related("challenge")
    return [section for pilot in pilots for section in _pilot(pilot, user)]


def _pilot(pilot: Pilot, user: User) -> list[Section]:
    bookings = Booking.objects.filter(case=pilot.case).select_related("municipality")
    readings = [
        (
            f"{indicator.name}　{ui.full_day(reading.on)}",
            f"{ui.plain(reading.value)}{indicator.unit}",
        )
        for indicator in pilot.indicators.prefetch_related("readings")
        for reading in indicator.readings.all()
    ]
    return [
        facts(
            "実証",
            ("名称", pilot.title),
            ("課題", pilot.challenge.title),
            ("状態", pilot.info.label),
            ("始まり", pilot.starts_on),
            ("終わり", pilot.ends_on),
            *terms.readable(pilot, user),
            ("協定の日", pilot.agreed_on),
            ("中間の判定", pilot.get_gate_display()),
            ("判定の理由", pilot.gate_text),
            ("結論", pilot.get_verdict_display()),
            ("まとめ", pilot.summary),
            ("学んだこと", pilot.lessons),
            ("中止の理由", pilot.reason),
        ),
        *listed("計測した値", readings),
        *listed(
            "毎月の状況",
            [
                (f"{row.month:%Y-%m}　{row.get_side_display()}", f"{row.went}\n{row.stuck}".strip())
                for row in pilot.statuses.all()
            ],
        ),
        *listed(
            "出来事",
            [
                (
                    f"{ui.full_day(row.happened_on)}　{row.get_grave_display()}",
                    f"{row.text}\n{row.settled}".strip(),
                )
                for row in pilot.incidents.all()
            ],
        ),
        *listed(
            "借りたもの",
            [
                (
                    f"{row.municipality}　{row.what}",
                    f"{row.purpose}　{row.info.label}　{row.answer}",
                )
                for row in bookings
            ],
        ),
        *listed(
            "評価",
            [
                (row.get_side_display(), f"{row.get_mark_display()}　{row.text}")
                for row in pilot.evaluations.all()
            ],
        ),
    ]
