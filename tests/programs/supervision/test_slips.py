"""三单三色: numbers, what issuing does, answering and refusing, and that nothing happens by itself."""

import threading
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction

from programs.domain.supervision import slip_answers, slips
from programs.domain.supervision.proposals import propose_slips
from programs.models import NumberSeries, Slip, SlipAnswer
from qualitycity.audit.journal import history
from qualitycity.home.invariants import violations
from qualitycity.outbox.models import InboxItem, Message
from qualitycity.workflow import IllegalMove, NotAllowed

from ...files import builders
from .slips import WORDS, answered, drawn_up, issued, late_item, part_subject, window_subject


def told(user):
    return list(InboxItem.objects.filter(recipient=user).order_by("pk").values_list("title", flat=True))


def test_a_slip_gets_its_number_when_it_is_issued_and_the_unit_is_told(world):
    slip = drawn_up(world)
    assert (slip.number, slip.state, told(world.people["jia_liaison"])[-1:]) == (
        "",
        "proposed",
        told(world.people["jia_liaison"])[-1:],
    )
    slip = slips.issue(slip, actor=world.actor("clerk"))
    assert (slip.number, slip.signer, slip.state) == ("催办〔2026〕1号", "clerk", "issued")
    for name in ("jia_liaison", "jia_head"):
        assert told(world.people[name])[-1] == "催办〔2026〕1号（蓝色）：抓紧报送进展"
    for name in ("yi_liaison", "leader", "secretary", "director"):
        assert not any("催办" in title for title in told(world.people[name]))
    assert Message.objects.get(kind="slip.papers").payload == {"slips": [slip.pk]}
    assert list(history(slip).values_list("action", "to_state")) == [("draw_up", ""), ("issue", "issued")]
    assert list(violations()) == []


def test_numbers_run_per_kind_year_and_office_and_leave_no_gap(world, clock):
    director = world.actor("director")
    first = issued(world)
    notice = issued(
        world, who="director", subject=part_subject(world, "乙局", 1), kind="notice", colour="orange"
    )
    assert (first.number, notice.number) == ("催办〔2026〕1号", "督办通知〔2026〕1号")
    refused = drawn_up(world, subject=window_subject(world), kind="notice", colour="red")
    with pytest.raises(NotAllowed):
        slips.issue(refused, actor=world.actor("clerk"))
    with pytest.raises(RuntimeError), transaction.atomic():
        slips.issue(refused, actor=director)
        raise RuntimeError
    assert slips.issue(refused, actor=director).number == "督办通知〔2026〕2号"
    assert slips.issue(refused, actor=director).number == "督办通知〔2026〕2号", (
        "a double click takes no number"
    )
    assert NumberSeries.objects.get(series="slip-notice").last == 2
    clock.move_to("2027-01-05T09:00:00+08:00")
    fresh = world.actor("director")
    later = slips.compose(
        actor=fresh, subject=part_subject(world, "丙局", 2), kind="notice", colour="orange", level="unit", matter="事项",
        demands="请办理", due_on=date(2027, 1, 12),
    )  # fmt: skip
    assert slips.issue(later, actor=fresh).number == "督办通知〔2027〕1号"


def test_void_slips_keep_their_number(world):
    slip = issued(world)
    with pytest.raises(IllegalMove, match="理由|reason"):
        slips.withdraw(slip, actor=world.actor("clerk"), reason=" ")
    slip = slips.withdraw(slip, actor=world.actor("clerk"), reason="发错单位")
    assert (slip.state, slip.number, slip.note) == ("withdrawn", "催办〔2026〕1号", "发错单位")
    assert told(world.people["jia_head"])[-1] == "催办〔2026〕1号（蓝色）已作废，不需再办：抓紧报送进展"
    assert issued(world).number == "催办〔2026〕2号"
    assert Message.objects.filter(kind="slip.papers").count() == 3


def test_orange_red_and_above_the_unit_are_the_administrators_to_issue(world):
    clerk, director = world.actor("clerk"), world.actor("director")
    cases = [
        ({"kind": "notice", "colour": "orange"}, False), ({"kind": "notice", "colour": "red"}, False),
        ({"kind": "urge", "colour": "blue", "level": "leader", "to_leader_id": world.people["leader"].pk}, False),
        ({"kind": "urge", "colour": "blue", "level": "head"}, True), ({"kind": "assignment", "colour": ""}, True),
    ]  # fmt: skip
    for more, by_clerk in cases:
        slip = drawn_up(world, **more)
        if by_clerk:
            assert slips.issue(slip, actor=clerk).state == "issued"
        else:
            with pytest.raises(NotAllowed):
                slips.issue(slip, actor=clerk)
            assert slips.issue(slip, actor=director).state == "issued"
        slips.withdraw(slip, actor=director, reason="试")


def test_a_leader_is_named_by_a_person_and_only_a_leader_of_the_territory(world):
    with pytest.raises(IllegalMove):
        drawn_up(world, level="leader", to_leader_id=world.people["clerk"].pk)
    with pytest.raises(IllegalMove):
        drawn_up(world, to_leader_id=world.people["leader"].pk)
    slip = drawn_up(world, level="leader", kind="notice", colour="red")
    with pytest.raises(IllegalMove):
        slips.issue(slip, actor=world.actor("director"))
    slip = slips.revise(
        slip,
        actor=world.actor("director"),
        row_version=slip.row_version,
        to_leader_id=world.people["leader"].pk,
    )
    slips.issue(slip, actor=world.actor("director"))
    assert told(world.people["leader"]) == ["督办通知〔2026〕1号（红色）送您阅：市甲局，抓紧报送进展"]


def test_what_a_slip_says_is_not_changed_once_it_is_issued(world):
    slip = drawn_up(world)
    clerk = world.actor("clerk")
    changed = slips.revise(slip, actor=clerk, row_version=1, demands="请说明原因。")
    assert changed.row_version == 2 and history(changed).get(action="revise").after == {
        "demands": "请说明原因。"
    }
    with pytest.raises(IllegalMove):
        slips.revise(slip, actor=clerk, row_version=1, demands="另一人的")
    with pytest.raises(NotAllowed):
        slips.revise(slip, actor=world.actor("jia_head"), row_version=2, demands="不必")
    slips.issue(changed, actor=clerk)
    with pytest.raises(IllegalMove):
        slips.revise(slip, actor=clerk, row_version=3, demands="晚了")


def test_one_matter_one_slip(world):
    drawn_up(world)
    with pytest.raises(IllegalMove):
        drawn_up(world)
    slips.issue(Slip.objects.get(), actor=world.actor("clerk"))
    with pytest.raises(IllegalMove):
        drawn_up(world)
    # the next colour of the same matter follows the one that was missed
    assert drawn_up(world, kind="notice", colour="orange", previous=Slip.objects.get()).previous.number
    with pytest.raises(IntegrityError), transaction.atomic():
        Slip.objects.filter(state="issued").update(window=world.window)


def test_answering_acknowledges_a_signature_answers_and_acceptance_settles(world):
    slip = issued(world)
    answer = slip_answers.submit(
        slip=slip, actor=world.actor("jia_liaison"), values=WORDS,
        uploads=[SimpleUploadedFile("纪要.pdf", builders.pdf())],
    )  # fmt: skip
    slip.refresh_from_db()
    assert (slip.state, slip.acknowledged_by) == ("acknowledged", world.people["jia_liaison"])
    assert told(world.people["jia_head"])[-1] == "催办〔2026〕1号（蓝色）的回复待审签"
    with pytest.raises(NotAllowed):
        slip_answers.sign(answer, actor=world.actor("yi_head"))
    slip_answers.sign(answer, actor=world.actor("jia_head"))
    slip.refresh_from_db()
    assert (
        slip.state == "answered"
        and told(world.people["clerk"])[-1] == "市甲局已回复催办〔2026〕1号（蓝色），待审核"
    )
    slip_answers.accept(answer, actor=world.actor("clerk"))
    slip.refresh_from_db()
    assert slip.state == "settled" and slip.settled_at is not None
    assert told(world.people["jia_liaison"])[-1] == "催办〔2026〕1号（蓝色）已办结：抓紧报送进展"
    assert list(violations()) == []


def test_a_refused_answer_opens_the_slip_again_with_the_reason(world):
    slip = issued(world)
    answer = answered(world, slip)
    with pytest.raises(IllegalMove):
        slip_answers.refuse(answer, actor=world.actor("clerk"), by="office", reason="")
    answer = slip_answers.refuse(answer, actor=world.actor("clerk"), by="office", reason="没有说明完成时间")
    slip.refresh_from_db()
    assert (slip.state, slip.answered_at, answer.state, answer.remark) == (
        "acknowledged", None, "returned", "没有说明完成时间",
    )  # fmt: skip
    notice = InboxItem.objects.filter(recipient=world.people["jia_liaison"]).latest("pk")
    assert "退回" in notice.title and "没有说明完成时间" in notice.body
    again = slip_answers.submit(
        slip=slip, actor=world.actor("jia_liaison"), values={**WORDS, "promised_on": date(2026, 4, 8)}
    )
    assert again.pk == answer.pk
    slip_answers.sign(again, actor=world.actor("jia_head"))
    slip_answers.accept(again, actor=world.actor("clerk"), settled=False)
    slip.refresh_from_db()
    assert slip.state == "answered", "accepted, but kept in hand until it is done"
    assert slips.settle(slip, actor=world.actor("clerk")).state == "settled"
    with pytest.raises(IllegalMove):
        slip_answers.save(slip=slip, actor=world.actor("jia_liaison"), values=WORDS)


def test_an_empty_answer_does_not_leave_the_desk_and_a_void_slip_takes_none(world):
    slip = issued(world)
    with pytest.raises(IllegalMove):
        slip_answers.submit(slip=slip, actor=world.actor("jia_liaison"), values={**WORDS, "measures": " "})
    assert not SlipAnswer.objects.exists(), "nothing half saved"
    slips.withdraw(slip, actor=world.actor("clerk"), reason="试")
    with pytest.raises(IllegalMove):
        slip_answers.submit(slip=slip, actor=world.actor("jia_liaison"), values=WORDS)


def test_the_office_answers_for_a_unit_without_signer_and_four_eyes_stay(world):
    slip = issued(world, subject=part_subject(world, "丙局", 2))
    answer = slip_answers.submit(slip=slip, actor=world.actor("bing_liaison"), values=WORDS)
    assert "待会签" in told(world.people["clerk"])[-1]
    slip_answers.countersign(answer, actor=world.actor("clerk"))
    with pytest.raises(NotAllowed):
        slip_answers.accept(answer, actor=world.actor("clerk"))
    assert slip_answers.accept(answer, actor=world.actor("director")).state == "accepted"
    other = issued(world, subject=part_subject(world, "乙局", 1))
    typed = slip_answers.submit(slip=other, actor=world.actor("clerk"), values=WORDS)
    other.refresh_from_db()
    assert typed.on_behalf and other.state == "issued", (
        "the unit has not acknowledged by what the office typed"
    )


def test_nothing_closes_because_time_passed(world, clock):
    late_item(world)
    states = {}
    blue = issued(world)
    signed = issued(world, subject=part_subject(world, "乙局", 1))
    answered(world, signed, liaison="yi_liaison", head="yi_head")
    waiting = drawn_up(world, subject=window_subject(world, "乙局"))
    for slip in (blue, signed, waiting):
        slip.refresh_from_db()
        states[slip.pk] = (slip.state, slip.row_version)
    for moment in ("2026-04-20", "2026-07-01", "2026-12-30", "2027-03-30"):
        clock.move_to(f"{moment}T09:00:00+08:00")
        propose_slips()
    for pk, (state, version) in states.items():
        slip = Slip.objects.get(pk=pk)
        assert (slip.state, slip.row_version) == (state, version)
    assert set(Slip.objects.exclude(pk__in=states).values_list("state", flat=True)) == {"proposed"}


def test_several_blue_slips_are_issued_at_once_all_or_none(world, django_assert_max_num_queries):
    one = drawn_up(world)
    two = drawn_up(world, subject=part_subject(world, "乙局", 1))
    three = drawn_up(world, subject=window_subject(world, "乙局"), kind="notice", colour="orange")
    clerk = world.actor("clerk")
    with pytest.raises(IllegalMove):
        slips.issue_picked({world.city.pk}, [one.pk, three.pk], actor=clerk)
    with pytest.raises(IllegalMove):
        slips.issue_picked({world.district.pk}, [one.pk], actor=clerk)
    with django_assert_max_num_queries(14):
        numbers = {slip.number for slip in slips.issue_picked({world.city.pk}, [one.pk, two.pk], actor=clerk)}
    assert numbers == {"催办〔2026〕1号", "催办〔2026〕2号"}


@pytest.mark.django_db(transaction=True)
def test_twenty_people_issue_and_every_number_is_used_once(clock):
    from ...factories import make_part, make_task, make_world

    world = make_world()
    tasks = [make_task(world.programme, number, mode="sole") for number in range(20, 40)]
    parts = [make_part(task, world.units["甲局"], "sole") for task in tasks]
    drafts = [drawn_up(world, subject=slips.Subject(world.units["甲局"], part=part)) for part in parts]
    actor, start = world.actor("clerk"), threading.Barrier(20, timeout=30)
    refused = []

    def press(slip, fails):
        try:
            start.wait()
            with transaction.atomic():
                slips.issue(slip, actor=actor)
                if fails:
                    raise RuntimeError
        except RuntimeError:
            refused.append(slip.pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(slip, n % 5 == 0)) for n, slip in enumerate(drafts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    used = sorted(Slip.objects.filter(state="issued").values_list("seq", flat=True))
    assert (len(refused), used) == (4, list(range(1, 17)))
    assert NumberSeries.objects.get(series="slip-urge").last == 16


@pytest.mark.django_db(transaction=True)
def test_twenty_people_press_the_same_button_one_succeeds(clock):
    from ...factories import make_user, make_world

    world = make_world()
    slip = drawn_up(world)
    for n in range(20):
        world.people[f"c{n}"] = make_user(f"c{n}", "office_clerk", jurisdiction=world.city)
    actors = [world.actor(f"c{n}") for n in range(20)]
    start, outcomes = threading.Barrier(20, timeout=30), []

    def press(actor):
        try:
            start.wait()
            slips.issue(slip, actor=actor)
            outcomes.append("issued")
        except IllegalMove:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["issued", *["told"] * 19]
    assert NumberSeries.objects.get(series="slip-urge").last == 1
