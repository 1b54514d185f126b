from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count

from qualitycity.outbox.choices import NEEDS_PERSON
from qualitycity.outbox.health import snapshot
from qualitycity.outbox.models import Message


class Command(BaseCommand):
    help = "Shows how many outbox messages stand where, and every one that waits for a person."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=50, help="at most so many stopped messages (50)")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = (
            Message.objects.order_by("queue", "state").values_list("queue", "state").annotate(n=Count("pk"))
        )
        for queue, state, count in counts:
            self.stdout.write(f"{queue:<10}{state:<10}{count:>8}")
        health = snapshot()
        age = health["last_heartbeat_age"]
        heartbeat = "never" if age is None else f"{age:.0f} s ago"
        self.stdout.write(
            f"oldest waiting: {health['oldest_pending_seconds']:.0f} s; last heartbeat: {heartbeat}"
        )
        stopped = Message.objects.filter(state__in=NEEDS_PERSON).order_by("id")
        for message in stopped[: options["limit"]]:
            first_line = message.last_error.splitlines()[0] if message.last_error else ""
            self.stdout.write(
                f"#{message.pk} {message.state} {message} attempts={message.attempts} "
                f"{message.finished_at:%Y-%m-%d %H:%M} {first_line}"
            )
