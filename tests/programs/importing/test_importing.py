"""From an upload to a programme and back: what is proposed, what people make of it, what is set up and taken back."""

from datetime import date
from decimal import Decimal

import pytest

from awards.models import AwardScheme
from kpis.models import Indicator
from programs.domain import breakdown, consultation, programmes
from programs.domain.importing import applying, drafts, editing
from programs.models import PolicyDocument, PolicyDraft, Programme, Proposal, Task
from qualitycity.audit import history
from qualitycity.home.invariants import violations
from qualitycity.workflow import IllegalMove, NotAllowed
from taskforce.models import Body, Department, DepartmentAlias, DepartmentGroup, Seat

from .stage import TEXT, at, by_title, taken_in

pytestmark = pytest.mark.django_db


def settled(world, draft, **answers):
    """Everything confirmed; unknown units answered as the office would."""
    clerk = world.actor("clerk")
    choices = {
        "市丙办": {"department": world.units["丙局"].pk, "label": "市丙局", "how": "chosen", "remember": True},
        "市工艺美术协会": {
            "new": {"name": "示例市工艺美术协会", "short_name": "市工美协会", "kind": "mass_org"},
            "label": "示例市工艺美术协会", "how": "new",
        },
        **answers,
    }  # fmt: skip
    editing.settle_units(draft, actor=clerk, choices=choices)
    rows = list(draft.proposals.values_list("pk", flat=True))
    assert editing.settle(draft, actor=clerk, proposals=rows, state="accepted")[1] == 0
    return draft


def test_findings_become_proposals_with_their_exact_words_and_questions(world):
    draft = taken_in(world)
    assert (draft.state, draft.proposals.count()) == ("review", 17)
    by_words = {TEXT[row.start : row.end]: row for row in draft.proposals.all()}
    task = by_words["1．开展重点产品质量比对。每年组织两次比对。（甲局牵头，市乙局、丙办配合）"]
    assert [(unit["role"], unit["name"]) for unit in task.data["units"]] == [
        ("lead", "甲局"), ("support", "市乙局"), ("support", "市丙办")
    ]  # fmt: skip
    assert task.questions == ["unit_unknown"]
    assert by_title(draft, "加强宣传").questions == ["no_unit", "remark"]
    assert by_title(draft, "质量服务站").questions == ["unit_unknown"]
    assert by_title(draft, "产品监督抽查合格率").questions == []
    answers = {name: answer.get("how") for name, answer in draft.units.items()}
    assert answers == {"甲局": "prefix", "市乙局": "name"}
    head = draft.head
    assert (head["short_title"], head["dated"]) == ("开展质量提升三年行动的意见", "2026-06-01")
    # the phase says when it runs
    assert (head["starts_on"], head["ends_on"], head["starts_computed"]) == ("2026-07-01", "2026-12-31", True)
    assert Programme.objects.filter(title__contains="三年行动").count() == 0


def test_a_unit_is_answered_once_for_all_tasks(world):
    draft = taken_in(world)
    with pytest.raises(IllegalMove):
        editing.correct(by_title(draft, "重点产品"), actor=world.actor("clerk"), data={}, accept=True)
    answer = {"department": world.units["丙局"].pk, "label": "市丙局", "how": "chosen"}
    assert editing.settle_units(draft, actor=world.actor("clerk"), choices={"市丙办": answer}) == 1
    assert by_title(draft, "重点产品").questions == []
    editing.settle_units(draft, actor=world.actor("clerk"), choices={"市丙办": None})
    assert by_title(draft, "重点产品").questions == ["unit_unknown"]


def test_what_has_no_question_is_confirmed_at_one_press(world):
    draft = taken_in(world)
    assert editing.accept_ready(draft, actor=world.actor("clerk")) == 8
    assert draft.proposals.filter(state="open").count() == 4
    rows = list(draft.proposals.values_list("pk", flat=True))
    # two tasks name units that nobody knows yet
    assert editing.settle(draft, actor=world.actor("clerk"), proposals=rows, state="accepted") == (2, 2)


def test_a_person_corrects_splits_merges_adds_and_leaves_out(world):
    draft, clerk = taken_in(world), world.actor("clerk")
    task = by_title(draft, "加强宣传")
    version = task.row_version
    task = editing.correct(task, actor=clerk, data={"title": "加强质量宣传"}, row_version=version)
    assert task.corrected and task.found["title"] == "加强宣传"
    with pytest.raises(IllegalMove, match="有人改过|changed this proposal"):
        editing.correct(task, actor=clerk, data={"title": "旧页"}, row_version=version)

    long = by_title(draft, "重点产品")
    second = editing.split(long, actor=clerk, at=at("每年组织两次比对").start, title="组织比对")
    long.refresh_from_db()
    assert (TEXT[long.start : long.end], TEXT[second.start : second.end]) == (
        "1．开展重点产品质量比对。", "每年组织两次比对。（甲局牵头，市乙局、丙办配合）"
    )  # fmt: skip
    assert second.data["units"] == long.data["units"] and second.data["title"] == "组织比对"
    whole = editing.merge(long, second, actor=clerk)
    assert TEXT[whole.start : whole.end].endswith("丙办配合）")
    second.refresh_from_db()
    assert second.state == "dropped"

    span = at("到2028年")
    added = editing.add(draft, actor=clerk, kind="duty", span=span, data={"who": "市质量局", "duty": "统计"})
    assert (added.state, added.found, added.origin) == ("accepted", None, "office")
    with pytest.raises(IllegalMove):
        editing.add(
            draft, actor=clerk, kind="task", span=(5, len(TEXT) + 1), data={"title": "x", "units": []}
        )
    moved, held = editing.settle(draft, actor=clerk, proposals=[added.pk], state="dropped")
    assert (moved, held) == (1, 0)


def test_nobody_but_the_office_touches_an_import(world):
    draft = taken_in(world)
    for name in (
        "jia_liaison",
        "jia_head",
        "leader",
        "secretary",
        "supervisor",
        "auditor",
        "district",
        "sysadmin",
        "stranger",
    ):
        with pytest.raises(NotAllowed):
            editing.accept_ready(draft, actor=world.actor(name))
        with pytest.raises(NotAllowed):
            applying.apply(draft, actor=world.actor(name))
        with pytest.raises(NotAllowed):
            drafts.open_draft(actor=world.actor(name), jurisdiction=world.city, pasted="通知")


def test_nothing_is_set_up_while_something_is_open(world):
    draft, clerk = taken_in(world), world.actor("clerk")
    with pytest.raises(IllegalMove, match="12"):
        applying.apply(draft, actor=clerk)
    settled(world, draft)
    draft = editing.save_head(draft, actor=clerk, values={"short_title": ""})
    with pytest.raises(IllegalMove):
        applying.apply(draft, actor=clerk)
    assert not PolicyDocument.objects.filter(title__contains="三年行动").exists()


def test_what_was_confirmed_becomes_a_programme_with_every_quotation(world):
    draft, clerk = settled(world, taken_in(world)), world.actor("clerk")
    programme = applying.apply(draft, actor=clerk)
    assert applying.apply(PolicyDraft.objects.get(pk=draft.pk), actor=clerk) == programme
    assert (programme.state, programme.year, programme.starts_on, programme.ends_on) == (
        "draft", 2026, date(2026, 7, 1), date(2026, 12, 31)
    )  # fmt: skip
    document = programme.document
    assert (document.number, document.kind, document.dated) == ("示政发〔2026〕8号", "意见", date(2026, 6, 1))
    assert [row.title for row in document.basis.all()] == ["质量强国建设纲要"]
    first, second, third = programme.tasks.order_by("sort")
    assert first.quote == "1．开展重点产品质量比对。每年组织两次比对。（甲局牵头，市乙局、丙办配合）"
    assert (first.clause_path, first.section.path, first.role_mode) == (
        "二/(一)/1",
        "二/(一)",
        "lead_support",
    )
    parts = [(part.role, part.department.short_name, part.printed) for part in first.parts.order_by("sort")]
    assert parts == [
        ("lead", "市甲局", "甲局"),
        ("support", "市乙局", "市乙局"),
        ("support", "市丙局", "丙办"),
    ]
    assert [part.department.name for part in second.parts.order_by("sort")] == [
        "示例市甲局",
        "示例市工艺美术协会",
    ]
    assert (third.role_mode, third.parts.count(), third.stage) == ("unspecified", 0, third.stage)
    stations = Indicator.objects.get(programme=programme, name="质量服务站")
    assert (stations.value, stations.unit, stations.task, stations.quote) == (
        Decimal(10),
        "个",
        second,
        "建成10个服务站",
    )
    assert AwardScheme.objects.get(programme=programme).quote == "设立市质量标兵奖。"
    assert programme.phases.get().ends_on == date(2026, 12, 31)
    assert programme.assessment_rules.get().consequence == "通报"
    assert programme.deliverables.get().recurrence == "每季度"
    assert programme.duties.get().who == "各成员单位"
    body = programme.body
    assert (body.name, body.office_department) == ("市质量工作领导小组", world.units["甲局"])
    assert [(seat.role, seat.person, seat.department) for seat in body.seats.all()] == [
        ("head", "张三", None), ("member", "", world.units["甲局"])
    ]  # fmt: skip
    assert DepartmentAlias.objects.get(department=world.units["丙局"]).alias == "市丙办"
    assert list(violations()) == []
    assert [entry.action for entry in history(draft)][-1] == "apply"


def test_a_printed_time_limit_is_the_date_of_the_task_from_which_the_office_starts(world):
    clerk, draft = world.actor("clerk"), settled(world, taken_in(world))
    for title, words in (("加强宣传", "9月底前"), ("质量服务站", "长期坚持"), ("质量比对", "2027年6月底前")):
        editing.correct(by_title(draft, title), actor=clerk, data={"due": words}, accept=True)
    tasks = applying.apply(draft, actor=clerk).tasks
    dates = {task.title[-4:]: (task.due_on, task.original_due) for task in tasks.all()}
    # the second comes never to an end, the third lies behind the programme's
    day = date(2026, 9, 30)
    assert dates == {"加强宣传": (day, day), "量服务站": (None, None), "质量比对": (None, None)}
    task = tasks.get(title__contains="加强宣传")
    breakdown.edit_task(task, actor=clerk, values={"due_on": date(2026, 10, 15)}, row_version=task.row_version)
    assert Task.objects.get(pk=task.pk).original_due == date(2026, 10, 15)
    assert list(violations()) == []


def test_the_same_file_is_set_up_once(world):
    applying.apply(settled(world, taken_in(world)), actor=world.actor("clerk"))
    again = taken_in(world)
    settled(world, again)
    with pytest.raises(IllegalMove, match="三年行动"):
        applying.apply(again, actor=world.actor("clerk"))


def test_undoing_takes_back_everything_and_keeps_the_confirmations(world):
    before = {
        model: model.objects.count()
        for model in (
            Programme,
            PolicyDocument,
            Task,
            Indicator,
            AwardScheme,
            Body,
            Seat,
            Department,
            DepartmentAlias,
            DepartmentGroup,
        )
    }
    draft, clerk = settled(world, taken_in(world)), world.actor("clerk")
    programme = applying.apply(draft, actor=clerk)
    task = programme.tasks.order_by("sort").first()
    breakdown.add_milestone(
        programme=programme, task=task, actor=clerk, title="首次比对", due_on=date(2026, 9, 30)
    )
    draft = PolicyDraft.objects.get(pk=draft.pk)
    assert applying.undo(draft, actor=clerk) == []
    assert {model: model.objects.count() for model in before} == before
    draft.refresh_from_db()
    assert (draft.state, draft.programme, draft.proposals.exclude(state="accepted").count()) == (
        "review",
        None,
        0,
    )
    assert list(violations()) == []
    # and it can be set up anew
    again = applying.apply(draft, actor=clerk)
    assert again.tasks.count() == 3 and list(violations()) == []


def test_what_has_begun_is_not_undone(world):
    clerk, director = world.actor("clerk"), world.actor("director")
    draft = settled(world, taken_in(world))
    programme = applying.apply(draft, actor=clerk)
    draft = PolicyDraft.objects.get(pk=draft.pk)
    consultation.open_round(programme, actor=clerk, due_on=date(2026, 4, 10), note="")
    assert applying.why_not_undo(draft)
    with pytest.raises(IllegalMove):
        applying.undo(draft, actor=clerk)
    other = settled(world, taken_in(world, TEXT + "抄送：市委办公室\n"))
    other.head["short_title"] = "另一份"
    started = applying.apply(other, actor=clerk)
    programmes.start(started, actor=director)
    with pytest.raises(IllegalMove):
        applying.undo(PolicyDraft.objects.get(pk=other.pk), actor=clerk)


def test_a_unit_that_is_used_elsewhere_by_now_stays_in_the_register(world):
    draft, clerk = settled(world, taken_in(world)), world.actor("clerk")
    applying.apply(draft, actor=clerk)
    unit = Department.objects.get(name="示例市工艺美术协会")
    world.tasks[0].parts.create(department=unit, role="support")
    kept = applying.undo(PolicyDraft.objects.get(pk=draft.pk), actor=clerk)
    assert kept == ["市工美协会"] and Department.objects.filter(pk=unit.pk).exists()


def test_a_group_is_entered_or_expanded_into_its_members(world):
    clerk = world.actor("clerk")
    group = DepartmentGroup.objects.create(
        jurisdiction=world.city, code="shili-tech", name="市工艺美术协会", list_given_on=date(2026, 1, 5)
    )
    group.members.add(world.units["乙局"], world.units["丙局"])
    draft = taken_in(world)
    assert draft.units["市工艺美术协会"]["group"] == group.pk
    known = {"group": group.pk, "label": group.name, "how": "chosen", "expand": True}
    settled(world, draft, 市工艺美术协会=known)
    programme = applying.apply(draft, actor=clerk)
    parts = programme.tasks.get(number="2.").parts.order_by("sort", "pk")
    assert [str(part.department or part.group) for part in parts] == [
        "市甲局",
        "市工艺美术协会",
        "市乙局",
        "市丙局",
    ]
    assert list(violations()) == []


def test_a_unit_that_left_the_register_meanwhile_is_asked_for_again(world):
    unit = Department.objects.create(
        jurisdiction=world.city,
        code="shili-gongyi",
        kind="mass_org",
        name="示例市工艺美术协会",
        short_name="市工美协会",
    )
    draft = taken_in(world)
    settled(world, draft, 市工艺美术协会={"department": unit.pk, "label": "市工美协会", "how": "chosen"})
    unit.delete()
    with pytest.raises(IllegalMove, match="市工艺美术协会"):
        applying.apply(draft, actor=world.actor("clerk"))


def test_an_earlier_edition_is_found_compared_and_carried_over(world):
    from programs.domain.importing.comparing import between

    clerk = world.actor("clerk")
    first = settled(world, taken_in(world))
    editing.correct(by_title(first, "加强宣传"), actor=clerk, data={"title": "加强质量宣传"}, accept=True)
    second = taken_in(world, TEXT + "抄送：市委办公室\n")
    assert second.earlier == first
    assert between(first, second) == []
    assert by_title(second, "加强质量宣传").state == "accepted"
    assert second.proposals.exclude(state="accepted").count() == 0
    rows = list(second.proposals.filter(kind="task"))
    Proposal.objects.filter(pk=rows[0].pk).update(
        end=rows[0].end - 6, found={**rows[0].found, "title": "开展质量比对"}
    )
    Proposal.objects.filter(pk=rows[2].pk).delete()
    assert [(change.old.label if change.old else None, change.new.label if change.new else None, change.what)
            for change in between(first, second)] == [
        ("开展重点产品质量比对", "开展质量比对", ("title", "wording")), ("加强宣传", None, ()),
    ]  # fmt: skip


def test_without_recognition_everything_is_done_by_hand(world):
    clerk = world.actor("clerk")
    from programs.importing.source import Source

    draft = drafts.open_draft(actor=clerk, jurisdiction=world.city, pasted=TEXT, recognise=False)
    draft = drafts.take_reading(draft, source=Source(TEXT, "txt"), layout={"format": "txt"}, found=None)
    assert draft.proposals.count() == 0
    editing.add(draft, actor=clerk, kind="task", span=at("3．加强宣传。"), data={
        "title": "加强宣传", "number": "3.", "section": "", "nature": "ongoing", "kind": "work",
        "units": [{"printed": "甲局", "name": "甲局", "kind": "unit", "role": "sole"}],
    })  # fmt: skip
    editing.settle_units(
        draft, actor=clerk,
        choices={"甲局": {"department": world.units["甲局"].pk, "label": "市甲局", "how": "chosen", "remember": False}},
    )  # fmt: skip
    editing.settle(
        draft, actor=clerk, proposals=list(draft.proposals.values_list("pk", flat=True)), state="accepted"
    )
    draft = editing.save_head(draft, actor=clerk, values={
        "title": "示例市质量工作要点", "issuing_body": "示例市人民政府", "dated": "2026-03-01", "short_title": "质量工作要点",
        "starts_on": "2026-03-01", "ends_on": "2026-12-31",
    })  # fmt: skip
    programme = applying.apply(draft, actor=clerk)
    task = programme.tasks.get()
    assert (task.title, task.role_mode, task.quote, task.section.title) == (
        "加强宣传",
        "sole",
        "3．加强宣传。",
        "重点任务",
    )
    assert list(violations()) == []


def test_what_contradicts_its_document_is_found(world):
    draft, clerk = settled(world, taken_in(world)), world.actor("clerk")
    programme = applying.apply(draft, actor=clerk)
    Task.objects.filter(pk=programme.tasks.first().pk).update(quote="没有这句话")
    Proposal.objects.filter(pk=draft.proposals.first().pk).update(end=len(TEXT) + 1)
    found = [text for text in violations() if "document" in text]
    assert len(found) == 2
