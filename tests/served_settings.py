"""The settings of a server process that a test starts: ours, over the test's own database."""

import os

from portal.settings import *  # noqa: F403  every setting of the portal

DATABASES = {"default": DATABASES["default"] | {"NAME": os.environ["SERVED_DATABASE"]}}  # noqa: F405  from the portal's
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
