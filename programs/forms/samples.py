"""样例: what a good report looks like, one for each nature of a line. The places and figures are invented."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from .sheet import LABELS


@dataclass(frozen=True)
class Sample:
    """`fields` by their name in the form, in its order; `why` says what makes it good."""

    nature: str
    kind: Any
    task: Any
    fields: dict[str, Any]
    why: tuple[Any, ...]

    @property
    def said(self) -> list[tuple[Any, Any]]:
        """(label, text) as the form names its fields."""
        return [(LABELS[name], text) for name, text in self.fields.items()]


SAMPLES = {
    sample.nature: sample
    for sample in (
        Sample(
            "outcome",
            _("A task with a definite outcome"),
            _("Build a public testing platform for kitchen appliances"),
            {
                "percent": _("60%"),
                "progress": _(
                    "Two of three laboratories are equipped; 14 of 20 instruments passed calibration on 12 March."
                    " Nine firms have signed agreements to use them, three more than last quarter."
                ),
                "problems": _("The third laboratory waits for its fire safety inspection, asked for on 5 March."),
                "next_steps": _("Inspection by 20 April; the remaining six instruments in place by the end of May."),
                "coordination": _(
                    "We ask the office to take the date of the inspection up with the fire brigade of the district."
                ),
            },
            (
                _("Figures with a date, and what is new against the period before."),
                _("The percentage is what is reached altogether, and the text bears it out."),
                _("What is asked of somebody else names the matter and whom to ask."),
            ),
        ),
        Sample(
            "ongoing",
            _("Ongoing work"),
            _("Quality month and training of chief quality officers"),
            {
                "progress": _(
                    "Four courses were held in the quarter, on 8, 15, 22 and 29 May, for 186 people of 97 firms;"
                    " the material was sent to 40 firms that could not come."
                ),
                "result": _(
                    "31 firms have named a chief quality officer since, 118 altogether; the share of large firms with"
                    " one rose from 52% to 66%."
                ),
                "next_steps": _("Two courses for small firms in July; visits to ten firms that have not named anybody."),
            },
            (
                _("Progress is what was done; result is what it has changed – both with figures."),
                _("No percentage is asked of ongoing work."),
            ),
        ),
        Sample(
            "indicator",
            _("A task that follows its indicator"),
            _("Raise the pass rate of product inspections"),
            {
                "progress": _(
                    "420 batches of eight kinds of product were inspected; the 19 that failed were sealed and their"
                    " makers warned by 10 June. The figure itself stands in the line of the indicator."
                ),
                "problems": _("Nine of the 19 batches were children's toys, all of small workshops in one town."),
                "next_steps": _("A second inspection of these workshops in August, with technical help for each."),
            },
            (_("What was done for the figure, and what explains it – not the figure once more."),),
        ),
        Sample(
            "figure",
            _("An indicator"),
            _("Pass rate of product inspections (%)"),
            {
                "value": _("95.5"),
                "note": _(
                    "401 of 420 batches; inspection record of the bureau of 15 June. Half-year, not the quarter alone."
                ),
            },
            (_("The figure as measured, with its source; without a figure yet, the note says when it comes."),),
        ),
    )
}
