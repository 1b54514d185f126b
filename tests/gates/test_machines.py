"""No transition table stands alone: each is documented, its states are checked, and random walks go over it."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from qualitycity.home.governed import GOVERNED
from qualitycity.home.tables import MACHINES
from qualitycity.workflow import Machine
from tests.gates.tree import PACKAGES
from tests.walks.registry import WALKS

#: Nothing of these is a rule of the portal, and some cannot be read outside their own process.
OTHERWISE_READ = {"settings", "migrations", "management", "asgi", "wsgi"}

#: (model, column of its state).
Name = tuple[str, str]


def _modules(package: str) -> Iterator[Any]:
    module = importlib.import_module(package)
    yield module
    for found in pkgutil.iter_modules(getattr(module, "__path__", [])):
        if found.name not in OTHERWISE_READ:
            yield from _modules(f"{package}.{found.name}")


def machines_of(values: Any) -> set[Name]:
    """Machines among these, or in the hands of something that carries one (a source of lines of a sheet)."""
    own = [value for value in values if type(value).__module__.partition(".")[0] in PACKAGES]
    found = [value if isinstance(value, Machine) else getattr(value, "machine", None) for value in own]
    return {_name(machine) for machine in found if isinstance(machine, Machine)}


def _name(machine: Machine) -> Name:
    return machine.model.lower(), machine.field


def all_machines() -> set[Name]:
    return set().union(
        *(machines_of(vars(module).values()) for package in PACKAGES for module in _modules(package))
    )


def test_the_search_finds_machines() -> None:
    """Those of a module, and the one a source of lines carries."""
    found = all_machines()
    assert {("programs.slip", "state"), ("programs.slipanswer", "state"), ("kpis.indicatorreading", "state")} <= found


def test_random_walks_go_over_every_machine() -> None:
    """One that is missing is added to `tests/walks/registry.py`, with a shadow table written by hand."""
    assert all_machines() - {_name(walk.machine) for walk in WALKS} == set()


def test_every_machine_is_documented() -> None:
    """One that is missing is added to `qualitycity/home/tables.py`; then `manage.py document_transitions`."""
    assert all_machines() - {_name(machine) for _title, machine in MACHINES} == set()


def test_the_states_of_every_machine_are_compared_with_the_journal() -> None:
    """One that is missing is added to `qualitycity/home/governed.py`."""
    assert {model for model, _field in all_machines()} == {model._meta.label_lower for model in GOVERNED}
