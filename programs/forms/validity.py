"""The form by which the office answers that a document runs out."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.choices import ExpiryAnswer

from .office import Day, text_area

#: Which field each answer cannot do without, and what is said where it is missing.
NEEDS = {
    ExpiryAnswer.RENEWED: ("until", _("Please give the new end of validity.")),
    ExpiryAnswer.REVISED: ("successor", _("Please choose the document that takes its place.")),
    ExpiryAnswer.REPEALED: ("repealed_on", _("Please give the day of repeal.")),
}


class ExpiryForm(forms.Form):
    """续期/修订/废止/到期失效 with what each needs."""

    answer = forms.ChoiceField(label=_("What becomes of the document"), choices=ExpiryAnswer, widget=forms.RadioSelect)
    until = forms.DateField(label=_("Renewed until"), required=False, widget=Day())
    successor = forms.ChoiceField(
        label=_("Revised by"), required=False,
        help_text=_("A document that is in the portal; a new one is entered among the policy documents first."),
    )  # fmt: skip
    repealed_on = forms.DateField(label=_("Repealed on"), required=False, widget=Day())
    basis = forms.CharField(
        label=_("Basis"), max_length=200, widget=text_area(3),
        help_text=_("Number and date of the paper, or who decided and when."),
    )  # fmt: skip
    answering = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, documents: Iterable[tuple[int, str]], valid_until: date | None, dated: date, today: date,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        self.valid_until, self.dated, self.today = valid_until, dated, today
        field = self.fields["successor"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *((str(pk), title) for pk, title in documents)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        needs = NEEDS.get(cleaned.get("answer", ""))  # type: ignore[call-overload]
        if needs and not cleaned.get(needs[0]) and needs[0] not in self.errors:
            self.add_error(needs[0], str(needs[1]))
        until, repealed = cleaned.get("until"), cleaned.get("repealed_on")
        if cleaned.get("answer") == ExpiryAnswer.RENEWED and until:
            if until <= max(self.today, self.valid_until or self.today):
                self.add_error("until", gettext("Please give a day later than today and than the present end."))
        if cleaned.get("answer") == ExpiryAnswer.REPEALED and repealed and repealed < self.dated:
            self.add_error(
                "repealed_on", gettext("Please give the day of repeal, not before the document itself.")
            )
        if cleaned.get("answer") == ExpiryAnswer.LAPSED and self.valid_until is None:
            self.add_error("answer", gettext("A document without a day of expiry cannot lapse."))
        return cleaned
