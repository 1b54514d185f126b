"""Supervised items as they are photographed, from the list to the completion report's page."""

from typing import Any


def items() -> dict[str, Any]:
    """Rows of the fictional city whose pages are photographed."""
    from programs.models import ItemPart, ItemReport, SupervisedItem

    rows = SupervisedItem.objects.filter(restricted=False)
    out = rows.filter(state="assigned").order_by("due_on")[0]
    done = rows.filter(state__in=["completed", "closed"]).first() or out
    registered = rows.filter(state="registered").first() or out
    part = ItemPart.objects.filter(item__state="assigned", item__restricted=False, role="lead").first()
    report = ItemReport.objects.filter(part__item__restricted=False).order_by("-pk").first()
    return {
        "item": out.pk, "item_done": done.pk, "item_new": registered.pk, "item_part": part.pk if part else 0,
        "item_report": report.pk if report else 0,
    }  # fmt: skip


#: name, who, path
ITEM_SHOTS = (
    ("item-list", "office", "/items/"),
    ("item-list-empty", "office", "/items/?q=zzz"),
    ("item-kind", "office", "/items/new/"),
    ("item-new-instruction", "office", "/items/new/?kind=instruction"),
    ("item-new-case", "office", "/items/new/?kind=case"),
    ("item-new-leader", "secretary", "/items/new/"),
    ("item", "office", "/items/{item}/"),
    ("item-done", "office", "/items/{item_done}/"),
    ("item-units", "office", "/items/{item_new}/units/"),
    ("item-report-form", "office", "/item-parts/{item_part}/report/"),
    ("item-report", "office", "/item-reports/{item_report}/"),
)
