"""The five programmes as their files tell them, and somebody who may read historical records."""

from pathlib import Path

import pytest

from programs.domain.loading import load_programme
from programs.loading.reader import read_programmes
from programs.models import Programme
from taskforce.choices import Role
from taskforce.domain.registers import load_registers
from taskforce.loading.reader import read_registers
from taskforce.models import Jurisdiction

from ..factories import make_user

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@pytest.fixture(scope="session")
def registers():
    return read_registers(FIXTURES / "registers")


@pytest.fixture(scope="session")
def facts(registers):
    """Facts of every programme file by the programme's key."""
    return {row.programme.key: row for row in read_programmes(FIXTURES / "programmes", registers)}


@pytest.fixture
def load(db, registers, facts):
    """`load("pingli-2016")` → the programme, loaded with its registers."""

    def one(key):
        load_registers(registers=registers)
        load_programme(facts=facts[key])
        return Programme.objects.select_related("document", "body").get(key=key)

    return one


@pytest.fixture
def office_of(client):
    """`office_of(programme)` → a client signed in as a clerk of the office that keeps the programme."""

    def sign_in(programme, role=Role.OFFICE_CLERK):
        place = Jurisdiction.objects.get(pk=programme.jurisdiction_id)
        user = make_user(f"{role}-{programme.key}", role, jurisdiction=place)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
