"""The settings of the suite: ours, on the cluster "test", with what would only make tests slow left out."""

import os

from portal import embedded

os.environ.setdefault("EMBEDDED_CLUSTER", "test")
os.environ.setdefault("DEMO", "1")  # the suite's people are the demonstration's, on any database
embedded.resume()

from portal.settings import *  # noqa: E402, F403  every setting of the portal, which asks for a database

# static files straight from their folders: no manifest is built for tests
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES = STORAGES | {"staticfiles": PLAIN}  # noqa: F405
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
PUBLIC_PAGES_SECONDS = 0  # a test looks at what it has just changed
