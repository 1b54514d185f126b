from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from qualitycity.outbox.messages import NotRetryable, retry
from qualitycity.outbox.models import Message


class Command(BaseCommand):
    help = (
        "Puts a parked or doubtful outbox message back in its queue. Written to the journal with the reason."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, help="number shown by outbox_status")
        parser.add_argument("--reason", required=True, help="why it is right to try again")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            message = retry(Message.objects.get(pk=options["id"]), actor=None, reason=options["reason"])
        except Message.DoesNotExist:
            raise CommandError(f"There is no outbox message {options['id']}.") from None
        except (NotRetryable, ValueError) as error:
            raise CommandError(f"Not put back: {error}.") from error
        self.stdout.write(f"#{message.pk} waits in queue {message.queue} again.")
