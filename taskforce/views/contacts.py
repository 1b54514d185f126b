"""通讯录: search, and the same rows as an Excel file; the export is journalled, since numbers leave the portal."""

from io import BytesIO
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from qualitycity.access.http import actor_of
from qualitycity.audit.journal import record
from qualitycity.files.spreadsheets import safe_cell
from taskforce.forms.contacts import ContactFilter
from taskforce.models import Jurisdiction
from taskforce.queries import contacts as queries

PER_PAGE = 40
#: Head and width in characters.
COLUMNS = (
    ("区划", 14), ("单位", 30), ("简称", 16), ("单位类别", 14), ("单位电话", 16), ("姓名", 12), ("职务", 18), ("电话", 16),
    ("手机", 16), ("邮箱", 26),
)  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def contact_list(request: HttpRequest) -> HttpResponse:
    form = ContactFilter(request.GET)
    units = queries.units_with_contacts(actor_of(request), **form.chosen())
    page = Paginator(units, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "taskforce/contact_list.html", {"form": form, "page_obj": page})


@require_safe
def contact_export(request: HttpRequest) -> FileResponse:
    """What the address shows, all pages of it; heads are Chinese whatever the language of the screen."""
    actor = actor_of(request)
    chosen = ContactFilter(request.GET).chosen()
    place = Jurisdiction.objects.filter(pk__in=[grant.jurisdiction_id for grant in actor.grants]).first()
    if place is None:
        raise Http404(_("There is no contact book for an account without a role."))
    book = Workbook(write_only=True)
    sheet = book.create_sheet("通讯录")
    for index, (_head, width) in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(index)].width = width
    sheet.freeze_panes = "A2"
    heads = [WriteOnlyCell(sheet, head) for head, _width in COLUMNS]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    count = 0
    with translation.override("zh-hans"):
        for unit in queries.units_with_contacts(actor, **chosen):
            mine = [str(unit.jurisdiction), unit.name, unit.short_name, unit.get_kind_display(), unit.phone]
            for person in unit.people:
                row = [*mine, person.name, person.post, person.phone, person.mobile, person.email]
                sheet.append([safe_cell(value) for value in row])
                count += 1
    record(subject=place, action="export_contacts", actor=actor, after={**chosen, "rows": count}, audience="office")
    file = BytesIO()
    book.save(file)
    file.seek(0)
    response = FileResponse(file, content_type=XLSX)
    name = f"通讯录-{timezone.localdate():%Y%m%d}.xlsx"
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
