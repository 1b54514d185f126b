"""The chain: complete under concurrent writers, and broken by every kind of tampering."""

import threading

import pytest
from celery import current_app
from django.core.management import CommandError, call_command
from django.db import connection, connections, transaction

from qualitycity.audit import record
from qualitycity.audit.models import Entry, Seal
from qualitycity.audit.sealer import GENESIS, LOCK, head, seal_pending, unsealed_count, verify

from .conftest import Person, settle, settled_seal

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("sealing")]


@pytest.fixture
def five(subject):
    entries = [
        record(
            subject=subject,
            action=f"a{n}",
            actor=Person(),
            before={"x": 0.1, "b": [1, None]},
            after={"质": "量"},
        )
        for n in range(5)
    ]
    assert settled_seal() == 5
    return [entry.pk for entry in entries]


def in_background(work) -> threading.Thread:
    def run():
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_each_link_continues_the_one_before(five):
    seals = list(Seal.objects.order_by("seq"))
    assert [seal.seq for seal in seals] == [1, 2, 3, 4, 5]
    assert [seal.entry_id for seal in seals] == five
    assert [seal.prev_hash for seal in seals] == [GENESIS, *(seal.hash for seal in seals[:-1])]
    assert len({seal.hash for seal in seals}) == 5
    assert verify() == []
    assert head() == seals[-1]


def test_sealing_again_adds_nothing_and_goes_on_in_steps(five, subject):
    assert seal_pending() == 0
    for number in range(3):
        record(subject=subject, action=str(number))
    assert unsealed_count() == 3
    assert (settled_seal(limit=2), seal_pending(limit=2)) == (2, 1)
    record(subject=subject, action="by the job")
    settle()
    current_app.tasks["audit.seal"]()
    assert (Seal.objects.count(), verify()) == (9, [])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET reason = 'never said' WHERE id = %s",
        "UPDATE audit_entry SET actor_id = 8 WHERE id = %s",
        "UPDATE audit_entry SET at = at + interval '1 microsecond' WHERE id = %s",
        "UPDATE audit_entry SET after = after || '{\"percent\": 100}' WHERE id = %s",
        "UPDATE audit_entry SET before = NULL WHERE id = %s",
        "UPDATE audit_entry SET audience = 'office' WHERE id = %s",
        "UPDATE audit_seal SET hash = repeat('a', 64) WHERE entry_id = %s",
        "UPDATE audit_seal SET prev_hash = repeat('a', 64) WHERE entry_id = %s",
        "DELETE FROM audit_entry WHERE id = %s",
        "DELETE FROM audit_seal WHERE entry_id = %s",
    ],
)
def test_any_change_behind_the_triggers_back_is_found_at_its_place(five, unlocked, statement):
    unlocked(statement, five[2])
    problems = verify()
    # a changed link also shows at the link after it, never before the change
    assert problems
    assert problems[0].entry_id in five[2:4]
    with pytest.raises(CommandError, match="not intact"):
        call_command("verify_journal")


def test_two_entries_that_change_places_are_found(five, unlocked):
    unlocked("UPDATE audit_seal SET entry_id = -entry_id WHERE entry_id IN (%s, %s)", five[1], five[3])
    unlocked("UPDATE audit_seal SET entry_id = %s WHERE entry_id = %s", five[3], -five[1])
    unlocked("UPDATE audit_seal SET entry_id = %s WHERE entry_id = %s", five[1], -five[3])
    assert {problem.entry_id for problem in verify()} == {five[1], five[3]}


def test_an_entry_slipped_in_among_sealed_ones_is_found(five, subject, unlocked):
    forged = record(subject=subject, action="x")
    unlocked("UPDATE audit_entry SET id = %s WHERE id = %s", five[0] - 1, forged.pk)
    # what a transaction somewhere may still be writing is not looked at yet
    settle()
    [problem] = verify()
    assert str(problem) == f"entry {five[0] - 1}: has no seal although later entries have one"


def test_an_intact_journal_says_so_with_its_last_link(five, subject, capsys):
    record(subject=subject, action="new")
    call_command("verify_journal")
    shown = capsys.readouterr().out
    assert f"last link: 5 {head().hash}" in shown
    assert "not yet sealed: 1" in shown
    assert "The journal is intact." in shown
    settle()
    call_command("seal_journal")
    assert "sealed: 1" in capsys.readouterr().out
    assert unsealed_count() == 0


def test_entries_behind_an_open_transaction_wait_for_it(subject):
    """The one with the lower number commits last; the chain must not pass it by."""
    written, may_commit = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            record(subject=subject, action="slow")
            written.set()
            may_commit.wait(10)

    writer = in_background(slow)
    assert written.wait(10)
    record(subject=subject, action="quick")
    assert seal_pending() == 0
    may_commit.set()
    writer.join()
    assert settled_seal() == 2
    order = Entry.objects.in_bulk(Seal.objects.order_by("seq").values_list("entry_id", flat=True)).values()
    assert {entry.action for entry in order} == {"slow", "quick"}
    assert list(Seal.objects.order_by("seq").values_list("entry_id", flat=True)) == sorted(
        Entry.objects.values_list("pk", flat=True)
    )
    assert verify() == []


def test_a_late_entry_far_behind_is_sealed_by_a_complete_round(five, subject, unlocked, monkeypatch):
    monkeypatch.setattr("qualitycity.audit.sealer.LOOK_BACK", 2)
    unlocked("TRUNCATE audit_seal")
    assert settled_seal() == 5
    unlocked("DELETE FROM audit_seal WHERE entry_id <> %s", five[4])
    assert settled_seal() == 1, "the newest part only"
    assert seal_pending(complete=True) == 3


def test_a_journal_restored_from_a_backup_of_another_server_goes_on(five, subject, unlocked):
    record(subject=subject, action="unsealed when the backup was made")
    unlocked("UPDATE audit_entry SET xid = xid + 1000000000")
    record(subject=subject, action="after the restore")
    assert settled_seal() == 2
    assert verify() == []


def test_only_one_sealer_at_a_time(five, subject):
    record(subject=subject, action="x")
    held, release = threading.Event(), threading.Event()

    def other_sealer():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
            held.set()
            release.wait(10)

    other = in_background(other_sealer)
    assert held.wait(10)
    settle()
    assert seal_pending() == 0
    release.set()
    other.join()
    assert settled_seal() == 1


def test_eight_writers_and_two_sealers_at_once_leave_a_whole_chain(subject):
    rounds, failures, stop = 40, [], threading.Event()

    def write(number):
        try:
            for turn in range(rounds):
                if turn % 4 == 3:
                    record(subject=subject, action=f"w{number}")
                    continue
                try:
                    with transaction.atomic():
                        record(subject=subject, action=f"w{number}")
                        record(subject=subject, action=f"w{number}", reason="second")
                        if turn % 4 == 1:
                            raise InterruptedError
                except InterruptedError:
                    pass
        except Exception as error:
            failures.append(error)

    def seal():
        try:
            while not stop.is_set():
                seal_pending(limit=37)
        except Exception as error:
            failures.append(error)

    sealers = [in_background(seal) for _ in range(2)]
    writers = [in_background(lambda number=number: write(number)) for number in range(8)]
    for writer in writers:
        writer.join()
    stop.set()
    for sealer in sealers:
        sealer.join()
    assert failures == []
    while settled_seal():
        pass
    # of four turns two write two entries, one is rolled back, one writes a single entry
    assert Entry.objects.count() == 8 * rounds // 4 * 5
    assert Seal.objects.count() == Entry.objects.count()
    assert verify() == []
