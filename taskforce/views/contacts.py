"""通讯录: search, and the same rows as Excel or CSV; the export is journalled, since numbers leave the portal."""

from typing import Any

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from qualitycity.access.http import actor_of
from qualitycity.audit.journal import record
from qualitycity.files.spreadsheets import csv_response, xlsx_response
from taskforce.forms.contacts import ContactFilter
from taskforce.models import Jurisdiction
from taskforce.queries import contacts as queries

PER_PAGE = 40
#: Head and width in characters.
COLUMNS = (
    ("区划", 14), ("单位", 30), ("简称", 16), ("单位类别", 14), ("单位电话", 16), ("姓名", 12), ("职务", 18), ("电话", 16),
    ("手机", 16), ("邮箱", 26), ("别称", 20), ("单位代码", 16),
)  # fmt: skip

NOBODY = ("", "", "", "", "")


@require_safe
def contact_list(request: HttpRequest) -> HttpResponse:
    form = ContactFilter(request.GET)
    units = queries.units_with_contacts(actor_of(request), **form.chosen())
    page = Paginator(units, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "taskforce/contact_list.html", {"form": form, "page_obj": page})


@require_safe
def contact_export(request: HttpRequest) -> FileResponse:
    """What the address shows, all pages of it, as Excel."""
    rows = _taken_out(request, "xlsx")
    note = f"截至{timezone.localtime():%Y-%m-%d %H:%M}，共{_people(rows)}人"
    return xlsx_response(_name(), COLUMNS, rows, title="通讯录", note=note)


@require_safe
def contact_csv(request: HttpRequest) -> StreamingHttpResponse:
    return csv_response(_name(), [head for head, _width in COLUMNS], _taken_out(request, "csv"))


def _taken_out(request: HttpRequest, kind: str) -> list[list[Any]]:
    """One row per person, and one for a unit without people; heads and kinds are Chinese whatever the language of the
    screen. The file can be brought in again (`people_import`)."""
    actor = actor_of(request)
    chosen = ContactFilter(request.GET).chosen()
    place = Jurisdiction.objects.filter(pk__in=[grant.jurisdiction_id for grant in actor.grants]).first()
    if place is None:
        raise Http404(_("There is no contact book for an account without a role."))
    rows = []
    with translation.override("zh-hans"):
        for unit in queries.units_with_contacts(actor, **chosen):
            mine = [str(unit.jurisdiction), unit.name, unit.short_name, unit.get_kind_display(), unit.phone]
            last = ["、".join(unit.all_aliases), unit.code]
            people = [[row.name, row.post, row.phone, row.mobile, row.email] for row in unit.people]
            rows += [[*mine, *person, *last] for person in people or [NOBODY]]
    after = {**chosen, "format": kind, "rows": _people(rows)}
    record(subject=place, action="export_contacts", actor=actor, after=after, audience="office")
    return rows


def _people(rows: list[list[Any]]) -> int:
    return sum(row[5] != "" for row in rows)


def _name() -> str:
    return f"通讯录-{timezone.localdate():%Y%m%d}"
