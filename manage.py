#!/usr/bin/env python
"""Django's commands: `python manage.py help`. On a clone with a demonstration they work on that."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from portal import embedded, events
from portal.events import Event


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    embedded.resume()
    command = next(iter(sys.argv[1:]), "")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        raise SystemExit(str(fault)) from None
    except BaseException as error:
        if not isinstance(error, SystemExit) or error.code:
            events.log(Event.COMMAND_FAILED, command=command, code=type(error).__name__)
        raise
    events.log(Event.COMMAND_DONE, command=command)


if __name__ == "__main__":
    main()
