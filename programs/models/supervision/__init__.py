"""督办: what is supervised outside programmes, and what is issued, asked and recorded about it."""

from .item_reports import ItemReport, ItemReportFile
from .items import ItemFile, ItemPart, SupervisedItem, SupervisedItemUserObjectPermission
from .numbering import NumberSeries

__all__ = [
    "ItemFile",
    "ItemPart",
    "ItemReport",
    "ItemReportFile",
    "NumberSeries",
    "SupervisedItem",
    "SupervisedItemUserObjectPermission",
]
