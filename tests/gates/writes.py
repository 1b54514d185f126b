"""Finding the places that write rows: an AST scan, knowing no types, that asks how a call looks.

A row of a governed state is written in its own app's `domain/` and nowhere else. Looked at are:
- `.create .bulk_create .bulk_update .get_or_create .update_or_create` on whatever;
- `.update(name=…)`: with names and nothing else it is a queryset's, a dictionary takes a positional argument;
- `.save()` and `.delete()` without positional arguments: with one it is a storage, a workbook, a cache;
  `form.save(commit=False)` writes nothing;
- SQL that begins with INSERT, UPDATE, DELETE or TRUNCATE.
In `domain/` and in the ground apps the same calls are fine on the own app's models, and faults on another's.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.gates.tree import APPS, with_suffix

ALWAYS = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create"}
ALWAYS |= {f"a{name}" for name in ALWAYS}
WHOLE_ROW = {"save", "delete", "asave", "adelete"}
BY_NAMES = {"update", "aupdate"}
CHANGING_SQL = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")
PAGE_SIDE = {"views", "forms", "admin", "middleware", "templatetags", "context", "jobs", "queries", "urls"}
EXEMPT = {"migrations", "tests"}


@dataclass(frozen=True)
class Write:
    """One call that writes. `name` is `file:function:call`, stable against moved lines, for the allow-list."""

    file: str
    line: int
    function: str
    call: str

    @property
    def name(self) -> str:
        return f"{self.file}:{self.function}:{self.call}"

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.function} calls {self.call}"


def _root_name(node: ast.expr) -> str | None:
    """The name an attribute and call chain starts from: `Task` for `Task.objects.filter(…).update`."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else None


def _writes(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute):
        return False
    method, names = call.func.attr, {keyword.arg for keyword in call.keywords}
    if method in ("execute", "executemany") and call.args:
        words = call.args[0]
        text = words.value if isinstance(words, ast.Constant) and isinstance(words.value, str) else ""
        return text.lstrip().upper().startswith(CHANGING_SQL)
    if method in ALWAYS:
        return True
    if method in BY_NAMES:
        return bool(names) and not call.args
    if method in WHOLE_ROW and not call.args:
        unsaved = any(
            keyword.arg == "commit" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
            for keyword in call.keywords
        )
        inside_itself = isinstance(call.func.value, ast.Call) and _root_name(call.func.value) == "super"
        return not unsaved and not inside_itself
    return False


class _Finder(ast.NodeVisitor):
    """Collects the writing calls of one module, with the function each stands in and the origin of its root name."""

    def __init__(self) -> None:
        self.path: list[str] = []
        self.origins: dict[str, str] = {}
        self.found: list[tuple[ast.Call, str]] = []

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if node.module and not node.level:
                self.origins[alias.asname or alias.name] = f"{node.module}.{alias.name}"

    def _enter(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.path.append(node.name)
        self.generic_visit(node)
        self.path.pop()

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _enter

    def visit_Call(self, node: ast.Call) -> None:
        if _writes(node):
            self.found.append((node, ".".join(self.path) or "module"))
        self.generic_visit(node)


def _package(module: str) -> str:
    """The app a dotted module belongs to: `programs`, or `qualitycity.outbox` for a ground app."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "qualitycity" else parts[0]


def _is_domain_call(call: ast.Call, origins: dict[str, str]) -> bool:
    """A function of a domain module, called by the module's name: `sheet.save(…)`."""
    assert isinstance(call.func, ast.Attribute)
    receiver = call.func.value
    return isinstance(receiver, ast.Name) and "domain" in origins.get(receiver.id, "").split(".")


def _own_writes_allowed(parts: tuple[str, ...]) -> bool:
    if parts[0] in APPS:
        return "domain" in parts
    return parts[1] != "home" and not PAGE_SIDE.intersection(parts)


def stray_writes(root: Path) -> Iterator[Write]:
    """Every write that stands where none should."""
    for name, path in with_suffix(root, ".py"):
        parts = path.relative_to(root).with_suffix("").parts
        if parts[0] not in (*APPS, "qualitycity") or len(parts) < 2 or EXEMPT.intersection(parts):
            continue
        finder = _Finder()
        finder.visit(ast.parse(path.read_text()))
        own = _package(".".join(parts))
        for call, function in finder.found:
            if _is_domain_call(call, finder.origins):
                continue
            if _own_writes_allowed(parts):
                origin = finder.origins.get(_root_name(call.func) or "", "")
                package = _package(origin)
                foreign = package != own and package.split(".")[0] in (*APPS, "qualitycity")
                if not foreign:
                    continue
            yield Write(name, call.lineno, function, ast.unparse(call.func))
