"""Template tags of the portal's frame: lights, dates, icons, bars. Loaded as builtins in every template.

Everything here is presentation. Which light a task has, and why, is decided by the domain; a tag only turns
the code ("green", "amber", "red", "grey") into shape, word and colour. Widths are written as SVG attributes,
because the content security policy of the portal forbids style attributes.
"""

import datetime
from decimal import Decimal
from typing import Any

from django import template
from django.conf import settings
from django.core.paginator import Page
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_noop, ngettext

register = template.Library()

EMPTY = "—"
WEEKDAYS = "一二三四五六日"
LIGHT_SHAPES = {"green": "●", "amber": "▲", "red": "■", "grey": "○"}
LIGHT_WORDS = {
    "green": gettext_noop("On track"),
    "amber": gettext_noop("At risk"),
    "red": gettext_noop("Overdue"),
    "grey": gettext_noop("No data"),
}
# the order of parts in a bar: first what is wrong
BAR_PARTS = ("red", "amber", "green", "grey")
BAR_WIDTH = 1000


# --- lights (灯) --------------------------------------------------------------------------------------


@register.filter
def light_word(code: str) -> str:
    """Word of a light in the page's language: 正常, 预警, 逾期, 无数据. Unknown codes raise KeyError."""
    return gettext(LIGHT_WORDS[code])


@register.filter
def light_mark(code: str) -> str:
    """Shape of a light: ● ▲ ■ ○."""
    return LIGHT_SHAPES[code]


@register.simple_tag
def light(code: str, sentence: str = "", word: str = "", why: str = "tap") -> SafeString:
    """One light: shape + word + colour, with the sentence that explains it.

    code: green, amber, red or grey. sentence: why, one sentence. word: replaces the usual word (提前, 滞后).
    why: "tap" opens the sentence on tap or Enter (it is the title for the mouse too) and may not stand inside
    a paragraph; "text" prints it below.
    """
    mark = format_html('<b aria-hidden="true">{}</b>{}', LIGHT_SHAPES[code], word or light_word(code))
    if not sentence:
        return format_html('<span class="qc-light qc-light-{}">{}</span>', code, mark)
    if why == "text":
        return format_html(
            '<span class="qc-light qc-light-{}">{}</span> <span class="qc-why">{}</span>',
            code,
            mark,
            sentence,
        )
    return format_html(
        '<details class="qc-light qc-light-{}"><summary title="{}">{}</summary><span class="qc-why">{}</span></details>',
        code,
        sentence,
        mark,
        sentence,
    )


# --- dates --------------------------------------------------------------------------------------------


def _local(value: datetime.date | None) -> datetime.date | None:
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value or None


def _in_chinese() -> bool:
    return (get_language() or settings.LANGUAGE_CODE).startswith("zh")


@register.filter
def zh_date(value: datetime.date | None) -> str:
    """2026年11月22日 (English: Nov 22, 2026); a dash where there is no date. Moments are shown in local time."""
    day = _local(value)
    if day is None:
        return EMPTY
    return f"{day.year}年{day.month}月{day.day}日" if _in_chinese() else date_format(day, "M j, Y")


@register.filter
def zh_date_day(value: datetime.date | None) -> str:
    """2026年11月22日(周日) (English: Sun, Nov 22, 2026)."""
    day = _local(value)
    if day is None:
        return EMPTY
    return f"{zh_date(day)}(周{WEEKDAYS[day.weekday()]})" if _in_chinese() else date_format(day, "D, M j, Y")


@register.filter
def zh_date_short(value: datetime.date | None) -> str:
    """11月22日 (English: Nov 22)."""
    day = _local(value)
    if day is None:
        return EMPTY
    return f"{day.month}月{day.day}日" if _in_chinese() else date_format(day, "M j")


@register.filter
def zh_datetime(value: datetime.datetime | None) -> str:
    """2026年11月22日 14:05 (English: Nov 22, 2026, 14:05)."""
    moment = _local(value)
    if not isinstance(moment, datetime.datetime):
        return zh_date(moment)
    return f"{zh_date(moment)}{' ' if _in_chinese() else ', '}{moment:%H:%M}"


@register.filter
def workdays_left(days: int | None) -> str:
    """Working days until a due date, as people say it: 还有 3 个工作日, 今天截止, 逾期 6 个工作日."""
    if days is None:
        return EMPTY
    if days > 0:
        return ngettext("%(count)d working day left", "%(count)d working days left", days) % {"count": days}
    if days == 0:
        return gettext("Due today")
    late = -days
    return ngettext("%(count)d working day late", "%(count)d working days late", late) % {"count": late}


@register.filter
def minutes(span: datetime.timedelta) -> int:
    """Whole minutes of a span of time, rounded up: what a person has to wait."""
    return -int(-span.total_seconds() // 60)


@register.filter
def dash(value: Any) -> Any:
    """The value, or a dash where there is none. Zero is a value."""
    return EMPTY if value is None or value == "" else value


# --- icons --------------------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An outline icon of the sprite; its name stands in ops/icons.txt. Without a label it is decoration."""
    href = f"{static('vendor/icons.svg')}#{name}"
    if label:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"/></svg>', label, href)
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>', href)


@register.simple_tag
def help_link(guide: str, anchor: str = "", label: str = "") -> SafeString:
    """The way from a field or a page to its section of a guide (`docs/guide`; "" for what everybody
    must know). A test follows every one of them."""
    url = (reverse("help_page", args=[guide]) if guide else reverse("help")) + (f"#{anchor}" if anchor else "")
    words = label or gettext("How this is done")
    return format_html('<a class="qc-help-link" href="{}">{}{}</a>', url, icon("help-circle"), words)


@register.inclusion_tag("programs/_sample.html", takes_context=True)
def filing_samples(context: dict[str, Any], views: Any) -> dict[str, Any]:
    """Examples for the kinds of lines that can be typed into among `views` (of `programs.views.sheet_page`)."""
    from programs.forms.samples import SAMPLES
    from taskforce.choices import PutAway

    request = context["request"]
    asked = {view.line.nature for view in views if view.form}
    return {
        "samples": [sample for nature, sample in SAMPLES.items() if nature in asked],
        "away": PutAway.SAMPLE in request.user.put_away,
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("programs/_sample.html", takes_context=True)
def filing_sample(context: dict[str, Any], view: Any) -> dict[str, Any]:
    """The example for one line."""
    return filing_samples(context, [view])


# --- bars and progress --------------------------------------------------------------------------------


def _rect(x: float, width: float, kind: str) -> str:
    return f'<rect class="qc-fill-{kind}" x="{x:.1f}" y="0" width="{width:.1f}" height="16"/>'


@register.simple_tag
def light_bar(red: int = 0, amber: int = 0, green: int = 0, grey: int = 0, full: int = 0) -> SafeString:
    """A bar whose length is the number of tasks and whose parts are their lights.

    full: the number that fills the whole width (the largest department), so that bars in a column compare;
    0 lets this bar fill it. The numbers must stand beside it in the table: the bar itself is hidden from readers.
    """
    counts = {"red": red, "amber": amber, "green": green, "grey": grey}
    whole = full or sum(counts.values())
    parts, x = [], 0.0
    for kind in BAR_PARTS:
        width = counts[kind] * BAR_WIDTH / whole if whole else 0.0
        if width:
            # a white seam keeps neighbouring parts apart for eyes that do not tell the colours
            parts.append(_rect(x, max(width - 3, 2), kind))
        x += width
    return mark_safe(
        f'<svg class="qc-bar-svg" viewBox="0 0 {BAR_WIDTH} 16" preserveAspectRatio="none" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


@register.simple_tag
def progress(percent: int | Decimal | None, planned: int | Decimal | None = None) -> SafeString:
    """Percentage as figure and bar; planned (序时进度) is marked on the bar and named in the title."""
    if percent is None:
        return mark_safe(EMPTY)
    parts = [_rect(0, BAR_WIDTH, "track"), _rect(0, min(float(percent), 100) * BAR_WIDTH / 100, "blue")]
    if planned is None:
        title = ""
    else:
        at = min(max(float(planned), 0), 100) * BAR_WIDTH / 100
        parts.append(_rect(min(at, BAR_WIDTH - 20), 20, "mark"))
        title = gettext("Planned by now: %(percent)s%%") % {"percent": f"{float(planned):g}"}
    return format_html(
        '<span class="qc-progress" title="{}"><svg viewBox="0 0 {} 16" preserveAspectRatio="none" aria-hidden="true">'
        "{}</svg>{}%</span>",
        title,
        BAR_WIDTH,
        mark_safe("".join(parts)),
        f"{float(percent):g}",
    )


@register.simple_tag
def drawn(svg: str) -> SafeString:
    """A chart of `qualitycity.reports.webcharts`, which has escaped every name in it."""
    return mark_safe(svg)


# --- lists --------------------------------------------------------------------------------------------


@register.simple_tag
def page_numbers(page: Page) -> list[int | str]:
    """Numbers for the pager: all near ones, the ends, and an ellipsis between."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))


# --- the journal ---------------------------------------------------------------------------------------


@register.filter
def journal_words(entry: Any) -> str:
    """What a line of the journal says was done, in the page's language."""
    # not at the head: these tags are loaded with every template, before the apps are ready
    from qualitycity.home.words import words_of

    return words_of(entry)


@register.filter
def journal_states(entry: Any) -> str:
    """The change of state that a line of the journal tells of, in the page's language."""
    from qualitycity.home.words import states_of

    return states_of(entry)


# --- the portal itself --------------------------------------------------------------------------------


@register.simple_tag
def portal_settings() -> dict[str, str]:
    """Name and office contact for pages that are rendered without a request (500, 503)."""
    return {"name": settings.PORTAL_NAME, "contact": settings.PORTAL_OFFICE_CONTACT}
