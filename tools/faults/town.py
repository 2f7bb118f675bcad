"""Where a campaign takes place: the office's people, a programme with an open call, and firms as they
are needed.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from allauth.account.internal.flows.login import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    record_authentication,
)
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest
from django.test import Client

from grants.budget.calls import make_lines
from grants.programmes import loading
from grants.programmes.models import Call, Programme
from portal import clock, fiscal
from portal.accounts.models import Organisation, User
from portal.closures import calendars
from portal.registry import reference
from portal.registry.codes import SAPPORO
from portal.workflow.door import begin, perform
from tools.demonstration import people, senders, simulation

CODE = "telework"  # first come, first served: one case is decided at a time
AMPLE = 5_000_000_000  # yen of the call: a campaign's awards never use it up
_DAY = 86_400
T = TypeVar("T")


@dataclass
class Town:
    sim: simulation.World
    call: Call
    lock: threading.Lock = field(default_factory=threading.Lock)
    sessions: dict[int, str] = field(default_factory=dict)

    def firm(self) -> tuple[Organisation, User]:
        with self.lock:
            self.sim.serial += 1
            return lasting(lambda: simulation.organisation(self.sim, self.call))

    def session(self, person: User) -> str:
        """The cookie of somebody who signed in with both factors; none of a campaign's ends."""
        with self.lock:
            if person.pk not in self.sessions:
                self.sessions[person.pk] = lasting(lambda: _signed_in(person))
            return self.sessions[person.pk]


def lasting(act: Callable[[], T], seconds: float = 90) -> T:
    """The answer of our own database work, however often the database goes away meanwhile."""
    until = time.monotonic() + seconds
    while True:
        try:
            return act()
        except (OperationalError, InterfaceError):
            connection.close()
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def build(seed: int) -> Town:
    with connection.cursor() as cursor:  # of this process alone, until the first fault cuts it
        cursor.execute("SET synchronous_commit = off")
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    for load in (
        reference._areas,
        reference._industries,
        reference._banks,
        reference._holidays,
    ):
        load()
    calendars.renew()
    with clock.at(simulation.at(clock.today() - timedelta(days=40))):
        staff = people.staff()
        people.applicants()
        senders.enter(staff)
        loading.load_programmes(loading.DATA, by=staff["officer"], approved_by=staff["approver"])
    sim = simulation.World(random.Random(seed), staff)  # noqa: S311  no secret
    return Town(sim, _call(staff))


def _call(staff: dict[str, User]) -> Call:
    today = clock.today()
    year = fiscal.fiscal_year(today)
    decision = calendars.office(SAPPORO).next_open(today + timedelta(days=50))
    programme = Programme.objects.get(code=CODE, state="approved")
    call = begin(
        Call,
        by=staff["officer"],
        programme=programme,
        fiscal_year=year,
        round_no=1,
        periods=[
            (
                simulation.at(today - timedelta(days=30), 9),
                simulation.at(today + timedelta(days=20), 17),
            )
        ],
        decision_on=decision,
        project_ends_on=min(decision + timedelta(days=60), fiscal.fiscal_year_end(year)),
    )
    make_lines(call, [(f.key, "yen", AMPLE) for f in programme.stated.frames], by=staff["officer"])
    call = perform(call, "approve", by=staff["approver"])
    return perform(call, "announce", by=staff["officer"])


def _signed_in(person: User) -> str:
    client = Client()
    client.force_login(person)
    request = HttpRequest()
    request.session = client.session
    for method in ("password", "mfa"):
        record_authentication(request, person, method, reauthenticated=True)
    for row in request.session[AUTHENTICATION_METHODS_SESSION_KEY]:
        row["at"] += _DAY
    request.session.set_expiry(30 * _DAY)
    request.session.save()
    return client.cookies["sessionid"].value
