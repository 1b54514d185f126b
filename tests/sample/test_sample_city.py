"""The fictional city, built once on an ordinary day and looked at from all sides."""

import stat
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.utils import timezone

from kpis.models import IndicatorReading
from programs.models import (
    Consultation,
    Evidence,
    LeaderRemark,
    Milestone,
    PaperSignature,
    Programme,
    ProgressEntry,
    ProgressReport,
    Responsibility,
    Task,
)
from programs.queries.board import board
from qualitycity.audit.models import Entry
from qualitycity.home.invariants import violations
from qualitycity.outbox.models import InboxItem
from qualitycity.workdays.calendar import load_calendar
from taskforce.contracts import actor_context
from taskforce.models import Delegation, DepartmentGroup, Membership, User

TODAY = "2026-05-20T11:00:00+08:00"
KEY = "shili-quality-plan"

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("sample-city")]


@pytest.fixture(scope="module")
def accounts_file(tmp_path_factory):
    return tmp_path_factory.mktemp("sample") / "accounts.txt"


@pytest.fixture(scope="module")
def printed(django_db_setup, django_db_blocker, accounts_file):
    """What the command prints. The city is committed, for its report is built outside the transaction."""
    out = StringIO()
    with django_db_blocker.unblock(), time_machine.travel(TODAY, tick=False):
        call_command("load_sample_city", accounts_file=accounts_file, stdout=out)
    yield out.getvalue()
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False, allow_cascade=True)


@pytest.fixture(autouse=True)
def city(printed):
    with time_machine.travel(TODAY, tick=False):
        yield Programme.objects.get(key=KEY)


def rows(city):
    actor = actor_context(User.objects.get(username="office"), day=timezone.localdate())
    found = board(city.tasks.all(), actor=actor, today=timezone.localdate(), calendar=load_calendar())
    return {row.task.number: row for row in found}


def test_nothing_in_it_contradicts_the_journal_each_other_or_the_disk():
    assert list(violations()) == []


def test_a_second_run_says_so_and_changes_nothing():
    def state():
        return Entry.objects.count(), User.objects.count(), InboxItem.objects.count(), ProgressEntry.objects.count()

    before, out = state(), StringIO()
    call_command("load_sample_city", stdout=out)
    assert "there already" in out.getvalue()
    assert state() == before


def test_every_account_signs_in_with_the_password_that_was_printed(printed, accounts_file, rf):
    assert accounts_file.read_text() == printed
    assert stat.S_IMODE(accounts_file.stat().st_mode) == 0o600
    lines = [line.split() for line in printed.splitlines()[2:] if line]
    assert {line[0] for line in lines} == set(User.objects.values_list("username", flat=True))
    for line in lines:
        assert authenticate(rf.post("/"), username=line[0], password=line[-1]), line[0]
    assert not User.objects.filter(must_change_password=True).exists()


def test_there_is_somebody_in_every_role_and_no_superuser():
    assert set(Membership.objects.values_list("role", flat=True)) == {
        "system_admin", "office_admin", "office_clerk", "liaison", "unit_head", "leader", "secretary", "supervisor",
        "district_office", "auditor",
    }  # fmt: skip
    assert not User.objects.filter(is_superuser=True).exists()
    staff = set(User.objects.filter(is_staff=True).values_list("username", flat=True))
    assert {"sysadmin", "office", "clerk1", "clerk2"} <= staff


def test_the_programme_started_four_quarters_before_the_present_one(city):
    assert (city.starts_on, city.ends_on) == (date(2025, 4, 1), date(2028, 3, 31))
    assert city.document.number == "示政发〔2025〕12号"
    current = city.windows.get(starts_on=date(2026, 4, 1))
    assert current.opens_on <= timezone.localdate() <= current.due_on
    assert list(city.windows.filter(locked_at__isnull=False).values_list("starts_on", flat=True)) == [
        date(2025, 4, 1), date(2025, 7, 1), date(2025, 10, 1),
    ]  # fmt: skip


def test_every_nature_and_every_way_of_naming_units_stands_in_it(city):
    assert set(city.tasks.values_list("nature", flat=True)) == {"outcome", "ongoing", "indicator"}
    assert set(city.tasks.values_list("role_mode", flat=True)) == {
        "lead_support", "joint", "sole", "all_members", "first_is_lead", "unspecified",
    }  # fmt: skip
    leads = Responsibility.objects.filter(task__programme=city, task__number="(六)", role="lead")
    assert leads.count() == 2
    assert city.award_schemes.filter(role="scheme").exists() and city.duties.exists() and city.phases.count() == 3


def test_the_past_quarters_are_whole_and_show_every_way_to_a_signature(city):
    past = ProgressEntry.objects.filter(part__task__programme=city, window__ends_on__lt=timezone.localdate())
    assert set(past.values_list("state", flat=True)) == {"accepted", "superseded"}
    assert set(past.values_list("sign_mode", flat=True)) == {"electronic", "paper", "office"}
    assert past.filter(on_behalf=True).get().part.department.code == "shili-haiguan"
    assert past.filter(unchanged=True).count() > 5
    countersigned = past.filter(sign_mode="office")
    assert set(countersigned.values_list("part__department__code", "signed_by__username", "reviewed_by__username")) == {
        (code, "clerk1", "office") for code in ("shili-tongjiju", "shili-xiaoxie", "shili-caizhengju")
    }
    corrected = past.get(state="superseded")
    assert corrected.superseded_by.version == 2 and "口径" in corrected.superseded_by.correction_reason


def test_something_came_back_in_every_past_quarter_and_was_filed_again(city):
    for window in city.windows.filter(ends_on__lt=timezone.localdate()):
        filed = ProgressEntry.objects.filter(window=window, state="accepted").values("pk")
        returned = Entry.objects.filter(
            subject_type="programs.progressentry", subject_id__in=filed, to_state="returned"
        )
        assert {entry.action for entry in returned} >= {"return_by_office"}, window


def test_signed_on_paper_with_the_scan_and_evidence_with_its_files(city):
    paper = PaperSignature.objects.get()
    assert paper.department.code == "shili-zhujianju" and paper.entries.count() == 2
    with paper.file.open() as scan:
        assert scan.read(5) == b"%PDF-"
    assert Evidence.objects.count() == 4


def test_the_present_quarter_is_in_the_middle_of_it(city):
    now = ProgressEntry.objects.filter(window__starts_on=date(2026, 4, 1))
    assert set(now.values_list("state", flat=True)) == {"draft", "submitted", "returned", "signed"}
    assert now.get(state="returned").part.department.code == "shili-donghu"
    assert set(IndicatorReading.objects.filter(window__starts_on=date(2026, 4, 1)).values_list("state", flat=True)) == {
        "draft", "submitted", "signed",
    }  # fmt: skip
    assert not now.filter(part__department__code="shili-shangwuju").exists()


def test_lights_of_every_colour_with_their_reason(city):
    found = {number: (row.light.code, row.light.sentence) for number, row in rows(city).items()}
    assert found["(四)"][0] == "green" and "提前" in found["(四)"][1]
    assert found["(十五)"][0] == "amber" and "逾期" in found["(十五)"][1] and "后已办结" in found["(十五)"][1]
    assert found["(二)"][0] == "amber" and "第二批设备招标完成" in found["(二)"][1]
    assert found["(十)"][0] == "red" and "未办结" in found["(十)"][1]
    assert found["(十六)"][0] == "red" and "市商务局" in found["(十六)"][1] and "进展未报" in found["(十六)"][1]
    assert found["(二十三)"] == ("grey", "未分解，尚未明确责任单位")


def test_parts_were_waived_convened_expanded_and_signed_for_late(city):
    parts = Responsibility.objects.filter(task__programme=city)
    waived = parts.get(state="waived")
    assert waived.department.code == "shili-haiguan" and waived.settled_note
    assert parts.filter(convenor=True).count() == 2
    assert parts.filter(expanded_from__isnull=False).count() == 13
    late = {part.department.code for part in parts.filter(signed_for_on__gt=city.starts_on + timedelta(days=6))}
    assert late == {"shili-shangwuju"}
    assert DepartmentGroup.objects.get(code="shili-xiangguanbumen").pending
    assert Task.objects.get(programme=city, number="(九)-1").origin == "office"
    assert set(Milestone.objects.filter(programme=city).values_list("state", flat=True)) == {"done", "open"}


def test_units_were_heard_and_answered(city):
    consultation = Consultation.objects.get(programme=city)
    assert consultation.closed_on < city.starts_on
    wishes = consultation.replies.filter(stance="change")
    assert wishes.count() == 2 and not wishes.filter(answer="").exists()
    assert consultation.replies.filter(stance="agree").count() > 10


def test_leaders_spoke_one_of_them_through_his_secretary(city):
    spoken = LeaderRemark.objects.filter(programme=city)
    assert {remark.by_secretary for remark in spoken} == {True, False}
    assert {remark.leader.username for remark in spoken} == {"leader", "leader2"}


def test_a_stand_in_is_in_force_and_sees_what_he_stands_in_for():
    row = Delegation.objects.get()
    assert row.first_day <= timezone.localdate() <= row.last_day
    deputy = actor_context(row.deputy, day=timezone.localdate())
    assert [(grant.role, grant.acting_for_label) for grant in deputy.grants] == [("liaison", str(row.principal))]


def test_notices_were_posted_read_and_left_unread():
    assert InboxItem.objects.filter(kind="digest").exists()
    assert InboxItem.objects.filter(read_at=None).exists() and InboxItem.objects.exclude(read_at=None).exists()


def test_the_report_was_built():
    report = ProgressReport.objects.get()
    assert (report.state, report.requested_by.username) == ("ready", "leader2")
    assert "市商务局" in str(report.content)


def test_nothing_happened_later_than_now_and_everything_before_is_dated():
    newest = Entry.objects.order_by("-at").first()
    oldest = Entry.objects.order_by("at").first()
    assert newest.at <= timezone.now() and oldest.at.date() <= date(2025, 3, 10)
    days = {row[0].date() for row in Entry.objects.values_list("at")}
    assert len(days) > 40


def test_what_was_filed_differs_from_line_to_line(city):
    texts = list(ProgressEntry.objects.filter(unchanged=False, state="accepted").values_list("progress", flat=True))
    assert len(texts) > 120 and len(set(texts)) == len(texts)


def test_no_year_stands_in_a_title(city):
    digits = set("0123456789")
    titles = [city.title, city.short_title, *city.tasks.values_list("title", flat=True)]
    assert not any(digits & set(title) for title in titles)
