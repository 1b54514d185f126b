"""Searching the contact book; the filters stand in the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from taskforce.choices import DepartmentKind


class ContactFilter(forms.Form):
    """Every field may be empty. A kind nobody knows counts as none: an old address still opens."""

    q = forms.CharField(label=_("Name, unit, post or number"), required=False, max_length=60)
    kind = forms.ChoiceField(
        label=_("Kind of unit"), required=False, choices=[("", _("All kinds")), *DepartmentKind.choices]
    )

    def chosen(self) -> dict[str, str]:
        """`text` and `kind` as the queries take them."""
        self.full_clean()
        data = getattr(self, "cleaned_data", {})
        return {"text": data.get("q", ""), "kind": data.get("kind", "")}
