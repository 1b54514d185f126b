"""Bodies, units and the contact book: names over time, 分管, telephone numbers, and a file that runs nothing."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from qualitycity.audit.models import Entry
from taskforce.models import (
    Body,
    Contact,
    Department,
    DepartmentAlias,
    DepartmentName,
    Jurisdiction,
    Seat,
    SeatSupervision,
)


def shown(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def count_queries(client, name, *args):
    # the first reader of a day works out the standings
    client.get(reverse(name, args=args))
    with CaptureQueriesContext(connection) as found:
        assert client.get(reverse(name, args=args)).status_code == 200
    return len(found)


@pytest.fixture
def group(world):
    body = Body.objects.create(
        jurisdiction=world.city, code="shili-ldxz", kind="leading_group", name="示例市质量强市工作领导小组",
        office_name="市质强办", office_department=world.units["质量局"],
    )
    head = Seat.objects.create(body=body, role="head", printed_role="组长", person="张三", post="市长", sort=1)
    Seat.objects.create(body=body, role="member", printed_role="成员", post="甲局局长", department=world.units["甲局"])
    SeatSupervision.objects.create(seat=head, department=world.units["乙局"])
    SeatSupervision.objects.create(seat=head, department=world.units["丙局"], valid_until=date(2026, 1, 1))
    return body


def test_a_body_shows_seats_in_its_own_words_with_person_or_post(as_user, world, group):
    text = shown(as_user("jia_liaison"), "body", group.pk)
    for word in ("组长", "张三", "市长", "甲局局长", "市质强办", "市乙局"):
        assert word in text
    assert "市丙局" not in text


def test_a_body_without_printed_roster_says_so(as_user, world, group):
    Body.objects.filter(pk=group.pk).update(roster_printed=False)
    group.seats.all().delete()
    answer = as_user("leader").get(reverse("body", args=[group.pk]))
    assert answer.context["roster"].empty and "qc-alert-warn" in answer.content.decode()
    assert group.name in shown(as_user("leader"), "bodies")


def test_a_unit_shows_its_names_over_time_and_who_leads_it_on(as_user, world):
    old = Department.objects.create(
        jurisdiction=world.city, code="shili-old", kind="government_dept", name="示例市质量技术监督局",
        short_name="市质监局", successor=world.units["甲局"], closed_on=date(2019, 3, 1),
    )
    DepartmentAlias.objects.create(department=old, alias="质监局")
    DepartmentName.objects.create(
        department=old, name="示例市技术监督局", short_name="市技监局", valid_until=date(2001, 5, 1)
    )
    text = shown(as_user("jia_head"), "department", old.pk)
    for word in ("示例市甲局", "质监局", "示例市技术监督局", "2001年5月1日", "2019年3月1日"):
        assert word in text
    assert old.name in shown(as_user("jia_head"), "department", world.units["甲局"].pk)


def test_a_unit_shows_its_parts_with_their_lights(as_user, world, clock):
    clock.move_to("2026-04-20T10:00:00+08:00")
    answer = as_user("supervisor").get(reverse("department", args=[world.units["甲局"].pk]))
    found = {task.title: (task.light, task.programme) for task in answer.context["tasks"]}
    assert found == {"(1)任务1": ("red", "质量提升2026"), "(2)任务2": ("red", "质量提升2026")}


def test_a_unit_of_another_root_is_not_there(as_user, world):
    elsewhere = Jurisdiction.objects.create(code="980100", name="别市", short_name="别市", level="city")
    unit = Department.objects.create(
        jurisdiction=elsewhere, code="bie", kind="government_dept", name="别市某局", short_name="某局"
    )
    assert as_user("director").get(reverse("department", args=[unit.pk])).status_code == 404
    assert "别市某局" not in shown(as_user("director"), "contacts")


@pytest.fixture
def book(world):
    Contact.objects.create(department=world.units["甲局"], name="王晓", post="科长", phone="0754-111", mobile="139")
    Contact.objects.create(department=world.units["甲局"], name="李敏", phone="0754-222")
    Contact.objects.create(department=world.units["乙局"], name="=HYPERLINK(1)", post="@办公室", phone="0754-333")


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ({"q": "王晓"}, ["王晓"], ["李敏", "0754-333"]),
        ({"q": "甲局"}, ["王晓", "李敏"], ["0754-333"]),
        ({"q": "0754-333"}, ["0754-333"], ["王晓"]),
        ({"kind": "county_government"}, ["东湖区政府"], ["王晓"]),
        ({"q": "没有这样的人"}, [], ["王晓", "0754-333"]),
        ({"kind": "nonsense"}, ["王晓"], []),
    ],
)
def test_the_contact_book_is_searched_by_person_unit_number_and_kind(as_user, world, book, query, there, gone):
    text = shown(as_user("yi_liaison"), "contacts", **query)
    assert all(word in text for word in there) and not any(word in text for word in gone)


def test_a_former_name_finds_the_unit(as_user, world, book):
    DepartmentAlias.objects.create(department=world.units["甲局"], alias="质监局")
    assert "王晓" in shown(as_user("leader"), "contacts", q="质监局")


def test_numbers_are_links_for_a_telephone(as_user, world, book):
    assert 'href="tel:0754-111"' in shown(as_user("leader"), "contacts")


def test_the_export_holds_what_the_address_shows_and_runs_nothing(as_user, world, book):
    client = as_user("clerk")
    answer = client.get(reverse("contacts_export"))
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content))).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert [row[5] for row in rows if row[5]] == ["王晓", "李敏", "'=HYPERLINK(1)"]
    assert "市丙局" in [row[2] for row in rows if not row[5]], "a unit without people is in it as well"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert [row[6] for row in rows if row[5]][2] == "'@办公室"
    client.get(reverse("contacts_export"), {"q": "李敏"})
    told = Entry.objects.filter(action="export_contacts").order_by("id")
    assert [(entry.after["rows"], entry.after["text"], entry.actor_label) for entry in told] == [
        (3, "", "clerk"), (1, "李敏", "clerk"),
    ]


def test_the_export_as_csv_holds_the_same_people(as_user, world, book):
    text = b"".join(as_user("clerk").get(reverse("contacts_csv"), {"q": "李敏"}).streaming_content).decode()
    assert text.startswith("\ufeff区划,单位,") and "李敏" in text and "王晓" not in text
    assert Entry.objects.get(action="export_contacts").after["format"] == "csv"


def test_an_account_without_a_role_takes_nothing_out(as_user, world, book):
    assert as_user("stranger").get(reverse("contacts_export")).status_code == 404
    assert "王晓" not in shown(as_user("stranger"), "contacts")
    assert not Entry.objects.filter(action="export_contacts").exists()


def test_few_and_many_rows_cost_the_same_queries(as_user, world, group, book, settled):
    client = as_user("clerk")
    settled()
    pages = [("bodies",), ("body", group.pk), ("department", world.units["甲局"].pk), ("contacts",)]
    few = [count_queries(client, *page) for page in pages]
    for number in range(30):
        unit = Department.objects.create(
            jurisdiction=world.city, code=f"many-{number}", kind="government_dept", name=f"示例市{number}局",
            short_name=f"{number}局",
        )
        Contact.objects.create(department=unit, name=f"人{number}", phone="1")
        Contact.objects.create(department=world.units["甲局"], name=f"人{number}", phone="1")
        seat = Seat.objects.create(body=group, role="deputy", post=f"副组长{number}", department=unit)
        SeatSupervision.objects.create(seat=seat, department=world.units["甲局"])
        Seat.objects.create(body=group, role="member", post=f"成员{number}", department=world.units["甲局"])
        Body.objects.create(jurisdiction=world.city, code=f"body-{number}", kind="committee", name=f"委员会{number}")
    settled()
    assert [count_queries(client, *page) for page in pages] == few
    assert max(few) <= 12
