"""The machines that are walked over. A new one is added here, with a module of its own beside this one."""

from . import item_walks, programme_walks
from .walk import Walk

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
)
