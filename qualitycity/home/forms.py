"""Forms of one's own account, and of messages that are sent again."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from taskforce.models import Membership, User


class SendAgainForm(forms.Form):
    """Ticked messages and why it is right to send them once more: a doubtful one may arrive twice."""

    message = forms.TypedMultipleChoiceField(label=gettext_lazy("Messages"), coerce=int, required=False)
    reason = forms.CharField(
        label=gettext_lazy("Why they are sent again"), max_length=200, widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, *args, seen: Iterable[int], **kwargs) -> None:
        """`seen`: keys of messages that this person may send again."""
        super().__init__(*args, **kwargs)
        self.fields["message"].choices = [(pk, pk) for pk in seen]  # type: ignore[attr-defined]

    def clean(self) -> dict:
        data = super().clean() or {}
        if not data.get("message") and "message" not in self.errors:
            self.add_error("message", _("Please tick at least one message."))
        return data


class StandInForm(forms.Form):
    """A/B角: only colleagues of one's own units and offices can be named."""

    deputy = forms.ModelChoiceField(label=gettext_lazy("Stand-in"), queryset=User.objects.none())
    first_day = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    last_day = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=120, required=False)

    def __init__(self, *args, user: User, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        mine = Membership.objects.filter(user_id=user.pk, valid_until=None)
        colleagues = Membership.objects.filter(valid_until=None).filter(
            department_id__in=mine.filter(department__isnull=False).values("department_id")
        ) | Membership.objects.filter(
            valid_until=None, department=None, jurisdiction_id__in=mine.filter(department=None).values("jurisdiction_id")
        ).exclude(role="system_admin")
        self.fields["deputy"].queryset = (  # type: ignore[attr-defined]
            User.objects.filter(pk__in=colleagues.values("user_id"), is_active=True).exclude(pk=user.pk)
        )

    def clean(self) -> dict:
        data = super().clean() or {}
        first, last = data.get("first_day"), data.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("The last day lies before the first."))
        return data
