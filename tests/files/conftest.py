from dataclasses import dataclass

import pytest
from django.utils import translation


@dataclass(frozen=True)
class Person:
    user_id: int | None


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def person(db, django_user_model) -> Person:
    return Person(django_user_model.objects.create_user(username="zhang", password=None).pk)
