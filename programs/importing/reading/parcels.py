"""The parts of a Word or Excel file, found by their relations. What leads outside the file is never followed."""

import io
import posixpath
import zipfile
import zlib
from typing import Any, Final

from lxml import etree

from ..source import Unreadable

_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError, KeyError,
)  # fmt: skip


class Parcel:
    def __init__(self, data: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
            self._names = {name.lstrip("/").lower(): name for name in self._archive.namelist()}
        except _DAMAGE as error:
            raise Unreadable("damaged") from error

    def main(self, usual: str) -> str:
        """The name of the part that is the document."""
        return next(iter(self.related("", "officeDocument").values()), usual)

    def related(self, part: str, kind: str) -> dict[str, str]:
        """Names of parts that `part` calls by that kind of relation, by the id of the call."""
        folder, name = posixpath.split(part)
        relations = self.tree(posixpath.join(folder, "_rels", f"{name}.rels"))
        found: dict[str, str] = {}
        for relation in () if relations is None else relations:
            if relation.get("TargetMode", "").lower() == "external" or not local(
                relation.get("Type")
            ).endswith(kind):
                continue
            target = posixpath.normpath(
                posixpath.join("/" if not folder else f"/{folder}", relation.get("Target", ""))
            )
            found[relation.get("Id", "")] = target.lstrip("/")
        return found

    def tree(self, part: str) -> Any | None:
        """The part as a tree of elements; None where there is none."""
        name = self._names.get(part.lower())
        if name is None:
            return None
        # nothing is looked up outside, no entity is put in; nesting and lengths stay within the library's bounds
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
        )
        try:
            tree = etree.fromstring(self._archive.read(name), parser)
        except etree.XMLSyntaxError as error:
            if error.code == etree.ErrorTypes.ERR_NO_MEMORY:
                raise MemoryError from error
            raise Unreadable("damaged") from error
        except _DAMAGE as error:
            raise Unreadable("damaged") from error
        if tree.getroottree().docinfo.internalDTD is not None:
            raise Unreadable("doctype")
        return tree


def local(tag: Any) -> str:
    """The name without its namespace; several are in use for one and the same thing. Also of an address."""
    return tag.rpartition("}")[2].rpartition("/")[2] if isinstance(tag, str) else ""


def value(element: Any, name: str = "val", otherwise: str = "") -> str:
    """An attribute by its name without namespace."""
    if element is not None:
        for key, said in element.items():
            if key.rpartition("}")[2] == name:
                return str(said)
    return otherwise


def child(element: Any, *path: str) -> Any | None:
    """The first child of that name, and so on down."""
    for name in path:
        if element is None:
            return None
        element = next((below for below in element if local(below.tag) == name), None)
    return element
