"""日历订阅: a person's dates for his telephone or his desk calendar, at a secret address and without signing in.

The file leaves the portal. Therefore it says how many matters of a kind are due on a day, and leads to the day's page,
which asks to sign in; titles stay inside.
"""

import hashlib
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from programs.queries import calendar as queries
from programs.queries.calendar import ACTIVITY, KINDS, MATERIAL, MILESTONE, TASK, WINDOW
from qualitycity.access import ActorContext
from taskforce.contracts import actor_context
from taskforce.queries.channels import feed_owner

#: Days back and ahead.
BACK, AHEAD = 31, 366
#: Chinese whatever the language of a screen: nobody chose one here.
WORDS = {
    MILESTONE: "{}个节点到期",
    TASK: "{}项任务到期",
    WINDOW: "{}项进展报送到期",
    MATERIAL: "{}份材料应报",
    ACTIVITY: "{}项活动开始",
}


@require_safe
@login_not_required
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """404 for an address that was renewed or removed, or whose account is closed, and for one that never was."""
    feed = feed_owner(secret)
    if feed is None:
        raise Http404(_("There is no such calendar."))
    today = timezone.localdate()
    body = _file(actor_context(feed.user, day=today), feed.pk)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="calendar.ics"'
    answer = get_conditional_response(request, etag=etag, response=answer) or answer
    answer["ETag"] = etag
    # kept by the person's own device alone, and asked about each time
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _file(actor: ActorContext, number: int) -> bytes:
    """The same facts give the same file, so that an unchanged one is not sent again."""
    today = timezone.localdate()
    first, last = today - timedelta(days=BACK), today + timedelta(days=AHEAD)
    host = urlsplit(settings.PORTAL_BASE_URL).hostname or "portal"
    stamp = datetime.combine(today, time(), tzinfo=timezone.get_current_timezone()).astimezone(UTC)
    calendar = Calendar()
    calendar.add("prodid", "-//Quality City//Portal//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{settings.PORTAL_NAME}日历")
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for day, counted in sorted(queries.open_counts(actor, first, last, today).items()):
        for kind in KINDS:
            if not counted[kind]:
                continue
            event = Event()
            event.add("uid", f"{day:%Y%m%d}-{kind}-{number}@{host}")
            event.add("dtstamp", stamp)
            event.add("dtstart", day)
            event.add("dtend", day + timedelta(days=1))
            event.add("summary", f"门户：{WORDS[kind].format(counted[kind])}")
            event.add("url", f"{settings.PORTAL_BASE_URL}{reverse('calendar')}?month={day:%Y-%m}&view=list&day={day}")
            event.add("transp", "TRANSPARENT")
            event.add("class", "PRIVATE")
            calendar.add_component(event)
    return calendar.to_ical()
