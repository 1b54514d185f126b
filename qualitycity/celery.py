"""The Celery application. A job only rings: what is to be done stands in the outbox."""

import os

from celery import Celery

from qualitycity import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qualitycity.settings.local")
broker.install()
app = Celery("qualitycity")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(related_name="jobs")
