"""What is bound into the whole of a case of a course: each person's seat."""

from grants.seats.models import Enrolment
from portal.accounts.models import User
from portal.cases.dossier import listed
from portal.cases.models import Case
from portal.cases.ports import Section
from portal.ui.templatetags import ui


def enrolled(case: Case, _user: User) -> list[Section]:
    rows = Enrolment.objects.filter(case=case).prefetch_related("sessions")
    return listed("受講", [(row.name, _seat(row)) for row in rows])


def _seat(row: Enrolment) -> str:
    done = f"　{ui.full_day(row.completed_on)}修了" if row.completed_on else ""
    return f"{row.work}　{row.info.label}　出席{row.attended}回{done}"
