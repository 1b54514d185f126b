"""Every check of the invariants, shown by a fault planted with SQL, past all domain functions."""

from datetime import date
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection

from programs.domain import breakdown, corrections, evidence, filing, reminders, sheet
from programs.domain.entries import TASKS
from programs.models import ProgressEntry, Responsibility
from qualitycity.files.models import StoredFile
from qualitycity.home import invariants
from taskforce.models import Delegation, Department, DepartmentName

from ..files.builders import pdf

pytestmark = pytest.mark.django_db


def sql(*statements: str) -> None:
    """Run them in the test's transaction; what waits to be checked at commit is checked before, so that tables may
    be altered."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in statements:
            cursor.execute(statement)


def faults(check=None) -> list[str]:
    return list(check() if check else invariants.violations())


@pytest.fixture
def filed(world):
    """A line of every kind of the way: accepted, corrected, with a milestone reached and a digest told."""
    clerk = world.actor("clerk")
    point = breakdown.add_milestone(
        programme=world.programme, task=world.tasks[0], actor=clerk, title="完成论证", due_on=date(2026, 3, 27)
    )
    breakdown.add_milestone(
        programme=world.programme, task=world.tasks[2], actor=clerk, title="完成抽检", due_on=date(2026, 3, 31)
    )
    reminders.scan()
    breakdown.settle_milestone(point, actor=clerk, state="done")
    world.file("jia_liaison", "甲局", percent=40)
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    new = corrections.correct(world.rows("甲局")[0], actor=world.actor("jia_liaison"), reason="数据有误")
    world.file("jia_liaison", "甲局", percent=50)
    filing.sign_rows(TASKS.machine, [new], actor=world.actor("jia_head"))
    filing.accept_rows(TASKS.machine, [new], actor=world.actor("clerk"))
    return world


def test_a_world_made_by_the_domain_is_without_fault(filed):
    assert ProgressEntry.objects.filter(state="superseded").exists()
    assert faults() == []


def test_the_command_is_silent_and_then_names_the_fault(filed):
    out = StringIO()
    call_command("check_invariants", stdout=out)
    assert out.getvalue() == ""
    dates = "opens_on = '2026-01-01', due_on = '2026-02-01'"
    sql(f"UPDATE programs_reportingwindow SET {dates} WHERE id = {filed.window.pk}")
    with pytest.raises(SystemExit) as ended:
        call_command("check_invariants", stdout=out)
    assert ended.value.code == 1
    assert out.getvalue().startswith(f"programs.ReportingWindow {filed.window.pk}: due on 2026-02-01")


@pytest.mark.parametrize(
    "spans",
    [
        [(None, "2001-05-01"), ("2001-04-30", None)],
        [("1990-01-01", "2005-01-01"), ("1995-01-01", "1996-01-01")],
        [(None, "2001-05-01"), (None, "1999-01-01")],
    ],
)
def test_dated_names_that_overlap(world, spans):
    unit = world.units["甲局"]
    for number, (since, until) in enumerate(spans):
        DepartmentName.objects.create(
            department=unit, name=f"甲{number}", short_name="甲", valid_from=since, valid_until=until
        )
    assert len(faults(invariants.dated_names_overlap)) == 1


def test_dated_names_that_follow_one_another_are_in_order(world):
    for since, until in ((None, "2001-05-01"), ("2001-05-01", "2019-03-01"), ("2019-03-01", None)):
        DepartmentName.objects.create(
            department=world.units["甲局"], name=f"甲{until}", short_name="甲", valid_from=since, valid_until=until
        )
    assert faults(invariants.dated_names_overlap) == []


def test_successors_in_a_circle(world):
    one, two = world.units["甲局"].pk, world.units["乙局"].pk
    Department.objects.filter(pk=one).update(successor=two)
    assert faults(invariants.successors_in_a_circle) == []
    Department.objects.filter(pk=two).update(successor=one)
    assert len(faults(invariants.successors_in_a_circle)) == 2


def test_a_path_that_does_not_follow_its_superior(world):
    sql(f"UPDATE taskforce_jurisdiction SET path = '/99/' WHERE id = {world.district.pk}")
    (said,) = faults()
    assert said.startswith(f"taskforce.Jurisdiction {world.district.pk}: its path is /99/, by its superior")


def test_two_stand_ins_at_a_time(world):
    people = world.people
    for deputy, last in (("jia_head", date(2026, 4, 10)), ("clerk", date(2026, 4, 2))):
        Delegation.objects.create(
            principal=people["jia_liaison"], deputy=people[deputy], first_day=date(2026, 4, 1), last_day=last
        )
    assert len(faults(invariants.stand_ins_overlap)) == 1
    Delegation.objects.filter(deputy=people["clerk"]).update(revoked_on=date(2026, 4, 1))
    assert faults(invariants.stand_ins_overlap) == []


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE programs_programme SET state = 'closed'", "programs.Programme"),
        ("UPDATE programs_task SET state = 'confirmed' WHERE number = '(1)'", "programs.Task"),
        ("UPDATE programs_responsibility SET state = 'assigned' WHERE state = 'signed_for'", "programs.Responsibility"),
        ("UPDATE programs_progressentry SET state = 'signed' WHERE state = 'accepted'", "programs.ProgressEntry"),
    ],
)
def test_a_state_that_the_journal_knows_nothing_of(filed, statement, words):
    sql(statement)
    said = faults(invariants.states_without_journal)
    assert said and all(sentence.startswith(words) and "the journal says" in sentence for sentence in said)


def test_a_row_born_in_a_late_state(world):
    window, part = world.window, Responsibility.objects.filter(department=world.units["丙局"]).get()
    sql(
        "INSERT INTO programs_progressentry (part_id, window_id, version, state, row_version, progress, result,"
        " problems, next_steps, coordination, percent_reason, unchanged, on_behalf, correction_reason, remark,"
        f" sign_mode, updated_at) VALUES ({part.pk}, {window.pk}, 1, 'returned', 1, '', '', '', '', '', '', false,"
        " false, '', '', '', now())"
    )
    assert "it was never moved" in faults()[0]


def test_a_period_closed_past_the_journal(world):
    sql(f"UPDATE programs_reportingwindow SET locked_at = now() WHERE id = {world.window.pk}")
    assert [said.split(":")[0] for said in faults()] == [f"programs.ReportingWindow {world.window.pk}"]


def test_a_part_left_behind_when_its_task_was_assigned(world):
    sql(
        "INSERT INTO programs_responsibility (task_id, department_id, role, printed, role_printed, origin, sort, state,"
        " convenor, responsible_person, settled_note, original_role, row_version) VALUES ("
        f"{world.tasks[2].pk}, {world.units['乙局'].pk}, 'support', '', '', 'printed', 9, 'pending', false, '', '', '', 1)"
    )
    (said,) = faults()
    assert f"task {world.tasks[2].pk} is assigned, this part of it is not" in said


def test_a_task_completed_over_an_open_part(world):
    pk = world.tasks[0].pk
    sql(f"UPDATE programs_task SET state = 'completed', completed_on = '2026-03-26' WHERE id = {pk}")
    assert faults(invariants.completed_tasks_with_open_parts) == [
        f"programs.Task {pk}: completed, but a part of it is neither done nor waived"
    ]


def test_a_milestone_reached_past_the_journal(filed):
    sql("UPDATE programs_milestone SET state = 'done', done_on = '2026-03-26' WHERE title = '完成抽检'")
    (said,) = faults()
    assert "“完成抽检” is reached" in said


def test_a_task_out_for_comment_without_a_round(world):
    sql(f"UPDATE programs_task SET state = 'consulting' WHERE id = {world.tasks[0].pk}")
    assert len(faults(invariants.tasks_out_for_comment_without_a_round)) == 1


def test_a_programme_that_runs_without_sealed_rules(world):
    sql("UPDATE programs_programme SET light_policy_id = NULL")
    (said,) = faults()
    assert "runs without sealed rules" in said


@pytest.mark.parametrize(
    ("constraint", "change"),
    [
        ("not_accepted_by_filer", "reviewed_by_id = filed_by_id"),
        ("not_accepted_by_filer", "reviewed_by_id = signed_by_id"),
        ("not_signed_by_filer", "signed_by_id = filed_by_id"),
    ],
)
def test_one_person_in_two_roles_even_where_the_table_has_lost_its_guard(filed, constraint, change):
    sql(
        f"ALTER TABLE programs_progressentry DROP CONSTRAINT progressentry_{constraint}",
        f"UPDATE programs_progressentry SET {change} WHERE version = 2",
    )
    (said,) = faults()
    assert "one person filed, signed or accepted" in said


def test_a_version_replaced_by_nothing(filed):
    sql("DELETE FROM programs_progressentry WHERE version = 2")
    (said,) = faults()
    assert "no accepted correction follows it" in said


def test_an_accepted_correction_that_replaced_nothing(filed):
    sql("UPDATE programs_progressentry SET state = 'accepted' WHERE state = 'superseded'")
    assert len(faults(invariants.corrections_out_of_step)) == 1


def test_a_signature_on_paper_without_its_scan(filed):
    sql("UPDATE programs_progressentry SET sign_mode = 'paper' WHERE version = 2")
    (said,) = faults()
    assert "signed on paper, and no scan shows it" in said


def test_a_kept_light_that_is_not_the_one_of_the_facts(filed):
    assert faults(invariants.lights_that_are_not_those_of_the_facts) == []
    sql("UPDATE programs_taskstanding SET light = 'red'")
    assert len(faults(invariants.lights_that_are_not_those_of_the_facts)) == len(filed.tasks)


def test_a_line_in_a_window_of_another_programme(filed):
    sql(
        "INSERT INTO programs_programme (key, jurisdiction_id, title, short_title, year, starts_on, starts_computed,"
        " ends_on, ends_computed, state, report_every, report_opens_before, report_due_after, contact, row_version)"
        " SELECT 'other', jurisdiction_id, title, short_title, year, starts_on, false, ends_on, false, 'draft',"
        " 'quarter', 10, 5, '', 1 FROM programs_programme",
        f"UPDATE programs_reportingwindow SET programme_id = (SELECT id FROM programs_programme WHERE key = 'other')"
        f" WHERE id = {filed.window.pk}",
    )
    assert len(faults(invariants.lines_of_other_programmes)) == ProgressEntry.objects.count()


def test_windows_that_overlap(world):
    sql("UPDATE programs_reportingwindow SET ends_on = '2026-04-02' WHERE starts_on = '2026-01-01'")
    (said,) = faults(invariants.windows_out_of_order)
    assert "overlaps another window" in said


def test_a_file_that_the_disk_has_lost(world):
    window = world.window
    typed = world.typed("jia_liaison", "甲局", window)
    sheet.save(actor=world.actor("jia_liaison"), window=window, departments={world.units["甲局"].pk}, typed=typed)
    upload = SimpleUploadedFile("论证报告.pdf", pdf())
    evidence.attach(world.rows("甲局")[0], actor=world.actor("jia_liaison"), uploads=[upload])
    assert faults() == []
    sql("UPDATE files_storedfile SET storage_name = '00/" + "0" * 32 + "'")
    (said,) = faults()
    assert said.startswith(f"files.StoredFile {StoredFile.objects.get().pk}: “论证报告.pdf”")


def test_two_digests_of_one_day(filed):
    sql(
        "INSERT INTO outbox_inboxitem (recipient_id, kind, dedup_key, title, body, url, urgent, created_at)"
        " SELECT recipient_id, kind, dedup_key || ':again', title, body, url, urgent, created_at FROM outbox_inboxitem"
        f" WHERE kind = 'digest' AND recipient_id = {filed.people['bing_liaison'].pk}"
    )
    (said,) = faults()
    assert said == f"outbox.InboxItem: account {filed.people['bing_liaison'].pk} has 2 digests of 2026-03-26"


def test_a_reminder_nobody_was_told(filed):
    sql("DELETE FROM outbox_inboxitem WHERE kind = 'digest'")
    assert f"account {filed.people['bing_liaison'].pk} never got the digest of 2026-03-26" in "\n".join(faults())
