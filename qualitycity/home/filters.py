"""Filters of the lists behind the boards. They stand in the address; a value that is no choice filters nothing."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qualitycity.home.queries.indicators import words
from qualitycity.home.queries.lines import FILTERS, Opened
from taskforce.choices import JurisdictionLevel
from taskforce.models import Department

#: Places that a city is made of.
BELOW = (JurisdictionLevel.COUNTY, JurisdictionLevel.ZONE, JurisdictionLevel.TOWN)


class AddressFilter(forms.Form):
    """What the address says, as far as it is one of the choices."""

    def __init__(self, data: Any) -> None:
        super().__init__({name: data[name] for name in self.base_fields if data.get(name)}, auto_id="filter_%s")

    @property
    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class LineFilter(AddressFilter):
    """Lines of a programme: period, how they came in, unit."""

    window = forms.TypedChoiceField(label=_("Period"), required=False, coerce=int, empty_value=None)
    filed = forms.ChoiceField(label=_("Filing"), required=False, choices=[("", _("Every line")), *FILTERS])
    department = forms.TypedChoiceField(label=_("Unit"), required=False, coerce=int, empty_value=None)
    district = forms.TypedChoiceField(label=_("District"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, windows: Iterable[Opened], units: Iterable[Department]) -> None:
        super().__init__(data)
        shown = [(window.pk, window.label) for window in windows]
        self.fields["window"].choices = [("", _("Every period")), *reversed(shown)]
        units = list(units)
        self.fields["department"].choices = [("", _("All units")), *((unit.pk, str(unit)) for unit in units)]
        # a town's units belong to its county too
        near = [place for unit in units for place in (unit.jurisdiction, unit.jurisdiction.parent) if place]
        places = {place.pk: place.name for place in near if place.level in BELOW}
        self.fields["district"].choices = [("", _("The whole city")), *places.items()]
        if not places:
            del self.fields["district"]


class IndicatorFilter(AddressFilter):
    standing = forms.ChoiceField(label=_("Standing"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        self.fields["standing"].choices = [("", _("All indicators")), *words().items()]
