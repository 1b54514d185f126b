"""Sealed rules: one row per content, in canonical form, never changed."""

import threading
from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError, connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualitycity.sealing.canonical import digest
from qualitycity.sealing.models import RuleSnapshot, seal

POLICY = {"red_after": 5, "weight": Decimal("0.50"), "from": date(2026, 1, 1), "names": ["红", "黄"]}

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs", "Cc"]))
    | st.decimals(allow_nan=False, allow_infinity=False, places=3) | st.dates(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc质", max_size=3), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.django_db
def test_the_same_rule_is_stored_once_whatever_the_order_of_its_keys():
    first = seal("light", POLICY)
    again = seal("light", dict(reversed(POLICY.items())))
    assert first == again
    assert first.content == {"red_after": 5, "weight": "0.5", "from": "2026-01-01", "names": ["红", "黄"]}
    assert seal("ladder", POLICY) != first
    assert seal("light", {**POLICY, "red_after": 6}) != first
    assert RuleSnapshot.objects.count() == 3


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.text("abc质", max_size=3), values, max_size=4))
def test_what_is_stored_still_has_the_hash_it_was_sealed_under(content):
    stored = RuleSnapshot.objects.get(pk=seal("any", content).pk)
    assert digest(stored.content) == stored.sha256


@pytest.mark.django_db(transaction=True)
def test_eight_who_seal_the_same_rule_at_once_get_the_same_row():
    barrier, sealed = threading.Barrier(8), []

    def work():
        try:
            barrier.wait()
            sealed.append(seal("light", POLICY).pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sealed) == 8
    assert set(sealed) == {RuleSnapshot.objects.get().pk}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [lambda: RuleSnapshot.objects.update(content={}), lambda: RuleSnapshot.objects.all().delete()],
    ids=["update", "delete"],
)
def test_the_database_refuses_to_change_a_sealed_rule(change):
    seal("light", POLICY)
    with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
        change()
    assert RuleSnapshot.objects.get().content["red_after"] == 5


@pytest.mark.django_db
def test_what_has_no_canonical_form_is_not_sealed():
    with pytest.raises(ValueError, match="canonical"):
        seal("light", {"limit": float("nan")})
    assert not RuleSnapshot.objects.exists()
