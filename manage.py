#!/usr/bin/env python
"""Django's commands: `python manage.py help`. On a clone with a demonstration they work on that."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from portal import embedded

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    embedded.resume()
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        raise SystemExit(str(fault)) from None
