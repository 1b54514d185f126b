"""The database itself notes which tasks a change may concern: whoever writes, by whatever road, is noticed.

A note is a new row, so writers never wait for each other; `programs/domain/standings.py` reads and clears the notes.
"""

from django.db import migrations

FUNCTIONS = {
    # tables that carry the task's number themselves
    "programs_note_task": "INSERT INTO programs_standingchange (task_id) VALUES (NEW.id);",
    "programs_note_task_id": """
        IF TG_OP <> 'DELETE' AND NEW.task_id IS NOT NULL THEN
            INSERT INTO programs_standingchange (task_id) VALUES (NEW.task_id);
        END IF;
        IF TG_OP <> 'INSERT' AND OLD.task_id IS NOT NULL
           AND (TG_OP = 'DELETE' OR NEW.task_id IS DISTINCT FROM OLD.task_id) THEN
            INSERT INTO programs_standingchange (task_id) VALUES (OLD.task_id);
        END IF;
    """,
    "programs_note_part": """
        INSERT INTO programs_standingchange (task_id)
        SELECT task_id FROM programs_responsibility
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.part_id ELSE NEW.part_id END;
    """,
    "programs_note_window": """
        INSERT INTO programs_standingchange (task_id)
        SELECT id FROM programs_task
        WHERE programme_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.programme_id ELSE NEW.programme_id END;
    """,
    "programs_note_programme": """
        INSERT INTO programs_standingchange (task_id) SELECT id FROM programs_task WHERE programme_id = NEW.id;
    """,
    # names of units stand in the reasons
    "programs_note_department": """
        INSERT INTO programs_standingchange (task_id)
        SELECT DISTINCT task_id FROM programs_responsibility WHERE department_id = NEW.id
        UNION SELECT 0;
    """,
    # leaders of tasks, places and groups are named in the lines of a ledger
    "programs_note_seat": """
        INSERT INTO programs_standingchange (task_id) SELECT id FROM programs_task WHERE responsible_leader_id = NEW.id;
    """,
    "programs_note_section": """
        INSERT INTO programs_standingchange (task_id) SELECT id FROM programs_task WHERE section_id = NEW.id;
    """,
    "programs_note_phase": """
        INSERT INTO programs_standingchange (task_id) SELECT id FROM programs_task WHERE phase_id = NEW.id;
    """,
    "programs_note_group": """
        INSERT INTO programs_standingchange (task_id)
        SELECT DISTINCT task_id FROM programs_responsibility WHERE group_id = NEW.id;
    """,
    # somebody may see more or less than before, or a line that belongs to no task moved: 0 is no task
    "programs_note_anything": "INSERT INTO programs_standingchange (task_id) VALUES (0);",
    "programs_note_everything": "INSERT INTO programs_standingchange (task_id) SELECT id FROM programs_task;",
}

ANYTHING = ("FOR EACH STATEMENT", "programs_note_anything")
#: trigger → table, moment, function. What a draft holds while it is typed moves no light.
TRIGGERS = {
    "task": ("programs_task", "AFTER INSERT OR UPDATE", "FOR EACH ROW", "programs_note_task"),
    "part": ("programs_responsibility", "AFTER INSERT OR UPDATE OR DELETE", "FOR EACH ROW", "programs_note_task_id"),
    "milestone": ("programs_milestone", "AFTER INSERT OR UPDATE OR DELETE", "FOR EACH ROW", "programs_note_task_id"),
    "entry": ("programs_progressentry", "AFTER INSERT OR DELETE", "FOR EACH ROW", "programs_note_part"),
    "entry_moved": (
        "programs_progressentry",
        "AFTER UPDATE",
        "FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.percent IS DISTINCT FROM NEW.percent"
        " OR OLD.unchanged IS DISTINCT FROM NEW.unchanged"
        # what is with the head or the office is shown with its version: a decision names the version it was made on
        " OR (NEW.state NOT IN ('draft', 'returned') AND OLD.row_version IS DISTINCT FROM NEW.row_version))",
        "programs_note_part",
    ),
    "window": ("programs_reportingwindow", "AFTER INSERT OR UPDATE OR DELETE", "FOR EACH ROW", "programs_note_window"),
    "programme": (
        "programs_programme",
        "AFTER UPDATE",
        "FOR EACH ROW WHEN (OLD.state IS DISTINCT FROM NEW.state"
        " OR OLD.light_policy_id IS DISTINCT FROM NEW.light_policy_id)",
        "programs_note_programme",
    ),
    "department": (
        "taskforce_department",
        "AFTER UPDATE",
        "FOR EACH ROW WHEN (OLD.name IS DISTINCT FROM NEW.name OR OLD.short_name IS DISTINCT FROM NEW.short_name)",
        "programs_note_department",
    ),
    "seat": ("taskforce_seat", "AFTER UPDATE", "FOR EACH ROW", "programs_note_seat"),
    "section": ("programs_section", "AFTER UPDATE", "FOR EACH ROW", "programs_note_section"),
    "phase": ("programs_phase", "AFTER UPDATE", "FOR EACH ROW", "programs_note_phase"),
    "group": ("taskforce_departmentgroup", "AFTER UPDATE", "FOR EACH ROW", "programs_note_group"),
    # who signs for a unit, whom to call: named beside what boards count
    "membership": (
        "taskforce_membership",
        "AFTER INSERT OR UPDATE OR DELETE",
        "FOR EACH STATEMENT",
        "programs_note_anything",
    ),
    "contact": ("taskforce_contact", "AFTER INSERT OR UPDATE OR DELETE", "FOR EACH STATEMENT", "programs_note_anything"),
    "person": (
        "taskforce_user",
        "AFTER UPDATE",
        "FOR EACH ROW WHEN (OLD.full_name IS DISTINCT FROM NEW.full_name OR OLD.is_active IS DISTINCT FROM NEW.is_active)",
        "programs_note_anything",
    ),
    # what the head of a programme's page shows beside its tasks
    "report": ("programs_progressreport", "AFTER INSERT OR UPDATE OR DELETE", *ANYTHING),
    "consultation": ("programs_consultation", "AFTER INSERT OR UPDATE OR DELETE", *ANYTHING),
    "remark": ("programs_leaderremark", "AFTER INSERT OR UPDATE OR DELETE", *ANYTHING),
    "document": ("programs_policydocument", "AFTER INSERT OR UPDATE OR DELETE", *ANYTHING),
    "head": ("programs_programme", "AFTER INSERT OR UPDATE OR DELETE", *ANYTHING),
    "phases": ("programs_phase", "AFTER INSERT OR UPDATE OR DELETE", *ANYTHING),
    "body": ("taskforce_body", "AFTER INSERT OR UPDATE OR DELETE", *ANYTHING),
    "task_grant": (
        "programs_taskuserobjectpermission",
        "AFTER INSERT OR DELETE",
        "FOR EACH STATEMENT",
        "programs_note_anything",
    ),
    "programme_grant": (
        "programs_programmeuserobjectpermission",
        "AFTER INSERT OR DELETE",
        "FOR EACH STATEMENT",
        "programs_note_anything",
    ),
    "holiday": (
        "workdays_holiday",
        "AFTER INSERT OR UPDATE OR DELETE",
        "FOR EACH STATEMENT",
        "programs_note_everything",
    ),
}


def _function(name: str, body: str) -> migrations.RunSQL:
    create = f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} RETURN NULL; END $$"
    return migrations.RunSQL(create, f"DROP FUNCTION {name}()")


def _trigger(name: str, table: str, moment: str, each: str, function: str) -> migrations.RunSQL:
    create = f"CREATE TRIGGER standing_{name} {moment} ON {table} {each} EXECUTE FUNCTION {function}()"
    return migrations.RunSQL(create, f"DROP TRIGGER standing_{name} ON {table}")


class Migration(migrations.Migration):
    dependencies = [("programs", "0007_standings"), ("taskforce", "0001_initial"), ("workdays", "0001_initial")]

    operations = [
        *(_function(name, body) for name, body in FUNCTIONS.items()),
        *(_trigger(name, *words) for name, words in TRIGGERS.items()),
        # what is there already is looked at with the first reading
        migrations.RunSQL("INSERT INTO programs_standingchange (task_id) SELECT id FROM programs_task", ""),
    ]
