"""Every line of the log: when, and where it goes."""

import json
import re
from datetime import datetime, timedelta

from django.conf import settings

from portal import events
from portal.events import Event
from tests.lines import Lines, only


def test_a_line_says_when_with_its_offset(lines: Lines) -> None:
    events.log(Event.SIGNED_IN, user=1)
    said = datetime.fromisoformat(str(only(lines, Event.SIGNED_IN)["at"]))
    assert said.utcoffset() is not None
    assert abs(datetime.now(said.tzinfo) - said) < timedelta(minutes=1)


def test_the_log_goes_to_one_place() -> None:
    where = json.dumps(settings.LOGGING)
    assert re.findall(r'"class": "([^"]+)"', where) == ["logging.StreamHandler"]
    assert where.count('"handlers": [') == 1  # the root's
