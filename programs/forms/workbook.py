"""The 填报表 that comes back; what is in it is judged by the domain."""

from django import forms
from django.utils.translation import gettext_lazy as _


class WorkbookForm(forms.Form):
    file = forms.FileField(
        label=_("Filled-in workbook (.xlsx)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": _("Please choose the file."),
            "empty": _("The file is empty."),
            "max_length": _("The name of the file is too long."),
            "invalid": _("The file could not be read. Please choose it again."),
        },
    )
