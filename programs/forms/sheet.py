"""What a person types into the lines of 本单位报表: one small form per line, named `{key}-{field}`."""

import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from programs.domain.entries import LONGEST
from programs.domain.sheet import Typed
from programs.domain.sources import FIELDS, Line, source_named
from qualitycity.files.types import EVIDENCE_TYPES, TYPES
from qualitycity.sealing.canonical import digest

LABELS = {
    "percent": _("Percentage reached"),
    "percent_reason": _("Why the percentage fell"),
    "progress": _("Progress this period"),
    "result": _("Result of the work"),
    "problems": _("Problems"),
    "next_steps": _("Next steps"),
    "coordination": _("Needs coordination"),
    "value": _("Figure"),
    "note": _("Source or explanation"),
}
EVIDENCE_MB = max(TYPES[name].max_bytes for name in EVIDENCE_TYPES) // (1024 * 1024)


def half_width(value: Any) -> Any:
    """４０％ as 40%: figures typed with a Chinese keyboard mean the same."""
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value


class PlainText(forms.CharField):
    """Text whose line breaks are stored in one way, so that unchanged text compares equal."""

    def to_python(self, value: Any) -> str:
        return super().to_python(value).replace("\r\n", "\n").replace("\r", "\n")


class PercentField(forms.IntegerField):
    def to_python(self, value: Any) -> int | None:
        value = half_width(value)
        return super().to_python(value.removesuffix("%").strip() if isinstance(value, str) else value)


class FigureField(forms.DecimalField):
    """A figure of any size; thousands may be set apart by commas."""

    def to_python(self, value: Any) -> Decimal | None:
        value = half_width(value)
        return super().to_python(value.replace(",", "").removesuffix("%") if isinstance(value, str) else value)

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _line_field(name: str) -> forms.Field:
    label = LABELS[name]
    figure = {"autocomplete": "off"}
    if name == "percent":
        return PercentField(
            label=label,
            required=False,
            widget=forms.TextInput(attrs={**figure, "inputmode": "numeric", "maxlength": 8, "min": 0, "max": 100}),
            error_messages={"invalid": _("Please enter a whole number from 0 to 100, such as 40.")},
        )
    if name == "value":
        wrong = _("Please enter a figure, such as 96.5.")
        return FigureField(
            label=label,
            required=False,
            max_digits=14,
            decimal_places=4,
            widget=forms.TextInput(attrs={**figure, "inputmode": "decimal", "maxlength": 20}),
            error_messages={
                "invalid": wrong,
                "max_digits": wrong,
                "max_whole_digits": wrong,
                "max_decimal_places": _("At most four digits after the point."),
            },
        )
    if name in ("percent_reason", "note"):
        return PlainText(label=label, required=False, widget=forms.TextInput(attrs={"maxlength": 200}))
    rows = 3 if name == "progress" else 2
    return PlainText(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows, "maxlength": LONGEST}))


class LineForm(forms.Form):
    """One line. `version` is the row the person looked at, `seen` a digest of what stood in the fields then: a line
    left untouched is not his, whoever changes it meanwhile."""

    version = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    unchanged = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, names: Iterable[str], tall: bool = False, **more: Any) -> None:
        super().__init__(data, use_required_attribute=False, **more)
        self.names = tuple(names)
        for name in self.names:
            field = self.fields[name] = _line_field(name)
            if tall and isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = int(field.widget.attrs["rows"]) + 2

    def values(self) -> dict[str, Any]:
        """What was typed, as far as it can be read; `unchanged` stands only as long as nothing else is said."""
        typed = {name: self.cleaned_data[name] for name in self.names if name in self.cleaned_data}
        if "progress" in typed:
            texts = [value for name, value in typed.items() if name not in ("percent", "percent_reason")]
            typed["unchanged"] = bool(self.cleaned_data.get("unchanged")) and not any(texts)
        return typed

    @property
    def touched(self) -> bool:
        """Whether anything differs from what the page showed."""
        return not self.is_valid() or fingerprint(self.values()) != self.cleaned_data.get("seen")

    def typed(self) -> Typed:
        self.is_valid()
        version = self.cleaned_data.get("version", "")
        return Typed(self.values(), int(version) if version.isascii() and version.isdigit() else None)


def fingerprint(values: Mapping[str, Any]) -> str:
    return digest(dict(values))[:16]


def field_names(line: Line) -> list[str]:
    """Fields of a line; why the percentage fell is asked for only once it has fallen."""
    fell = bool(getattr(line.row, "percent_reason", ""))
    return [name for name in FIELDS[line.nature] if name != "percent_reason" or fell]


def shown_values(line: Line) -> dict[str, Any]:
    """What the fields of a line show when it is opened."""
    values = {name: getattr(line.row, name) for name in field_names(line)}
    return {**values, "unchanged": line.row.unchanged} if "progress" in values else values


def blank_form(line: Line, *, tall: bool = False) -> LineForm:
    """The form of a line as it stands."""
    shown = shown_values(line)
    initial = {**shown, "version": line.row.row_version if line.row.pk else None, "seen": fingerprint(shown)}
    return LineForm(names=field_names(line), prefix=line.key, initial=initial, tall=tall)


def posted_forms(data: QueryDict) -> dict[str, LineForm]:
    """A bound form per line in the posted data, by key; what is no line of any source is left out."""
    forms_by_key: dict[str, LineForm] = {}
    for name in data:
        key, _dash, last = name.rpartition("-")
        kind, _dash, ident = key.partition("-")
        source = source_named(kind)
        if last != "version" or source is None or not (ident.isascii() and ident.isdigit() and len(ident) < 18):
            continue
        names = [field for field in source.fields if field != "unchanged" and f"{key}-{field}" in data]
        forms_by_key[key] = LineForm(data, names=names, prefix=key)
    return forms_by_key


def said(line: Line) -> list[tuple[Any, str]]:
    """What a filed line says, label by label, empty ones left out. 无变化 says what was said before."""
    row = line.previous if getattr(line.row, "unchanged", False) and line.previous is not None else line.row
    return said_in(row, line)


def said_in(row: Any, line: Line) -> list[tuple[Any, str]]:
    """As `said`, of another row of the same line: last period's, or somebody else's."""
    return [(LABELS[name], text) for name in FIELDS[line.nature] if (text := _shown(row, name, line))]


def _shown(row: Any, name: str, line: Line) -> str:
    value = getattr(row, name)
    if name == "percent":
        return "" if value is None else f"{value} %"
    if isinstance(value, Decimal):
        return f"{value.normalize():f} {line.unit}".strip()
    return value or ""


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """Any number of files; each is checked by the archive when it is taken in."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        found = [super(SeveralFilesField, self).clean(each, initial) for each in data or []]
        return [each for each in found if each]


class EvidenceForm(forms.Form):
    evidence = SeveralFilesField(
        label=_("Evidence"),
        required=False,
        widget=SeveralFiles(attrs={"accept": ",".join(f".{name}" for name in sorted(EVIDENCE_TYPES))}),
        error_messages={
            "empty": _("The file is empty."),
            "max_length": _("The name of the file is too long."),
            "invalid": _("The file could not be read. Please choose it again."),
        },
    )


class PaperForm(forms.Form):
    """纸质审签: the scan, who signed, and the code at the foot of the form."""

    code = forms.CharField(
        label=_("Check code"), max_length=12, help_text=_("The eight characters printed at the foot of the form."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    signer = forms.CharField(label=_("Signed by"), max_length=40, help_text=_("Name as signed on the paper."))
    scan = forms.FileField(
        label=_("Scan of the signed and stamped form"),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "required": _("Please choose the scan."),
            "empty": _("The file is empty."),
            "invalid": _("The file could not be read. Please choose it again."),
        },
    )

    def clean_code(self) -> str:
        return half_width(self.cleaned_data["code"]).replace(" ", "").upper()


class CorrectionForm(forms.Form):
    reason = forms.CharField(
        label=_("Why the accepted report must be corrected"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The reason stands in the history; the accepted report stays valid until the new one is accepted."),
        error_messages={"required": _("Please say why the accepted report must be corrected.")},
    )
