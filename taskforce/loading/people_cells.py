"""What a single cell of the people's workbook may hold: cleaned text, or a sentence why not."""

import re
import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import override

from taskforce.choices import DepartmentKind, Role

#: Roles that a workbook may give, as it names them. Whoever administers is named one by one in the settings.
ROLES: Final = (
    Role.LIAISON, Role.UNIT_HEAD, Role.DISTRICT_OFFICE, Role.OFFICE_CLERK, Role.LEADER, Role.SUPERVISOR, Role.AUDITOR,
)  # fmt: skip
#: Longest text of each field, as the tables take it.
LONGEST: Final = {
    "unit": 80, "short_name": 40, "code": 60, "unit_phone": 40, "place": 60, "name": 40, "account": 150, "post": 60,
    "phone": 40, "mobile": 40, "email": 254,
}  # fmt: skip
LONGEST_ALIAS: Final = 60
_SPLIT: Final = re.compile(r"[、,，;；/\n]+")
_NUMBER: Final = re.compile(r"^\+?[0-9()\- 转#*/]+$")
_CODE: Final = re.compile(r"^[A-Za-z0-9_-]+$")


class CellWrong(Exception):
    """`str(error)` is the sentence for the person."""


def kind_labels() -> dict[str, str]:
    """单位类别 as the workbook writes it → code."""
    with override("zh-hans"):
        return {str(label): value for value, label in DepartmentKind.choices}


def role_labels() -> dict[str, str]:
    with override("zh-hans"):
        return {str(role.label): role.value for role in Role}


def parts(text: str) -> list[str]:
    """Several values in one cell, each once."""
    return list(dict.fromkeys(part.strip() for part in _SPLIT.split(text) if part.strip()))


def clean(field: str, text: str) -> str:
    """The text as it is stored. Raises CellWrong."""
    if field in ("phone", "mobile", "unit_phone"):
        text = _number(field, text)
    elif field == "email":
        text = _email(text)
    elif field == "code":
        if not _CODE.match(text):
            raise CellWrong(
                _("A code is made of letters, figures and hyphens: “%(text)s” is not.") % {"text": text[:20]}
            )
    elif field == "name":
        text = _name(text)
    if len(text) > LONGEST.get(field, 1000):
        raise CellWrong(
            _("This is too long: %(count)s characters, at most %(limit)s are kept.")
            % {"count": len(text), "limit": LONGEST[field]}
        )
    return text


def _name(text: str) -> str:
    """王 芳 as 王芳: names of two characters are set apart by a space in printed lists."""
    if re.fullmatch(r"[\u3400-\u9fff·• ]+", text):
        text = text.replace(" ", "")
    if re.search(r"[0-9@]", text):
        raise CellWrong(_("“%(text)s” does not look like a name.") % {"text": text[:20]})
    return text


def _number(field: str, text: str) -> str:
    text = " ".join(unicodedata.normalize("NFKC", text).replace("—", "-").replace("－", "-").split())
    digits = re.sub(r"\D", "", text)
    if re.fullmatch(r"[0-9.]+[eE]\+?[0-9]+", text):
        raise CellWrong(
            _("Excel has shortened the number to “%(text)s”. Format the column as text and enter it again.")
            % {"text": text}
        )
    if not _NUMBER.match(text) or not 3 <= len(digits) <= 30:
        raise CellWrong(_("“%(text)s” is not a telephone number.") % {"text": text[:20]})
    if field == "mobile" and re.fullmatch(r"1\d+", text) and len(text) != 11:
        raise CellWrong(
            _("A mobile number has 11 figures, “%(text)s” has %(count)s.") % {"text": text, "count": len(text)}
        )
    return text


def _email(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace(" ", "")
    try:
        validate_email(text)
    except ValidationError:
        raise CellWrong(_("“%(text)s” is not an e-mail address.") % {"text": text[:40]}) from None
    return text
