from celery import shared_task

from .sweeping import sweep


@shared_task(name="files.sweep")
def sweep_files() -> None:
    """Remove what rolled back uploads have left on the disk."""
    sweep()
