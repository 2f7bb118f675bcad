"""The WSGI entry of web servers.

They run no system checks: those that say whether the rooms hang together are run here.
"""

import os

from django.core.management.base import BaseCommand
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
application = get_wsgi_application()
BaseCommand().check(tags=["house"])
