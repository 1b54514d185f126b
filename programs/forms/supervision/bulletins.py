"""Forms of 督查通报: the span to begin with, and the office's words."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from programs.forms.office import Day, text_area
from programs.forms.sheet import PlainText
from programs.models import Programme


class BulletinDraftForm(forms.Form):
    """起草: for a programme or for everything the office runs."""

    programme = forms.TypedChoiceField(label=_("Programme"), required=False, coerce=int, empty_value=None)
    starts_on = forms.DateField(label=_("First day"), widget=Day())
    ends_on = forms.DateField(label=_("Last day"), widget=Day())
    ranked = forms.BooleanField(
        label=_("With the order of units"),
        required=False,
        help_text=_("Off by default: an order of units is only printed where the office wants it."),
    )

    def __init__(self, *args: Any, programmes: Iterable[Programme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["programme"].choices = [
            ("", _("All work of the office")), *((row.pk, row.short_title) for row in programmes),
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("starts_on"), cleaned.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day lies before the first."))
        return cleaned


class BulletinForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    opening = PlainText(label=_("Overall picture"), max_length=3000, widget=text_area(6))
    findings = PlainText(label=_("Problems found"), required=False, max_length=3000, widget=text_area(6))
    demands = PlainText(label=_("What is demanded"), required=False, max_length=3000, widget=text_area(5))
    ranked = forms.BooleanField(label=_("With the order of units"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
