"""Searching the accounts (the filters stand in the address), and the workbook that brings people in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from taskforce.choices import Role


class PeopleFileForm(forms.Form):
    """The workbook of units and people; what is in it is judged by the domain."""

    file = forms.FileField(
        label=_("Excel file (.xlsx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("Please choose the file."), "empty": _("The file is empty.")},
    )


class PeopleFilter(forms.Form):
    """Every field may be empty. A value nobody knows counts as none: an old address still opens."""

    q = forms.CharField(label=_("Name, account, unit or number"), required=False, max_length=60)
    role = forms.ChoiceField(label=_("Role held"), required=False, choices=[("", _("All roles")), *Role.choices])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All accounts")),
            ("never", _("never signed in")),
            ("locked", _("sign-in paused")),
            ("password", _("password still to be chosen")),
            ("closed", _("closed")),
        ],
    )

    def chosen(self) -> dict[str, str]:
        """`text`, `role` and `state` as the queries take them."""
        self.full_clean()
        data = getattr(self, "cleaned_data", {})
        return {"text": data.get("q", ""), "role": data.get("role", ""), "state": data.get("state", "")}
