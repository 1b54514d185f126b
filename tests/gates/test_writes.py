"""No row of a governed state is written outside its app's domain."""

from pathlib import Path

from tests.gates.tree import ROOT, plant
from tests.gates.writes import stray_writes

# what is no governed state, and why it may be written there: `file:function:call`
ALLOWED: dict[str, str] = {
    "taskforce/models/jurisdictions.py:Jurisdiction.save:type(self).objects.filter(pk=self.pk).update": (
        "the path through the tree follows from the parent"
    ),
    "taskforce/models/jurisdictions.py:Jurisdiction.save:child.save": "and so do the children's",
}


def writes_outside_domain(root: Path, allowed: dict[str, str]) -> list[str]:
    """Stray writes that the allow-list does not name."""
    return [str(write) for write in stray_writes(root) if write.name not in allowed]


def test_rows_are_written_in_the_domain_only() -> None:
    assert writes_outside_domain(ROOT, ALLOWED) == []


def test_the_allow_list_names_nothing_that_is_gone() -> None:
    assert set(ALLOWED) - {write.name for write in stray_writes(ROOT)} == set()


def test_harmless_calls_are_left_alone(tmp_path: Path) -> None:
    plant(
        tmp_path,
        "programs/views/fine.py",
        "def page(request, form, book, cache, data):\n"
        "    data.update({'a': 1})\n    book.save('x.xlsx')\n    cache.delete('key')\n"
        "    row = form.save(commit=False)\n    cursor.execute('SELECT 1')\n"
        "from programs.domain import sheet\nsheet.save(actor=1)\n",
    )
    plant(tmp_path, "programs/domain/filing.py", "from programs.models import Task\nTask.objects.create(title='x')\n")
    plant(tmp_path, "programs/migrations/0002_x.py", "Task.objects.create(title='x')\n")
    plant(tmp_path, "programs/models/tasks.py", "class Task:\n    def save(self):\n        super().save()\n")
    plant(tmp_path, "qualitycity/outbox/messages.py", "Message.objects.create(kind='x')\n")
    assert writes_outside_domain(tmp_path, {}) == []


def test_planted_writes_are_found(tmp_path: Path) -> None:
    lines = [
        "Task.objects.create(title='x')",
        "Task.objects.filter(pk=1).update(state='done')",
        "task.save(update_fields=['state'])",
        "form.save()",
        "task.parts.all().delete()",
        "Task.objects.update_or_create(pk=1)",
        "cursor.execute('update programs_task set state = 1')",
        "Task.objects.bulk_update(rows, ['state'])",
    ]
    text = "def page(request):\n" + "".join(f"    {line}\n" for line in lines)
    plant(tmp_path, "programs/views/bad.py", text)
    found = [write.line for write in stray_writes(tmp_path)]
    assert found == list(range(2, len(lines) + 2))
    assert writes_outside_domain(tmp_path, {"programs/views/bad.py:page:form.save": "planted"}) == [
        str(write) for write in stray_writes(tmp_path) if write.call != "form.save"
    ]


def test_planted_writes_into_another_app_are_found(tmp_path: Path) -> None:
    text = "from qualitycity.outbox.models import Message\nfrom taskforce.models import Department\n"
    plant(tmp_path, "programs/domain/bad.py", text + "Message.objects.create()\nDepartment.objects.update(name='x')\n")
    plant(tmp_path, "qualitycity/home/views/start.py", "def start():\n    inbox.update(read=True)\n")
    assert len(writes_outside_domain(tmp_path, {})) == 3
