"""Filter of the preview of reminders, in the address."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _


class PreviewFilter(forms.Form):
    """A value that is no choice filters nothing."""

    day = forms.ChoiceField(label=_("Day"), required=False)
    programme = forms.TypedChoiceField(label=_("Programme"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, programmes: Iterable[tuple[int, str]], days: Sequence[date]) -> None:
        super().__init__({name: data[name] for name in ("day", "programme") if data.get(name)}, auto_id="filter_%s")
        self.fields["programme"].choices = [("", _("All programmes")), *programmes]  # type: ignore[attr-defined]
        self.fields["day"].choices = [  # type: ignore[attr-defined]
            (each.isoformat(), date_format(each, "DATE_FORMAT")) for each in days
        ]
        if len(days) == 1:
            del self.fields["day"]
        self.is_valid()

    @property
    def wanted(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if value}
