"""督办: what is supervised outside programmes, and what is issued, asked and recorded about it."""

from .items import ItemFile, ItemPart, SupervisedItem, SupervisedItemUserObjectPermission
from .numbering import NumberSeries

__all__ = ["ItemFile", "ItemPart", "NumberSeries", "SupervisedItem", "SupervisedItemUserObjectPermission"]
