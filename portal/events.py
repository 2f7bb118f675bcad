"""What an operator reads in the log: one line for each act that was refused, failed, was tried again
or changes who may do what, named by the table below.

A line says what, by whom (the user's number), on which row (its model and number) and with which
code. Names, addresses, files and whatever somebody typed have no way in: a text that is no code is
written as "?".
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum
from typing import TYPE_CHECKING

from portal import counting

if TYPE_CHECKING:
    from django.db.models import Model

_log = logging.getLogger(__name__)
_unsaid: ContextVar[bool] = ContextVar("unsaid", default=False)
_CODE = re.compile(r"[\w.:/<>^$()?+*\\|\[\]-]{0,160}", re.ASCII)


class Event(Enum):
    """Name, level and meaning of each line; docs/deployment.md lists them."""

    # a request that did not get what it asked for
    REQUEST_UNREADABLE = ("request.unreadable", "WARNING", "400: nothing a browser of ours sends")
    REQUEST_SLOW = ("request.slow", "INFO", "408: it did not come whole in its time")
    LINE_FULL = (
        "line.full",
        "WARNING",
        "503: no room for another request in the process, or a page waits outside",
    )
    INPUT_REFUSED = ("input.refused", "ERROR", "a value passed its form and no column holds it")
    PERMISSION_DENIED = ("permission.denied", "WARNING", "403: signed in, and without the right")
    CSRF_REFUSED = ("csrf.refused", "WARNING", "403: a form without the mark of a page of ours")
    PAGE_HIDDEN = ("page.hidden", "INFO", "404 at an address of ours: no such row, or not theirs")
    PAGE_STALE = ("page.stale", "INFO", "409: somebody else was quicker")
    FORM_REFUSED = ("form.refused", "INFO", "422: a form came back with what is wrong in it")
    RATE_LIMITED = ("rate.limited", "WARNING", "429: a person or an address asked too often")
    REQUEST_FAILED = (
        "request.failed",
        "ERROR",
        "500: a fault of ours; its trace carries the same id",
    )
    SERVICE_AWAY = ("service.away", "ERROR", "503: database or storage did not answer")
    CLOSED_FOR_WORK = ("closed.for.work", "INFO", "503: the portal is closed for maintenance")
    WORK_TAKEN = ("work.taken", "WARNING", "503: another costly work was under way in the process")
    ARRIVAL_UNUSABLE = ("arrival.unusable", "WARNING", "the proxy's moment is far from our clock")
    # acts
    TRANSITION_REFUSED = ("transition.refused", "INFO", "the door did not open: right, state, duty")
    ACT_RECORDED = (
        "act.recorded",
        "INFO",
        "an act was written to the record (roles, approvals, …)",
    )
    DATA_READ = ("data.read", "INFO", "secret data was read, or data taken out in bulk")
    DAY_SEALED = ("day.sealed", "INFO", "the seal of a day: a copy outside the database")
    RECORDS_ERASED = ("records.erased", "INFO", "records whose time is over were emptied")
    # who comes in
    SIGNED_IN = ("sign_in.done", "INFO", "somebody signed in")
    SIGN_IN_FAILED = ("sign_in.failed", "WARNING", "wrong password, or wrong second factor")
    PROVIDER_FAILED = ("sign_in.provider_failed", "WARNING", "the provider of sign-ins said no")
    PROOF_NOT_BELIEVED = (
        "sign_in.proof_not_believed",
        "ERROR",
        "what came in the provider's name did not hold: signature, key, issuer, audience, time, nonce, person",
    )
    SESSION_ENDED = (
        "session.ended",
        "INFO",
        "somebody was away too long, or signed in too long ago",
    )
    ACCOUNT_MADE = ("account.made", "INFO", "somebody signed up")
    PASSWORD_CHANGED = ("password.changed", "INFO", "by its owner, signed in")
    PASSWORD_RESET = ("password.reset", "WARNING", "by a key sent by mail")
    SECOND_FACTOR_ADDED = ("second_factor.added", "INFO", "a code generator or passkey")
    SECOND_FACTOR_REMOVED = ("second_factor.removed", "WARNING", "a code generator or passkey")
    SECOND_FACTOR_RESET = ("second_factor.reset", "WARNING", "new recovery codes were made")
    # files
    UPLOAD_REFUSED = ("upload.refused", "INFO", "a file the portal does not take")
    UPLOAD_INFECTED = ("upload.infected", "WARNING", "the scanner found a virus")
    CHECK_STOPPED = (
        "check.stopped",
        "WARNING",
        "a file took more time or memory than looking into it may",
    )
    CHECK_FAILED = ("check.failed", "ERROR", "looking into a file failed in a way nobody foresaw")
    FILES_WAITING = (
        "files.waiting",
        "ERROR",
        "files wait long to be looked into: is there a worker on their queue?",
    )
    PAPER_UNDRAWN = ("paper.undrawn", "ERROR", "a paper could not be drawn; a job tries it again")
    PAGES_UNDRAWN = ("pages.undrawn", "WARNING", "pages of a file could not be drawn")
    SCANNER_AWAY = ("scanner.away", "ERROR", "clamd gave no answer; the file waits for a scan")
    STORAGE_AWAY = ("storage.away", "ERROR", "the document storage failed, hung or is overrun")
    OBJECT_MISSING = ("object.missing", "ERROR", "a stored file is gone; run reconcile_documents")
    INCOMING_KEPT = ("incoming.kept", "WARNING", "what was taken in could not be removed yet")
    ARCHIVE_INCOMPLETE = ("archive.incomplete", "ERROR", "a file is left out of a case's ZIP")
    # mail and jobs
    MAIL_FAILED = ("mail.failed", "WARNING", "the mail server did not take a mail")
    MAIL_UNREACHED = ("mail.unreached", "WARNING", "a mail came back: its address fails")
    MAILBOX_AWAY = ("mailbox.away", "ERROR", "the mailbox of mails that come back gave no answer")
    MAILBOX_SKIPPED = (
        "mailbox.skipped",
        "WARNING",
        "a mail that came back could not be read, and was removed",
    )
    JOB_QUEUED = ("job.queued", "INFO", "its number is the id of the lines it will write: job-…")
    JOB_RETRIED = ("job.retried", "WARNING", "a job failed and will be tried again")
    JOB_FAILED = ("job.failed", "ERROR", "a job failed for good, with its trace")
    WORKER_RESTARTED = ("worker.restarted", "ERROR", "the worker ended and is started again")
    # the machine room
    HEALTH_RED = ("health.red", "WARNING", "503 of a page of health: one of its probes is red")
    PROBE_FAILED = ("probe.failed", "ERROR", "a probe of health could not be asked, with its trace")
    COMMAND_DONE = ("command.done", "INFO", "a command of manage.py came to its end")
    COMMAND_FAILED = ("command.failed", "ERROR", "a command of manage.py failed")

    def __init__(self, title: str, level: str, meaning: str) -> None:
        self.title = title
        self.level = logging.getLevelNamesMapping()[level]
        self.meaning = meaning


for _event in Event:
    counting.expect(_event.title)


@contextmanager
def unsaid() -> Iterator[None]:
    """No line is written inside the block: nobody has done, or was refused, what happens in it."""
    token = _unsaid.set(True)
    try:
        yield
    finally:
        _unsaid.reset(token)


def log(
    event: Event,
    *,
    user: int | None = None,
    of: Model | str = "",
    fault: bool = False,
    **codes: str | int,
) -> None:
    """Write one line. `user`: who did it, by number; `of`: the row it is about, or its subject key;
    `fault`: with the trace of the exception at hand; `codes`: words and numbers of ours.
    """
    if _unsaid.get():
        return
    counting.event(event.title)
    if not _log.isEnabledFor(event.level):
        return
    row = of if isinstance(of, str) else f"{of._meta.model_name}:{of.pk}"
    said = {"user": user, "of": row or None, **codes}
    facts = {name: _code(value) for name, value in said.items() if value not in (None, "")}
    _log.log(
        event.level, event.title, exc_info=fault, extra={"facts": {"event": event.title} | facts}
    )


def _code(value: object) -> str | int:
    if isinstance(value, int):
        return value
    return value if isinstance(value, str) and _CODE.fullmatch(value) else "?"
