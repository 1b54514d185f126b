"""纸质审签: the printed 进展情况报送表 comes back signed and stamped; its scan counts as the head's signature.

The form carries a check code over the very rows it shows. A scan is only taken for rows that still read the same.
"""

from collections.abc import Collection

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import EntryState
from programs.models import PaperSignature, ReportingWindow
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.files.storing import store
from qualitycity.sealing.canonical import digest
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.models import Department

from .lines import sign_on_paper
from .sheet import sheet_lines
from .sources import Line

SCAN_TYPES = ("pdf", "jpg", "jpeg", "png")


class WrongCode(IllegalMove):
    """The scan shows another state of the lines than the one that waits for a signature."""


def lines_to_sign(window: ReportingWindow, departments: Collection[int], *, lock: bool = False) -> list[Line]:
    """Lines that were submitted and wait for the head's signature: what the paper form shows."""
    return [
        line for line in sheet_lines(window, departments, lock=lock) if line.row.state == EntryState.SUBMITTED
    ]


def check_code(lines: Collection[Line]) -> str:
    """Eight characters over everything the form shows; printed on it as 核对码."""
    content = [
        [line.key, line.row.version, {name: getattr(line.row, name) for name in line.source.fields}]
        for line in sorted(lines, key=lambda line: line.key)
    ]
    return digest(content)[:8].upper()


def accept_scan(
    *,
    window: ReportingWindow,
    department: Department,
    departments: Collection[int],
    actor: ActorContext,
    upload: UploadedFile,
    signer: str,
    code: str,
) -> PaperSignature:
    """Stores the scan and signs every line the form showed, marked 纸质. All or nothing."""
    if not signer.strip():
        raise IllegalMove(_("Please enter who signed on the paper."))
    with transaction.atomic():
        lines = lines_to_sign(window, departments, lock=True)
        if not lines:
            raise IllegalMove(
                _("No line waits for a signature; submit the lines first, then print the form.")
            )
        for line in lines:
            decision = can(actor, "file_own", line.row)
            if not decision:
                raise NotAllowed(decision.reason, line.row)
        if code.strip().upper() != check_code(lines):
            raise WrongCode(
                _(
                    "The check code does not belong to the lines as they stand now. Print the form again and have it "
                    "signed, or enter the code at its foot."
                )
            )
        stored = store(upload, purpose="paper_signature", actor=actor, allowed=SCAN_TYPES)
        paper = PaperSignature.objects.create(
            window=window,
            department=department,
            file=stored,
            signer=signer.strip(),
            check_code=check_code(lines),
            uploaded_by_id=actor.person_id,
            uploaded_at=timezone.now(),
        )
        sign_on_paper(lines, actor=actor)
        paper.entries.add(*(line.row for line in lines if line.source.name == "task"))
        record(
            subject=window,
            action="paper_signature",
            actor=actor,
            after={
                "unit": str(department),
                "lines": len(lines),
                "signer": paper.signer,
                "code": paper.check_code,
            },
        )
    return paper
