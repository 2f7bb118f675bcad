"""貸し出し: a site, data or equipment that the city lends to a pilot;
the city's own duty, with its clock.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from portal import clock
from portal.accounts.permissions import Applicant, Scope, office
from portal.cases.models import Case
from portal.closures import calendars
from portal.days import day_said
from portal.registry.models import Municipality
from portal.workflow.errors import NotReady
from portal.workflow.graph import (
    UNBORN,
    LifeCycle,
    Requirement,
    state_check,
    state_field,
    transition,
)
from startups.pilots import outgoing
from startups.pilots.states import LIVE_BOOKINGS, TAKEN_BOOKINGS, BookingState, PilotState

OWNER = office("challenge_owner")
ANSWER_DAYS = 5  # business days in which a municipality answers


def _taken(booking: "Booking") -> list[str]:
    """Why it cannot be promised: the same thing of the municipality is promised to another for a
    day of the span.
    """
    if booking.kind == "data":  # data may be given to many
        return []
    if not booking.is_compared:
        find_clashes([booking])
    if booking.clash is None:
        return []
    return [
        _("「%(what)s」は、%(start)sから%(end)sまで、ほかの予定が入っています。")
        % {
            "what": booking.what,
            "start": day_said(booking.clash.starts_on),
            "end": day_said(booking.clash.ends_on),
        }
    ]


def find_clashes(bookings: "list[Booking]") -> None:
    """Let each booking that is asked for know the promised one that it would meet,
    in one query for all.
    """
    asked = [row for row in bookings if row.state == BookingState.ASKED]
    wanted = {row.what for row in asked}
    rows = list(Booking.objects.filter(what__in=wanted, state__in=TAKEN_BOOKINGS)) if wanted else []
    for row in asked:
        row.clash = next((other for other in rows if other.meets(row)), None)
        row.is_compared = True


class Booking(LifeCycle):
    """One thing asked of one municipality for a span of days."""

    lock_rank = 84
    STATES = BookingState
    OUTGOING = outgoing.BOOKING
    office_role = "challenge_owner"
    LIVE = LIVE_BOOKINGS
    KINDS = [
        ("site", _lazy("場所")),
        ("data", _lazy("データ")),
        ("equipment", _lazy("機器・設備")),
        ("people", _lazy("職員の立会い")),
    ]

    case = models.ForeignKey(Case, models.PROTECT, related_name="bookings")
    municipality = models.ForeignKey(Municipality, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=KINDS)
    what = models.CharField(max_length=80)
    purpose = models.CharField(max_length=300)
    starts_on = models.DateField()
    ends_on = models.DateField()
    answer_by = models.DateField()
    answer = models.CharField(max_length=300, blank=True)  # conditions, or why not
    state = state_field()
    # as `find_clashes` found it
    clash: "Booking | None" = None
    is_compared = False

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            state_check(BookingState, "pilots_booking_state"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="pilots_booking_span"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case} {self.what}"

    def get_absolute_url(self) -> str:
        return f"{self.case.get_absolute_url()}#bookings"

    @property
    def is_asked(self) -> bool:
        return self.state == BookingState.ASKED

    @property
    def own_scope(self) -> Scope:
        """It is the duty of the municipality asked."""
        return Scope(self.case.programme_code, [self.municipality_id], self.case.assigned_to_id)

    def meets(self, other: "Booking") -> bool:
        """The same thing of the same municipality on a day of both."""
        same = (self.municipality_id, self.what) == (
            other.municipality_id,
            other.what,
        ) and self.pk != other.pk
        return same and self.starts_on <= other.ends_on and other.starts_on <= self.ends_on

    @property
    def is_late(self) -> bool:
        """Promised for a day that has come, and not handed over."""
        return self.state == BookingState.PROMISED and self.starts_on < clock.today()

    @transition(
        source=UNBORN,
        target=BookingState.ASKED,
        label=_lazy("場所・データ・機器を頼む"),
        done=_lazy("場所・データ・機器を頼みました"),
        internal=True,
        permission=Applicant(),
        locks=lambda _obj, given: [given["case"]],
    )
    def begin(
        self,
        *,
        case: Case,
        municipality: Municipality,
        kind: str,
        what: str,
        purpose: str,
        starts_on: date,
        ends_on: date,
        **_given: object,
    ) -> None:
        """Raises NotReady unless the pilot is agreed or running,
        or for a municipality that is not its partner.
        """
        state = Case.objects.values_list("state", flat=True).get(
            pk=case.pk
        )  # as it is now, under the lock
        if (
            state not in (PilotState.AGREED, PilotState.RUNNING)
            or municipality.pk not in case.municipality_codes
        ):
            raise NotReady(_("協定を結んだ市町村にだけ、実証のあいだ頼めます。"))
        self.case, self.municipality, self.kind, self.what, self.purpose = (
            case,
            municipality,
            kind,
            what,
            purpose,
        )
        self.starts_on, self.ends_on = starts_on, ends_on
        self.answer_by = min(
            calendars.office(municipality.pk).add(clock.today(), ANSWER_DAYS),
            max(starts_on, clock.today()),
        )

    @transition(
        source=BookingState.ASKED,
        target=BookingState.PROMISED,
        label=_lazy("約束する"),
        done=_lazy("貸し出しを約束しました"),
        permission=OWNER,
        form="booking_answer",
        tone="solid",
        requirements=(Requirement("free", _taken),),
    )
    def promise(self, *, answer: str, **_given: object) -> None:
        self.answer = answer

    @transition(
        source=(BookingState.ASKED, BookingState.PROMISED),
        target=BookingState.REFUSED,
        label=_lazy("断る"),
        done=_lazy("貸し出しを断りました"),
        permission=OWNER,
        reason="required",
        tone="danger",
    )
    def refuse(self, *, reason: str, **_given: object) -> None:
        self.answer = reason[:300]

    @transition(
        source=BookingState.PROMISED,
        target=BookingState.LENT,
        label=_lazy("引き渡した"),
        done=_lazy("引き渡しました"),
        permission=OWNER,
        tone="solid",
    )
    def lend(self, **_given: object) -> None:
        pass

    @transition(
        source=BookingState.LENT,
        target=BookingState.RETURNED,
        label=_lazy("終わりにする"),
        done=_lazy("貸し出しが終わりました"),
        permission=OWNER,
    )
    def take_back(self, **_given: object) -> None:
        pass

    @transition(
        source=(BookingState.ASKED, BookingState.PROMISED),
        target=BookingState.CANCELLED,
        label=_lazy("取りやめる"),
        done=_lazy("依頼を取りやめました"),
        permission=Applicant(),
    )
    def cancel(self, **_given: object) -> None:
        pass
