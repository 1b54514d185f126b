"""Which items are tasks, and who answers for each."""

from dataclasses import dataclass

from ..extraction import RoleMode, TaskFound, Unit
from ..source import Span
from . import words
from .clauses import Clause, Party
from .finding import clauses_in
from .outline import Node
from .reading import Reading
from .units import units_of

QUOTE = 30
_PARTS = frozenset(("pnum", "half", "circled"))


@dataclass
class _Item:
    """A node that may be a task, with the clauses in its own text."""

    node: Node
    clauses: list[Clause]
    group: Clause | None = None
    from_path: str | None = None
    end: int = 0


def find_tasks(reading: Reading, roots: list[Node]) -> tuple[TaskFound, ...]:
    """Every task in printed order."""
    items: list[_Item] = []
    _collect(reading, roots, items, None, None)
    return tuple(_task(reading, item) for item in items if _is_task(item))


def _collect(
    reading: Reading, nodes: list[Node], out: list[_Item], above: Clause | None, path: str | None
) -> None:
    """Walks one row of siblings. `above`, `path`: a clause in the heading of the group, and whose."""
    row: list[_Item] = []
    for node in nodes:
        inside = _own_children(reading, node)
        end = node.own_end if inside else node.end
        item = _Item(node, clauses_in(reading, node.after, end), above, path, end)
        if not inside:
            row.append(item)
            out.append(item)
            continue
        heading = item.clauses[-1] if item.clauses else None
        if heading is not None and not _in_heading(reading.text, node, heading):
            if any(_has_clause(reading, child) for child in inside):
                row.append(item)
                out.append(item)
                heading = None
        _collect(reading, inside, out, heading or above, node.path if heading is not None else path)
    _share(row)


def _own_children(reading: Reading, node: Node) -> list[Node]:
    """The children that are items themselves; a listing inside an item has none."""
    children = node.children
    if not children:
        return []
    with_clause = [child for child in children if clauses_in(reading, child.after, child.own_end)]
    if len(with_clause) > 1:
        return children
    if children[0].mark.form in _PARTS and node.rank >= 4:
        return []
    if _is_enumeration(reading.text, children):
        return []
    return children


def _is_enumeration(text: str, children: list[Node]) -> bool:
    """1.…;2.…;3.…。 is one sentence in parts."""
    if any(child.children for child in children) or len(children) < 2:
        return False
    return all(text[child.start : child.end].rstrip().endswith((";", ",")) for child in children[:-1])


def _in_heading(text: str, node: Node, clause: Clause) -> bool:
    """Whether the clause belongs to the heading of a group, with no sentence before it."""
    return not any(mark in text[node.after : clause.start] for mark in "。;")


def _has_clause(reading: Reading, node: Node) -> bool:
    return any(clauses_in(reading, part.after, part.own_end) for part in node.walk())


def _share_above(row: list[_Item]) -> None:
    """以上两项工作由…: the clause covers as many items as it says, those of them that have none of their own."""
    for place, item in enumerate(row):
        said = [clause for clause in item.clauses if clause.above]
        parent = item.node.parent
        if not said or parent is None:
            continue
        clause = said[-1]
        item.clauses.remove(clause)
        begin = place - clause.count + 1 if clause.count else place
        while not clause.count and begin > 0 and not row[begin - 1].clauses:
            begin -= 1
        for covered in row[max(begin, 0) : place + 1]:
            if not covered.clauses:
                covered.group, covered.from_path = clause, parent.path
        item.end = clause.start


def _share(row: list[_Item]) -> None:
    """A clause on a line of its own covers all items above it that have none."""
    _share_above(row)
    lone = [place for place, item in enumerate(row) if item.clauses and item.clauses[-1].own_line]
    runs = []
    for place in lone:
        begin = place
        while begin > 0 and not row[begin - 1].clauses:
            begin -= 1
        runs.append((begin, place))
    if not runs or not any(begin < place for begin, place in runs):
        return
    if (
        len(runs) > 1
        and min(place - begin for begin, place in runs) == 0
        and max(place - begin for begin, place in runs) < 2
    ):
        return
    for begin, place in runs:
        if begin == place or row[place].node.parent is None:
            continue
        clause = row[place].clauses.pop()
        parent = row[place].node.parent
        for item in row[begin : place + 1]:
            item.group, item.from_path = clause, parent.path if parent else None
        row[place].end = clause.start


def _is_task(item: _Item) -> bool:
    if item.node.kind == "phase":
        return any(clause.bracketed for clause in item.clauses)
    if item.clauses or item.group is not None:
        return True
    if item.node.mark.form == "article":
        return False
    if item.node.kind == "safeguard" and item.node.parent is None:
        return item.node.body > item.node.title[0] or item.node.run_in
    return item.node.kind in ("work", "safeguard")


def _task(reading: Reading, item: _Item) -> TaskFound:
    node, text = item.node, reading.text
    clauses = item.clauses or ([item.group] if item.group is not None else [])
    leads, supports, responsible, mode, open_ended = assign(reading, clauses)
    body = _quote_start(reading, item)
    due = next((clause.due for clause in clauses if clause.due is not None), None)
    return TaskFound(
        path=node.path,
        number=reading.quote(reading.span(node.mark.start, node.mark.end)),
        title="".join(reading.quote(reading.span(*node.title)).split()) or text[body : body + 20],
        section=node.parent.path if node.parent is not None else node.path,
        quote=reading.span(body, _quote_end(text, body, item.end)),
        span=reading.span(node.start, item.end),
        lead_units=leads,
        support_units=supports,
        responsible_units=responsible,
        role_mode=mode,
        open_ended=open_ended,
        clause=_clause_span(reading, clauses),
        inherited_from=None if item.clauses else item.from_path if item.group is not None else None,
        kind="safeguard" if node.kind == "safeguard" else "work",
        clauses=tuple(reading.span(clause.start, clause.end) for clause in clauses),
        due=reading.span(*due) if due is not None else None,
    )


def _clause_span(reading: Reading, clauses: list[Clause]) -> Span | None:
    return reading.span(clauses[0].start, clauses[0].end) if clauses else None


def _quote_start(reading: Reading, item: _Item) -> int:
    """The first sentence of the item; a heading on a line of its own is left out."""
    body = item.node.body
    alone = item.clauses and item.clauses[0].own_line and item.clauses[0].start <= body
    return item.node.title[0] if alone else body


def _quote_end(text: str, start: int, end: int) -> int:
    stop = text.find("\n", start, end)
    limit = min(start + QUOTE, end)
    return min(limit, stop) if stop - start > 12 else limit


def assign(
    reading: Reading, clauses: list[Clause]
) -> tuple[tuple[Unit, ...], tuple[Unit, ...], tuple[Unit, ...], RoleMode, bool]:
    """(lead, support, responsible, mode, open) of all clauses of an item together."""
    leads: list[Unit] = []
    supports: list[Unit] = []
    responsible: list[Unit] = []
    mode: RoleMode = "unspecified"
    for clause in clauses:
        units = units_of(reading, [party.piece for party in clause.parties])
        pairs = list(zip(clause.parties, units, strict=True))
        rows: dict[str, list[Unit]] = {"lead": [], "support": [], "responsible": []}
        for party, unit in pairs:
            rows[_role(party)].append(unit)
        if rows["support"] and rows["responsible"] and not rows["lead"]:
            rows["lead"], rows["responsible"] = rows["responsible"], []
        if rows["lead"] and rows["responsible"]:
            rows["support"], rows["responsible"] = [*rows["support"], *rows["responsible"]], []
        mode = _stronger(mode, _mode(reading, clause, rows))
        if mode == "first_is_lead" and not rows["lead"]:
            rows["lead"] = rows["responsible"][:1]
        for known, new in (
            (leads, rows["lead"]),
            (supports, rows["support"]),
            (responsible, rows["responsible"]),
        ):
            known += [unit for unit in new if unit.name not in {other.name for other in known}]
    open_ended = any(clause.open_ended for clause in clauses)
    if mode == "sole" and len(responsible) > 1:
        mode = "joint"
    return tuple(leads), tuple(supports), tuple(responsible), mode, open_ended


def _role(party: Party) -> str:
    return "responsible" if party.role == "pending" else party.role


def _mode(reading: Reading, clause: Clause, rows: dict[str, list[Unit]]) -> RoleMode:
    if rows["lead"] or rows["support"]:
        return "lead_support"
    only = rows["responsible"]
    if len(only) == 1:
        if words.MEMBERS.search(only[0].name):
            return "all_members"
        return "joint" if clause.open_ended and only[0].kind == "unit" else "sole"
    return "first_is_lead" if reading.first_leads else "joint"


_ORDER = ("unspecified", "all_members", "sole", "joint", "first_is_lead", "lead_support")


def _stronger(one: RoleMode, other: RoleMode) -> RoleMode:
    if {one, other} == {"sole", "all_members"}:
        return "joint"
    return max(one, other, key=_ORDER.index)
