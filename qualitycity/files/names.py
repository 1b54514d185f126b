"""File names as people gave them, made harmless to print, store and send back."""

import unicodedata
from typing import Final

MAX_LENGTH: Final = 120
#: Control characters, format characters (a right-to-left override turns "fdp.exe" round), halves of characters
#: and private ones, which every machine shows differently. Unassigned ones stay: they are rare 汉字 of a newer
#: Unicode.
_REFUSED: Final = frozenset({"Cc", "Cf", "Cs", "Co"})


def clean_name(raw: str) -> str:
    """The bare name without folders, control or direction characters, at most 120 characters.

    The extension is kept, in lower case, when the stem has to be cut. May return a name without stem
    (``".pdf"``) or an empty one; the caller decides about those.
    """
    last = raw.replace("\\", "/").rpartition("/")[2]
    normal = unicodedata.normalize("NFC", last)
    kept = "".join(char for char in normal if unicodedata.category(char) not in _REFUSED)
    stem, dot, extension = " ".join(kept.split()).rpartition(".")
    if not dot:
        return extension[:MAX_LENGTH]
    tail = f".{extension.strip().lower()}"[:MAX_LENGTH]
    return stem.strip()[: MAX_LENGTH - len(tail)].strip() + tail
