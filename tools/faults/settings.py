"""The settings of the processes under test, and of who asks them: the portal's, with a clock that can be
moved, a job that kills its worker, and passwords and static files that cost nothing.
"""

import os
from pathlib import Path

from portal.settings import *  # noqa: F403  every setting of the portal
from tools.faults import jumping

jumping.begin(Path(os.environ["FAULTS_CLOCK"]))

INSTALLED_APPS = [*INSTALLED_APPS, "tools.faults"]  # noqa: F405  from the portal's
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES = STORAGES | {"staticfiles": PLAIN}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
