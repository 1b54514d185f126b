"""Handing a file out. The caller has asked permission; here it is made sure that nothing in it runs."""

import logging
from typing import Final

from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from .models import StoredFile

logger = logging.getLogger(__name__)

#: Even opened in a browser tab, the file gets no scripts, no forms, no network, and no origin of ours.
_POLICY: Final = "sandbox; default-src 'none'"


def serve(stored: StoredFile) -> FileResponse:
    """The file as a download under its original name. Raises ``Http404`` when the disk has lost it."""
    try:
        content = stored.open()
    except FileNotFoundError:
        logger.error("file %s (%s) is missing from the disk", stored.pk, stored.storage_name)
        raise Http404(_("The file is no longer in the archive. Please tell the office.")) from None
    response = FileResponse(
        content, as_attachment=True, filename=stored.original_name, content_type=stored.content_type
    )
    response["Content-Security-Policy"] = _POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
