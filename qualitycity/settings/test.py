"""The test suite: real PostgreSQL; jobs run by a real worker only where a test starts one."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403

DEBUG = False
SECRET_KEY = "only-for-tests-" + "0" * 50
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "testserver"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = Path(tempfile.gettempdir()) / "qualitycity-test-media"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PORTAL_MAIL_ENABLED = True
AXES_ENABLED = False
CONN_MAX_AGE = 0
