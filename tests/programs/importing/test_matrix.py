"""文件导入: every state × every action × everybody, written by hand."""

import pytest

from programs.choices import DraftState
from programs.domain.importing import drafts
from programs.domain.importing.drafts import DRAFTS
from programs.models import PolicyDraft
from qualitycity.workflow import IllegalMove, NotAllowed, advance

pytestmark = pytest.mark.django_db

OFFICE = {"clerk", "director"}
#: (state, action) → (state reached, who). What is not listed is refused to everybody.
TABLE = {
    ("failed", "retry"): ("reading", OFFICE),
    ("reading", "discard"): ("discarded", OFFICE),
    ("failed", "discard"): ("discarded", OFFICE),
    ("review", "discard"): ("discarded", OFFICE),
    ("review", "apply"): ("applied", OFFICE),
    ("applied", "undo"): ("review", OFFICE),
    ("reading", "read"): ("review", {"the clock"}),
    ("reading", "fail"): ("failed", {"the clock"}),
}
ACTIONS = ("read", "fail", "retry", "discard", "apply", "undo")


@pytest.mark.parametrize("state", DraftState.values)
def test_matrix(world, state):
    from django.utils import timezone

    draft = drafts.open_draft(actor=world.actor("clerk"), jurisdiction=world.city, pasted="通知")
    more = {"failure": "读不了"} if state == "failed" else {}
    done = {"applied_at": timezone.now()}
    PolicyDraft.objects.filter(pk=draft.pk).update(state=state, **more, **(done if state == "applied" else {}))
    found = {}
    for action in ACTIONS:
        for name in [*world.people, "the clock"]:
            row = PolicyDraft.objects.select_related("jurisdiction").get(pk=draft.pk)
            fields = {"apply": done, "undo": {"applied_at": None}, "fail": {"failure": "读不了"}}.get(action, {})
            try:
                moved = _press(world, row, action, name, fields)
            except (IllegalMove, NotAllowed):
                continue
            found.setdefault((state, action), (moved, set()))[1].add(name)
    assert found == {key: answer for key, answer in TABLE.items() if key[0] == state}


def _press(world, row, action, name, fields):
    """The state reached; undone again."""
    from django.db import transaction

    from qualitycity.access import SYSTEM

    actor = SYSTEM if name == "the clock" else world.actor(name)
    with transaction.atomic():
        point = transaction.savepoint()
        state = advance(DRAFTS, row, action, actor=actor, fields=fields).state
        transaction.savepoint_rollback(point)
    return state
