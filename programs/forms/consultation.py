"""Forms of 征求意见: a unit's answer to its tasks, the office's answers to the wishes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from programs.choices import ReplyStance
from programs.domain.consultation import Answer
from programs.models import ConsultationReply
from programs.queries.consultation import Asked

from .office import text_area

#: As the columns have it.
LONGEST_WISH, LONGEST_ANSWER = 500, 300


class ReplyForm(forms.Form):
    """One unit's answer: to the table as a whole, and a wish (`task-<pk>`) per task where something should change."""

    stance = forms.ChoiceField(
        label=_("To the table as a whole"), choices=ReplyStance, widget=forms.RadioSelect,
        error_messages={"required": _("Please choose: no objection, or changes asked for.")},
    )  # fmt: skip
    text = forms.CharField(
        label=_("What should be changed in general"), required=False, max_length=LONGEST_WISH, widget=text_area(3)
    )

    def __init__(self, data: Any = None, *, unit: Asked, readonly: bool = False) -> None:
        self.unit = unit
        initial: dict[str, Any] = {"text": unit.whole.text if unit.whole else ""}
        if unit.answered:
            initial["stance"] = ReplyStance.CHANGE if unit.wishes else ReplyStance.AGREE
        prefix = f"unit{unit.department.pk}"
        super().__init__(data, prefix=prefix, initial=initial)
        for task in unit.tasks:
            reply = unit.by_task.get(task.pk)
            self.fields[f"task-{task.pk}"] = forms.CharField(
                label=str(task), required=False, max_length=LONGEST_WISH, widget=text_area(2),
                initial=reply.text if reply else "",
            )  # fmt: skip
        if readonly:
            for field in self.fields.values():
                field.disabled = True

    def lines(self) -> Iterable[dict[str, Any]]:
        """Task, its field, and what the office said to the wish."""
        for task in self.unit.tasks:
            yield {"task": task, "field": self[f"task-{task.pk}"], "reply": self.unit.by_task.get(task.pk)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        stance, whole = cleaned.get("stance"), cleaned.get("text", "").strip()
        wished = whole or any(cleaned.get(f"task-{task.pk}", "").strip() for task in self.unit.tasks)
        if stance == ReplyStance.CHANGE and not wished and not self.errors:
            self.add_error("text", gettext("Please write what should be changed, here or at a task."))
        if stance == ReplyStance.AGREE and wished:
            self.add_error(
                "stance", gettext("You chose “no objection” but wrote what should be changed; choose one.")
            )
        return cleaned

    def answers(self) -> dict[int | None, Answer]:
        """By task, None for the whole. A wish for single tasks alone leaves the rest of the table agreed to."""
        whole = self.cleaned_data["text"].strip()
        result: dict[int | None, Answer] = {None: Answer(ReplyStance.CHANGE if whole else ReplyStance.AGREE, whole)}
        for task in self.unit.tasks:
            text = self.cleaned_data[f"task-{task.pk}"].strip()
            if text or task.pk in self.unit.by_task:
                result[task.pk] = Answer(ReplyStance.CHANGE if text else ReplyStance.AGREE, text)
        return result


class WishesForm(forms.Form):
    """采纳情况 for every wish (`answer-<pk>`); an empty field is a wish still to be answered."""

    def __init__(self, data: Any = None, *, wishes: list[ConsultationReply]) -> None:
        super().__init__(data)
        self.wishes = wishes
        for wish in wishes:
            label = gettext("Answer to %(unit)s") % {"unit": wish.department}
            self.fields[f"answer-{wish.pk}"] = forms.CharField(
                label=label, required=False, max_length=LONGEST_ANSWER, initial=wish.answer,
                widget=forms.TextInput(attrs={"list": "ready", "aria-label": label}),
            )  # fmt: skip

    def lines(self) -> Iterable[dict[str, Any]]:
        for wish in self.wishes:
            yield {"wish": wish, "field": self[f"answer-{wish.pk}"]}

    def answers(self) -> dict[int, str]:
        return {wish.pk: self.cleaned_data[f"answer-{wish.pk}"] for wish in self.wishes}
