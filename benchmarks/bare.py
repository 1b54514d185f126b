"""What a page costs with nothing of ours in it: session, sign-in, one query of fifty rows, one flat template."""

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from programs.models import Task

TEMPLATE = """<!doctype html><title>{{ user }}</title><table>{% for task in tasks %}<tr><td>{{ task.number }}</td>
<td>{{ task.title }}</td><td>{{ task.requirement }}</td><td>{{ task.nature }}</td><td>{{ task.state }}</td>
<td>{{ task.due_on }}</td><td>{{ task.original_due }}</td><td>{{ task.section_id }}</td><td>{{ task.pk }}</td></tr>
{% endfor %}</table>"""


def bare(request: HttpRequest) -> HttpResponse:
    template = engines["django"].from_string(TEMPLATE)
    return HttpResponse(template.render({"user": request.user, "tasks": Task.objects.order_by("pk")[:50]}, request))


urlpatterns = [path("bare/", bare), path("", include("qualitycity.urls"))]
