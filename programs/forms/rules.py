"""The form of 亮灯与提醒规则: every rule with its switch and its numbers, every ladder as days before and after a date."""

import re
from collections.abc import Mapping
from typing import Any
from unicodedata import normalize

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.domain.rules import LEFT_PROPOSED, LIGHT_POLICY, REMINDER_LADDER

from .office import text_area

#: Rungs of one side of a date, and how far from it the furthest may lie (working days).
MOST_RUNGS, FURTHEST = 8, 120
#: Switch → its numbers; what is proposed where the rule is off.
SWITCHES = {
    "sign_for": ("sign_for_days",),
    "warn": ("warn_days",),
    "gap": ("gap_amber", "gap_red"),
    "left": ("left_amber", "left_second"),
}
PROPOSED = LIGHT_POLICY | {"left_amber": LEFT_PROPOSED[0], "left_second": LEFT_PROPOSED[1]}


class Rungs(forms.CharField):
    """Days as people write them: 30、7、3、1. Whole numbers in order; nothing typed is no rung."""

    def __init__(self, *, falling: bool, **kwargs: Any) -> None:
        self.falling = falling
        super().__init__(required=False, max_length=60, widget=forms.TextInput({"inputmode": "numeric"}), **kwargs)

    def clean(self, value: Any) -> list[int]:
        words = re.split(r"[\s,、;]+", normalize("NFKC", super().clean(value)).strip("、,; "))
        words = [word for word in words if word]
        if not all(re.fullmatch(r"[0-9]{1,4}", word) for word in words):
            raise forms.ValidationError(gettext("Please write whole numbers of days, such as 30、7、3、1."))
        days = [int(word) for word in words]
        if any(not 1 <= day <= FURTHEST for day in days):
            raise forms.ValidationError(gettext("Each number lies between 1 and %(most)s.") % {"most": FURTHEST})
        if len(days) > MOST_RUNGS:
            raise forms.ValidationError(gettext("At most %(most)s days.") % {"most": MOST_RUNGS})
        if days != sorted(set(days), reverse=self.falling):
            raise forms.ValidationError(
                gettext("From the earliest reminder to the last: each number smaller than the one before.")
                if self.falling
                else gettext("From the first reminder to the last: each number larger than the one before.")
            )
        return days

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.clean(data) != (initial or [])
        except forms.ValidationError:
            return True

    def prepare_value(self, value: Any) -> Any:
        return "、".join(map(str, value)) if isinstance(value, list) else value


def _number(label: Any, most: int, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=most, widget=forms.NumberInput({"inputmode": "numeric"}),
        **kwargs,
    )  # fmt: skip


class RulesForm(forms.Form):
    """Numbers of a rule that is switched off are not looked at."""

    sign_for = forms.BooleanField(label=_("Red when a task is not signed for in time"), required=False)
    sign_for_days = _number(_("Working days to sign for a task"), 60)
    warn = forms.BooleanField(label=_("Amber when a due date comes near without a report"), required=False)
    warn_days = _number(_("Working days before the due date"), 60)
    gap = forms.BooleanField(
        label=_("Amber and red by the gap to the plan"), required=False,
        help_text=_("Fewer points below the plan are still in order."),
    )  # fmt: skip
    gap_amber = _number(_("Amber from so many points below"), 100)
    gap_red = _number(_("Red beyond so many points below"), 100)
    left = forms.BooleanField(label=_("Amber by the share of time left without a report"), required=False)
    left_amber = _number(_("Amber from so many per cent of the time left"), 99)
    left_second = _number(_("Second stage from so many per cent left"), 99)
    milestones = forms.BooleanField(label=_("Amber while a milestone is late"), required=False)
    milestone_before = Rungs(label=_("Working days before a milestone or a task's date"), falling=True)
    milestone_after = Rungs(label=_("Working days after it"), falling=False)
    window_before = Rungs(label=_("Working days before a return is due"), falling=True)
    window_after = Rungs(label=_("Working days after it was due"), falling=False)
    signing = Rungs(label=_("Working days after the assignment, while nobody has signed for it"), falling=False)
    office_from = forms.IntegerField(
        label=_("The office is told too from so many working days late"), min_value=1, max_value=FURTHEST,
        widget=forms.NumberInput({"inputmode": "numeric"}),
    )  # fmt: skip
    reason = forms.CharField(label=_("Reason of the change"), required=False, max_length=400, widget=text_area(2))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, running: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.running = running
        if not running:
            del self.fields["reason"]

    @staticmethod
    def initial_of(light: Mapping[str, Any], ladder: Mapping[str, Any], version: int) -> dict[str, Any]:
        found: dict[str, Any] = {"milestones": light["milestones"], "version": version}
        for switch, numbers in SWITCHES.items():
            found[switch] = all(light[name] is not None for name in numbers[:1])
            found |= {name: PROPOSED[name] if light[name] is None else light[name] for name in numbers}
        for kind in ("milestone", "window"):
            found[f"{kind}_before"] = [-rung for rung in ladder[kind] if rung < 0]
            found[f"{kind}_after"] = [rung for rung in ladder[kind] if rung > 0]
        return found | {"signing": list(ladder["sign_for"]), "office_from": ladder["office_from"]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for switch, numbers in SWITCHES.items():
            for name in numbers:
                if not cleaned.get(switch):
                    self.errors.pop(name, None)
                elif cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, gettext("A number is needed while the rule is on."))
        self._ordered(cleaned, "gap", "gap_amber", "gap_red", gettext("Not less than the number for amber."), up=True)
        wrong = gettext("Less than the share for amber.")
        self._ordered(cleaned, "left", "left_amber", "left_second", wrong, up=False)
        for kind in ("milestone", "window"):
            sides = [f"{kind}_before", f"{kind}_after"]
            if not any(cleaned.get(side) for side in sides) and not any(side in self.errors for side in sides):
                self.add_error(sides[0], gettext("At least one day before or after: otherwise nobody is reminded."))
        if self.running and self.has_changed() and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", gettext("The programme is running: please say why its rules change."))
        return cleaned

    def _ordered(self, cleaned: dict[str, Any], switch: str, first: str, second: str, wrong: str, *, up: bool) -> None:
        one, two = cleaned.get(first), cleaned.get(second)
        if cleaned.get(switch) and one is not None and two is not None and (two < one if up else two >= one):
            self.add_error(second, wrong)

    @property
    def light(self) -> dict[str, Any]:
        """The policy as it is sealed."""
        cleaned = self.cleaned_data
        found: dict[str, Any] = {"milestones": cleaned["milestones"]}
        for switch, numbers in SWITCHES.items():
            found |= {name: cleaned[name] if cleaned[switch] else None for name in numbers}
        return found

    @property
    def ladder(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        both = {
            kind: [-day for day in cleaned[f"{kind}_before"]] + cleaned[f"{kind}_after"]
            for kind in ("milestone", "window")
        }
        return REMINDER_LADDER | both | {"sign_for": cleaned["signing"], "office_from": cleaned["office_from"]}
