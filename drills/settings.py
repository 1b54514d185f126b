"""Settings of a drill's processes: those of `make run`, a moved clock, and shorter waits."""

import os

from drills import clock

os.environ.setdefault("DJANGO_SECRET_KEY", "only-for-drills-" + "0" * 50)

from qualitycity.settings.local import *  # noqa: E402, F403
from qualitycity.settings.local import CELERY_BEAT_SCHEDULE, DATABASES, env  # noqa: E402

clock.join()

# a drill makes a database of its own beside the one it is given the address of, and drops it
DATABASES["default"]["TEST"] = {"NAME": f"drill_{os.getpid()}"}
# ten minutes after each of fifty crashes would be a day; what is sent in a drill takes less than a second
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", default=8)
SILENCED_SYSTEM_CHECKS = ["outbox.E001"]
# production rings every fifteen seconds; a short drill rings more often
_every = env.float("DRILL_RINGS", default=15.0)
for _entry in CELERY_BEAT_SCHEDULE.values():
    if _entry["task"] == "outbox.drain":
        _entry["schedule"] = _every
# beside the hourly scan: beats that ask for one every so many seconds
_scans = env.float("DRILL_SCANS", default=0.0)
if _scans:
    CELERY_BEAT_SCHEDULE["reminders-often"] = {
        "task": "programs.scan_reminders",
        "schedule": _scans,
        "options": {"expires": 60},
    }

# no collected files are needed to see whether a page answers
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
