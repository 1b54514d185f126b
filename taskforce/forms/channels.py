"""群机器人: address and secret are typed, checked, and never shown again; left empty later they stay as they are."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from qualitycity.channels import robots
from qualitycity.channels.addresses import Forbidden
from qualitycity.channels.choices import RobotKind
from qualitycity.workflow import IllegalMove
from taskforce.domain.channels import check_address
from taskforce.models import Department, Robot

#: A key is no word to be remembered by the browser, nor to be corrected.
PLAIN = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}


class RobotForm(forms.Form):
    """A new robot, or new keys for one (`robot`): service and group stay."""

    kind = forms.ChoiceField(label=_("Service"), choices=RobotKind)
    department = forms.ModelChoiceField(
        label=_("Whose group"), queryset=Department.objects.none(), required=False, empty_label=_("the office itself"),
        help_text=_("The number of matters of these people is told."),
    )  # fmt: skip
    name = forms.CharField(label=_("Name of the group"), max_length=40)
    address = forms.CharField(
        label=_("Address of the robot (webhook)"), max_length=500, widget=forms.TextInput(attrs=PLAIN)
    )
    secret = forms.CharField(
        label=_("Signing secret"), max_length=200, required=False, widget=forms.TextInput(attrs=PLAIN),
        help_text=_("DingTalk and Feishu: as it stands in the security settings of the robot. WeCom has none."),
    )  # fmt: skip
    unsigned = forms.BooleanField(label=_("The robot has no signing secret any more"), required=False)

    def __init__(self, *args: Any, robot: Robot | None = None, departments: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.robot = robot
        if robot is None:
            self.fields["department"].queryset = departments  # type: ignore[attr-defined]
            del self.fields["unsigned"]
            return
        del self.fields["kind"], self.fields["department"]
        self.fields["address"].required = False
        kept = gettext("Stored: %(hint)s. Leave empty to keep it.")
        self.fields["address"].help_text = kept % {"hint": robot.address_hint}
        if robot.secret_sealed:
            self.fields["secret"].help_text = gettext("A secret is stored. Leave empty to keep it.")
        else:
            del self.fields["unsigned"]
        if robot.kind not in robots.SIGNED:
            del self.fields["secret"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind = self.robot.kind if self.robot else cleaned.get("kind", "")
        address = cleaned.get("address", "").strip()
        if kind and address:
            try:
                check_address(kind, address)
            except Forbidden as refused:
                self.add_error("address", str(refused))
            except IllegalMove as refused:
                self.add_error("address", str(refused.sentence))
        if kind and cleaned.get("secret") and kind not in robots.SIGNED:
            self.add_error("secret", gettext("WeCom knows no signing secret: its key stands in the address."))
        return cleaned
