"""A document that runs out: the banner, the question to the office 180 days before, and its answer."""

from datetime import date

import pytest

from programs.domain import reminders
from programs.domain.validity import answer_expiry, seen
from programs.models import PolicyDocument, Programme, ReminderDelivery
from qualitycity.audit import history
from qualitycity.outbox.models import InboxItem
from qualitycity.workflow import IllegalMove, NotAllowed

#: 26 March 2026 (the clock of the world) is 180 days before this day.
ENDS = date(2026, 9, 22)
MOST = 12


def document_of(world, **values):
    row = PolicyDocument.objects.create(
        jurisdiction=world.city,
        issuing_body="示例市人民政府",
        **{"key": "old", "title": "示例市质量强市意见", "dated": date(2021, 9, 1), "valid_until": ENDS} | values,
    )
    Programme.objects.filter(pk=world.programme.pk).update(document=row)
    return row


@pytest.fixture
def document(world):
    return document_of(world, effective_on=date(2021, 10, 1), effective_computed=True, valid_until_computed=True)


@pytest.fixture
def newer(world):
    return PolicyDocument.objects.create(
        key="newer", jurisdiction=world.city, title="示例市质量强市新意见", number="示府〔2026〕9号",
        issuing_body="示例市人民政府", dated=date(2026, 3, 1),
    )  # fmt: skip


def pages(client, world, document):
    addresses = (
        f"/documents/{document.pk}/", f"/programmes/{world.programme.pk}/", f"/programmes/{world.programme.pk}/facts/",
    )  # fmt: skip
    return [client.get(address).content.decode() for address in addresses]


def alert(page):
    """The words of the banner about validity; empty without one."""
    return page.split('id="validity"')[1].split("</div>\n</div>")[0] if 'id="validity"' in page else ""


def answer(document, world, who="clerk", **values):
    given = {"answer": "renewed", "basis": "市政府常务会议", "answering": seen(document)} | values
    return answer_expiry(document, actor=world.actor(who), **given)


# --- the banner ---------------------------------------------------------------------------------------------------


def test_nothing_is_said_while_the_document_is_far_from_its_end(world, as_user, clock):
    document = document_of(world, valid_until=date(2026, 9, 23))
    assert [alert(page) for page in pages(as_user("director"), world, document)] == ["", "", ""]


def test_an_expired_document_says_so_with_its_successor_on_its_page_and_on_its_programmes(
    world, document, newer, as_user, clock
):
    PolicyDocument.objects.filter(pk=document.pk).update(successor=newer)
    clock.move_to("2026-09-23T09:00:00+08:00")
    for page in pages(as_user("jia_liaison"), world, document):
        assert "已失效" in alert(page) and "2026年9月22日届满（推算）" in alert(page)
        assert f'<a href="/documents/{newer.pk}/">示例市质量强市新意见</a>' in alert(page)


def test_on_its_last_day_the_document_is_still_in_force(world, document, as_user, clock):
    clock.move_to("2026-09-22T09:00:00+08:00")
    for page in pages(as_user("jia_liaison"), world, document):
        assert "已失效" not in page


def test_an_expired_document_without_successor_says_that_none_is_entered(world, document, as_user, clock):
    clock.move_to("2026-09-23T09:00:00+08:00")
    for page in pages(as_user("jia_liaison"), world, document):
        assert "没有登记接替它的文件" in alert(page)
    assert "已失效" in as_user("jia_liaison").get("/documents/").content.decode()


def test_computed_dates_are_marked_wherever_they_stand(world, document, as_user):
    document_page, programme_page, _facts = pages(as_user("jia_liaison"), world, document)
    assert document_page.count('<span class="qc-tag">推算</span>') == 2
    assert "2026年9月22日 <span class=\"qc-tag\">推算</span>" in programme_page
    assert '<span class="qc-tag">推算</span>' in as_user("jia_liaison").get("/documents/").content.decode()


def test_only_the_office_is_led_to_the_decision(world, document, as_user):
    address = f"/documents/{document.pk}/validity/"
    for who, led in (("clerk", True), ("director", True), ("jia_liaison", False), ("leader", False), ("auditor", False)):
        for page in pages(as_user(who), world, document)[:2]:
            assert (address in page) is led, who


# --- the question -------------------------------------------------------------------------------------------------


def told():
    rows = ReminderDelivery.objects.filter(key__startswith="validity").order_by("digest_on", "recipient__username")
    return [(row.recipient.username, row.rung) for row in rows]


def test_the_office_is_asked_a_hundred_and_eighty_days_before_and_nobody_else(world, document, clock):
    clock.move_to("2026-03-25T08:05:00+08:00")
    reminders.scan()
    assert told() == []
    clock.move_to("2026-03-26T08:05:00+08:00")
    reminders.scan()
    assert told() == [("clerk", -180), ("director", -180)]
    body = InboxItem.objects.filter(recipient=world.people["clerk"], kind="digest").latest("pk").body
    assert "《示例市质量强市意见》有效期届满，需定续期、修订或废止" in body
    assert "2026年9月22日届满，还有180天" in body
    row = ReminderDelivery.objects.filter(key__startswith="validity").first()
    assert row.url == f"/documents/{document.pk}/validity/"
    reminders.scan()
    assert len(told()) == 2


def test_it_is_asked_again_nearer_the_end_and_after_it(world, document, clock):
    for day in ("2026-03-26", "2026-06-24", "2026-08-23", "2026-09-15", "2026-09-23"):
        clock.move_to(f"{day}T08:05:00+08:00")
        reminders.scan()
    assert [rung for name, rung in told() if name == "clerk"] == [-180, -90, -30, -7, 1]
    body = InboxItem.objects.filter(recipient=world.people["clerk"], kind="digest").latest("pk").body
    assert "2026年9月22日已届满" in body


@pytest.mark.parametrize("state", ["draft", "closed", "archived"])
def test_a_programme_that_does_not_run_never_asks(world, document, as_user, clock, state):
    Programme.objects.filter(pk=world.programme.pk).update(state=state)
    reminders.scan()
    assert told() == []
    page = as_user("clerk").get("/").content.decode()
    assert "示例市质量强市意见" not in page


def test_the_start_page_of_the_office_lists_what_runs_out_until_it_is_answered(world, document, as_user):
    page = as_user("clerk").get("/").content.decode()
    assert "有效期将满的文件" in page and "还有180天" in page and f"/documents/{document.pk}/validity/" in page
    assert "有效期将满的文件" not in as_user("leader").get("/").content.decode()
    answer(document, world, until=date(2028, 9, 22))
    assert "有效期将满的文件" not in as_user("clerk").get("/").content.decode()


@pytest.mark.parametrize(
    "given",
    [
        {"answer": "renewed", "until": date(2029, 9, 22)},
        {"answer": "repealed", "repealed_on": date(2026, 5, 1)},
        {"answer": "lapsed"},
        {"answer": "revised"},
    ],
    ids=lambda given: given["answer"],
)
def test_after_an_answer_nobody_is_asked_any_more(world, document, newer, given, clock):
    more = {"successor": newer} if given["answer"] == "revised" else {}
    answer(document, world, **given, **more)
    clock.move_to("2026-09-15T08:05:00+08:00")
    reminders.scan()
    assert told() == []


def test_a_renewed_document_asks_again_before_its_new_end(world, document, clock):
    answer(document, world, until=date(2027, 3, 31))
    clock.move_to("2026-10-02T08:05:00+08:00")
    reminders.scan()
    assert told() == [("clerk", -180), ("director", -180)]


# --- the answer ---------------------------------------------------------------------------------------------------


def post(client, document, **values):
    sent = {"answering": seen(document), "basis": "示府办〔2026〕5号"} | values
    return client.post(f"/documents/{document.pk}/validity/", sent)


def test_renewed_moves_the_end_and_is_journalled(world, document, as_user):
    assert post(as_user("clerk"), document, answer="renewed", until="2029-09-22").status_code == 302
    document.refresh_from_db()
    assert (document.valid_until, document.valid_until_computed, document.expiry_answer) == (
        date(2029, 9, 22), False, "renewed",
    )  # fmt: skip
    entry = history(document).last()
    assert (entry.action, entry.reason) == ("answer_expiry", "示府办〔2026〕5号")
    assert (entry.before["valid_until"], entry.after["valid_until"]) == ("2026-09-22", "2029-09-22")
    assert entry.actor_id == world.people["clerk"].pk


def test_revised_names_the_newer_document_and_the_pages_show_it(world, document, newer, as_user):
    assert post(as_user("clerk"), document, answer="revised", successor=newer.pk).status_code == 302
    for page in pages(as_user("jia_liaison"), world, document):
        assert "已有新文件" in alert(page) or "示例市质量强市新意见" in alert(page)


def test_repealed_holds_from_its_day(world, document, as_user, clock):
    assert post(as_user("clerk"), document, answer="repealed", repealed_on="2026-05-01").status_code == 302
    assert "即将废止" in alert(pages(as_user("jia_liaison"), world, document)[0])
    clock.move_to("2026-05-01T09:00:00+08:00")
    assert "2026年5月1日废止" in alert(pages(as_user("jia_liaison"), world, document)[1])


def test_left_to_lapse_is_said_before_and_after_the_day(world, document, as_user, clock):
    assert post(as_user("clerk"), document, answer="lapsed").status_code == 302
    assert "办公室决定到期失效" in alert(pages(as_user("jia_liaison"), world, document)[0])
    clock.move_to("2026-09-23T09:00:00+08:00")
    assert "已失效" in alert(pages(as_user("clerk"), world, document)[0])


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "answer"),
        ({"answer": "renewed"}, "until"),
        ({"answer": "renewed", "until": "2026-09-22"}, "until"),
        ({"answer": "renewed", "until": "明年"}, "until"),
        ({"answer": "revised"}, "successor"),
        ({"answer": "revised", "successor": "999999"}, "successor"),
        ({"answer": "repealed"}, "repealed_on"),
        ({"answer": "repealed", "repealed_on": "2021-08-31"}, "repealed_on"),
        ({"answer": "lapsed", "basis": " "}, "basis"),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_what_was_typed_stays(world, document, as_user, sent, field):
    response = post(as_user("clerk"), document, **sent)
    assert response.status_code == 422 and list(response.context["form"].errors) == [field]
    if sent.get("basis") is None:
        assert "示府办〔2026〕5号" in response.content.decode()
    document.refresh_from_db()
    assert document.expiry_answer == "" and not history(document).exists()


def test_an_answer_to_what_has_changed_meanwhile_is_refused_and_can_then_be_given(world, document, as_user):
    before = seen(document)
    answer(document, world, who="director", until=date(2028, 1, 1))
    client = as_user("clerk")
    late = client.post(
        f"/documents/{document.pk}/validity/", {"answer": "lapsed", "basis": "x", "answering": before}
    )
    assert late.status_code == 422 and late.context["form"].non_field_errors()
    document.refresh_from_db()
    assert document.expiry_answer == "renewed"
    assert f'name="answering" value="{seen(document)}"' in late.content.decode()


def test_a_wrong_answer_is_mended_by_another_and_leaves_nothing_behind(world, document, newer):
    document = answer(document, world, answer="revised", successor=newer)
    document = answer(document, world, answer="repealed", repealed_on=date(2026, 5, 1))
    assert (document.successor_id, document.repealed_on) == (None, date(2026, 5, 1))
    document = answer(document, world, answer="lapsed")
    assert (document.repealed_on, document.expiry_answer) == (None, "lapsed")
    assert history(document).count() == 3


def test_a_document_cannot_be_replaced_by_itself_or_in_a_circle(world, document, newer):
    PolicyDocument.objects.filter(pk=newer.pk).update(successor=document)
    newer.refresh_from_db()
    for other in (document, newer):
        with pytest.raises(IllegalMove):
            answer(document, world, answer="revised", successor=other)


def test_only_the_office_of_the_document_answers(world, document, as_user):
    for who, status in (("jia_head", 403), ("leader", 403), ("district", 403), ("stranger", 404)):
        assert as_user(who).get(f"/documents/{document.pk}/validity/").status_code == status
        assert post(as_user(who), document, answer="lapsed").status_code == status
    with pytest.raises(NotAllowed):
        answer(document, world, who="leader", answer="lapsed")


def test_pages_about_validity_cost_few_queries(world, document, newer, as_user, django_assert_max_num_queries):
    client = as_user("clerk")
    for address in (f"/documents/{document.pk}/", f"/documents/{document.pk}/validity/", "/documents/"):
        with django_assert_max_num_queries(MOST):
            assert client.get(address).status_code == 200
    with django_assert_max_num_queries(20):
        assert post(client, document, answer="lapsed").status_code == 302
