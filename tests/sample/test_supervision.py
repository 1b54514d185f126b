"""督办 in the fictional city: every kind of item, late ones, a restricted case, papers and activities."""

from datetime import date

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from programs.models import (
    ActivityRun,
    Adjustment,
    Bulletin,
    Contribution,
    CoordinationMatter,
    Decision,
    Extension,
    ItemReport,
    MaterialDue,
    Meeting,
    PhoneCall,
    PolicyDraft,
    Slip,
    SupervisedItem,
)
from qualitycity.home.invariants import violations
from qualitycity.outbox.models import InboxItem
from taskforce.contracts import actor_context
from taskforce.models import User

TODAY = "2026-05-20T11:00:00+08:00"

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.xdist_group("sample-city")]


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory):
    """The city is committed, for its report is built outside the transaction."""
    accounts = tmp_path_factory.mktemp("supervision") / "accounts.txt"
    with django_db_blocker.unblock(), time_machine.travel(TODAY, tick=False):
        call_command("load_sample_city", accounts_file=accounts, verbosity=0)
    yield
    with django_db_blocker.unblock():
        call_command("flush", verbosity=0, interactive=False, allow_cascade=True)


@pytest.fixture(autouse=True)
def today(told):
    with time_machine.travel(TODAY, tick=False):
        yield timezone.localdate()


def test_items_of_every_kind_and_stage(today):
    assert set(SupervisedItem.objects.values_list("kind", flat=True)) == {"instruction", "meeting", "superior", "case"}
    assert set(SupervisedItem.objects.values_list("state", flat=True)) == {"assigned", "closed"}
    assert Decision.objects.filter(item__kind="meeting", item__state="assigned").count() == 2
    late = SupervisedItem.objects.overdue(today)
    assert late.filter(parts__state="assigned").exists(), "not signed for"
    assert late.filter(parts__state="signed_for").exists(), "not reported"
    assert set(ItemReport.objects.values_list("state", flat=True)) == {"accepted", "signed"}
    assert list(violations()) == []


def test_the_listed_case_is_seen_by_the_persons_named_alone():
    case = SupervisedItem.objects.get(kind="case")
    seen = {
        user.username
        for user in User.objects.filter(memberships__isnull=False)
        if SupervisedItem.objects.visible_to(actor_context(user, day=timezone.localdate())).filter(pk=case.pk).exists()
    }
    assert seen == {"office", "shijian.llr", "shijian.fzr", "leader2"}


def test_papers_wait_are_late_came_back_and_were_accepted(today):
    assert set(MaterialDue.objects.values_list("state", flat=True)) == {"due", "returned", "accepted"}
    assert MaterialDue.objects.overdue(today).exists()
    assert MaterialDue.objects.owed().filter(due_on__gte=today).exists()


def test_activities_have_results_and_come_back():
    assert ActivityRun.objects.filter(state="held").count() >= 4
    assert ActivityRun.objects.filter(state="planned", year=2027).count() == 5


def test_slips_are_settled_open_and_proposed_and_numbered_without_gaps():
    assert set(Slip.objects.values_list("state", flat=True)) == {"proposed", "acknowledged", "settled"}
    numbers = Slip.objects.exclude(seq=None).order_by("seq").values_list("seq", flat=True)
    assert list(numbers) == [1, 2]
    assert Slip.objects.filter(state="proposed", colour="orange", previous__isnull=False).exists()
    # whoever opens the city can issue what is proposed
    assert not Slip.objects.filter(state="proposed", due_on__lte=date(2026, 5, 20)).exists()
    assert PhoneCall.objects.count() == 2 and Bulletin.objects.get().state == "issued"


def test_dates_were_put_off_a_task_adjusted_and_a_supporting_part_adopted():
    assert set(Extension.objects.values_list("state", flat=True)) == {"signed", "granted"}
    granted = Extension.objects.get(state="granted")
    assert granted.task.due_on > granted.task.original_due
    assert Adjustment.objects.get().task.original_requirement
    assert Contribution.objects.get(part__isnull=False).state == "adopted"


def test_assisting_units_have_told_or_were_asked_by_the_handling_one():
    told = Contribution.objects.filter(item_part__isnull=False)
    assert sorted(told.values_list("state", flat=True)) == ["adopted", "asked", "handed_in"]
    adopted = told.get(state="adopted")
    assert adopted.text in adopted.adopted_report.progress and adopted.adopted_report.state == "accepted"


def test_the_leading_group_has_met_and_what_units_wanted_coordinated_has_come_back():
    meeting = Meeting.objects.get()
    assert meeting.state == "minuted" and meeting.agenda.count() == 2
    assert {"answered", "decided", "put_before"} <= set(CoordinationMatter.objects.values_list("state", flat=True))


def test_nothing_automatic_has_reached_a_leader():
    told = InboxItem.objects.filter(recipient__username__in=["leader", "leader2", "secretary"])
    assert not told.filter(kind__in=["digest", "reminder", "slip"]).exists()


def test_a_document_waits_to_be_confirmed():
    draft = PolicyDraft.objects.get()
    assert (draft.state, draft.failure, draft.head["number"]) == ("review", "", "示政办发〔2026〕19号")
    tasks = draft.proposals.filter(kind="task")
    assert tasks.count() >= 10 and draft.proposals.filter(kind="indicator").count() >= 5
    # most of its units are in the register of the city
    known = sum("unit_unknown" not in row.questions for row in tasks)
    assert known * 2 > tasks.count()
