"""The lease of a message: one setting, longer than the longest job."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.db.models import F
from django.db.models.functions import Now

from qualitycity.outbox import enqueue, handler, jobs
from qualitycity.outbox.claims import claim, lease
from qualitycity.outbox.models import Message


def complaints() -> list[str]:
    return [message.id for message in run_checks() if message.id and message.id.startswith("outbox.")]


def test_the_portals_own_settings_are_sound(settings):
    assert settings.OUTBOX_LEASE_SECONDS == 600
    assert complaints() == []


def test_a_turn_of_one_queue_leaves_time_for_the_rings_of_the_others(settings):
    """Otherwise a mailing of some minutes lets every other ring expire unheard."""
    rings = [entry for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == "outbox.drain"]
    assert len(rings) == 4
    assert all(jobs.BUDGET * 3 <= entry["schedule"] <= entry["options"]["expires"] for entry in rings)


@pytest.mark.parametrize(("seconds", "told"), [(119, True), (120, True), (121, False)])
def test_a_lease_no_longer_than_the_longest_job_is_refused(settings, seconds, told):
    settings.OUTBOX_LEASE_SECONDS, settings.CELERY_TASK_TIME_LIMIT = seconds, 120
    assert complaints() == (["outbox.E001"] if told else [])


@pytest.mark.django_db(transaction=True)
def test_a_claimed_message_is_held_for_as_long_as_the_setting_says(settings):
    settings.OUTBOX_LEASE_SECONDS = 7
    handler("remind")(lambda message: None)
    enqueue("remind", key="1")
    assert claim("default", "worker") is not None
    left = Message.objects.annotate(left=F("leased_until") - Now()).values_list("left", flat=True).get()
    assert timedelta(seconds=5) < left <= lease() == timedelta(seconds=7)
