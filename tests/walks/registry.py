"""The machines that are walked over. A new one is added here, with a module of its own beside this one; a gate looks
that none is missing (`tests/gates/test_machines.py`)."""

from . import change_walks, import_walks, item_walks, meeting_walks, paper_walks, programme_walks, slip_walks
from .walk import Walk

#: In the order in which their rows are prepared: a later one may build on those before it.
WALKS: tuple[Walk, ...] = (
    programme_walks.PROGRAMMES,
    programme_walks.TASKS,
    programme_walks.PARTS,
    programme_walks.LINES,
    programme_walks.READINGS,
    programme_walks.BUILDS,
    item_walks.ITEMS,
    item_walks.ITEM_PARTS,
    item_walks.ITEM_REPORTS,
    meeting_walks.MATTERS,
    meeting_walks.MEETINGS,
    meeting_walks.MEETING_PDFS,
    slip_walks.SLIPS,
    slip_walks.ANSWERS,
    slip_walks.BULLETINS,
    change_walks.EXTENSIONS,
    change_walks.ADJUSTMENTS,
    paper_walks.MATERIALS,
    paper_walks.RUNS,
    paper_walks.CONTRIBUTIONS,
    import_walks.DRAFTS,
)
