"""文件导入 in the fictional city: a document that came last week waits to be confirmed by whoever tries the portal."""

from django.conf import settings
from django.core.files.base import ContentFile

from programs.domain.importing import drafts

from .stage import Stage

DOCUMENT = settings.BASE_DIR / "fixtures" / "sample" / "documents" / "service-quality.txt"
CLERK, NAME = "clerk1", "服务质量提升专项行动方案.txt"


def bring_in(stage: Stage) -> None:
    """Uploaded as the last thing before the present; the worker reads it."""
    drafts.open_draft(
        actor=stage.actor(CLERK),
        jurisdiction=stage.programme.jurisdiction,
        upload=ContentFile(DOCUMENT.read_bytes(), name=NAME),
    )
