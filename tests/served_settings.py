"""The settings of a server process that a test starts: ours, over the test's own database."""

import os

from portal.settings import *  # noqa: F403  every setting of the portal

DATABASES = {"default": DATABASES["default"] | {"NAME": os.environ["SERVED_DATABASE"]}}  # noqa: F405  from the portal's
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES = STORAGES | {"staticfiles": PLAIN}  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
PUBLIC_PAGES_SECONDS = 0  # a test looks at what it has just changed
