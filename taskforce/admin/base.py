"""Who opens which drawer: the roles that read and edit registers."""

from qualitycity.workflow.admin import PortalAdmin, ReadOnlyAdmin
from taskforce.choices import Role

OFFICE = frozenset({Role.OFFICE_ADMIN, Role.OFFICE_CLERK})
READERS = OFFICE | {Role.AUDITOR}


class OfficeRegister(PortalAdmin):
    """Kept by the office, read by the auditor."""

    readers = READERS
    editors = OFFICE


class OfficeRecord(ReadOnlyAdmin):
    """Written by the work itself; office and auditor look things up."""

    readers = READERS
