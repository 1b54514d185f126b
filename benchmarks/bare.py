"""What a page costs with nothing of ours in it: session, sign-in, one query of fifty rows, one flat template; and what a
stream of comma-separated rows costs with nothing but the rows.
"""

import csv

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template import engines
from django.urls import include, path

from programs.models import Task
from programs.queries.task_export import exported_tasks
from qualitycity.access.http import actor_of

TEMPLATE = """<!doctype html><title>{{ user }}</title><table>{% for task in tasks %}<tr><td>{{ task.number }}</td>
<td>{{ task.title }}</td><td>{{ task.requirement }}</td><td>{{ task.nature }}</td><td>{{ task.state }}</td>
<td>{{ task.due_on }}</td><td>{{ task.original_due }}</td><td>{{ task.section_id }}</td><td>{{ task.pk }}</td></tr>
{% endfor %}</table>"""


class _Echo:
    def write(self, line: str) -> str:
        return line


def bare(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string(TEMPLATE)
    return HttpResponse(
        template.render({"user": request.user, "tasks": Task.objects.order_by("pk")[:50]}, request)
    )


def bare_stream(request: HttpRequest) -> StreamingHttpResponse:
    """The rows of the export of all tasks, read and written in the plainest way Django has."""
    rows = exported_tasks(actor_of(request)).iterator(chunk_size=2000)
    writer = csv.writer(_Echo())
    return StreamingHttpResponse(
        (writer.writerow(row) for row in rows), content_type="text/csv; charset=utf-8"
    )


urlpatterns = [path("bare/", bare), path("bare.csv", bare_stream), path("", include("qualitycity.urls"))]
