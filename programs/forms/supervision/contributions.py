"""The form of a supporting unit: a short text and files, for the lead."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ..office import text_area
from ..sheet import EvidenceForm


class ContributionForm(EvidenceForm):
    """`evidence` is the field of the files, as on a line of the sheet."""

    text = forms.CharField(
        label=_("What our unit has done"), max_length=1000, widget=text_area(6),
        help_text=_("Short: the lead edits it into its report and answers for the whole."),
    )  # fmt: skip
    row_version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["text", "evidence", "row_version"])
