"""Units typed by name, as one writes them on paper: 市甲局、市乙局."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from taskforce.models import Department, DepartmentAlias, Jurisdiction

BETWEEN = re.compile(r"[、，,；;\s]+")


class Register:
    """Every name by which the open units of a place and of those below it are known; two queries, read once."""

    def __init__(self, place: Jurisdiction) -> None:
        root = f"/{place.path.strip('/').split('/')[0]}/"
        units = Department.objects.open().filter(jurisdiction__path__startswith=root).order_by("sort", "pk")
        self.units = list(units)
        by_pk = {unit.pk: unit for unit in self.units}
        self.known: dict[str, Department] = {}
        for alias, pk in DepartmentAlias.objects.filter(department_id__in=by_pk).values_list("alias", "department_id"):
            self.known.setdefault(alias, by_pk[pk])
        for unit in self.units:
            self.known[unit.short_name] = self.known[unit.name] = unit

    def choices(self) -> list[tuple[int, str]]:
        return [(unit.pk, unit.short_name) for unit in self.units]

    def find(self, pk: Any) -> Department | None:
        return next((unit for unit in self.units if unit.pk == pk), None)


class UnitsField(forms.CharField):
    """A list of units; a name that the register does not know is said back, what was typed stays."""

    def __init__(self, *, register: Register, **kwargs: Any) -> None:
        super().__init__(
            max_length=1000,
            widget=forms.Textarea(attrs={"rows": 2, "class": "qc-short"}),
            help_text=_("Names of the units with a comma or 、 between them, for example 市发改委、市财政局."),
            **kwargs,
        )
        self.register = register

    def clean(self, value: Any) -> list[Department]:  # type: ignore[override]
        text = super().clean(value)
        names = [name for name in BETWEEN.split(text) if name]
        unknown = [name for name in names if name not in self.register.known]
        if unknown:
            raise forms.ValidationError(
                gettext("Not in the register of units: %(names)s.") % {"names": "、".join(unknown)}
            )
        return list({self.register.known[name].pk: self.register.known[name] for name in names}.values())


def listed(units: Iterable[Department]) -> str:
    return "、".join(str(unit) for unit in units)
