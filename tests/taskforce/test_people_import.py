"""从 Excel 导入: seen before it is written, all or nothing, harmless when repeated, and never beyond one's territory."""

from io import BytesIO
from zipfile import ZipFile

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from qualitycity.audit.models import Entry
from taskforce.choices import Role
from taskforce.domain import people_import
from taskforce.models import (
    Contact,
    Department,
    DepartmentAlias,
    Membership,
    PeopleImport,
    User,
)

from . import people_books as books

HERE = "people_import"


def sent(client, content, name=books.NAME):
    return client.post(reverse(HERE), {"file": books.upload(content, name)})


def preview(client, content):
    answer = sent(client, content)
    assert answer.status_code == 302, answer.context["form"].errors
    page = client.get(answer.url)
    assert page.status_code == 200
    return answer.url, page


def confirm(client, url, page):
    return client.post(url, {"do": "confirm", "seen": page.context["plan"].digest})


def bring_in(client, content):
    url, page = preview(client, content)
    assert page.context["plan"].problems == []
    answer = confirm(client, url, page)
    assert answer.status_code == 302
    return client.get(url)


def problems(client, content):
    _url, page = preview(client, content)
    return [(row.sheet, row.row, row.column, row.sentence) for row in page.context["plan"].problems]


NEW_UNIT = ("示例市教育局", "市教育局", "政府部门", "教育局、市教委", "0990-1", "", "jiaoyu")
NEW_PERSON = ("示例市教育局", "王 芳", "联络员", "科长", "0990-2", 13900000001, "wang@example.org", "")
HEAD = ("市教育局", "李强", "单位负责人", "局长", "", "", "", "")


def register():
    """Everything an import may write, as plain values."""
    # signing in is no change of the register
    accounts = User.objects.values_list("pk", "username", "full_name", "email", "phone", "is_active", "password")
    rows = [model.objects.values_list() for model in (Department, DepartmentAlias, Contact, Membership)]
    return [sorted(map(str, found)) for found in (accounts, *rows)]


def test_units_people_and_accounts_are_brought_in_from_one_file(as_user, world):
    client = as_user("director")
    page = bring_in(client, books.both([NEW_UNIT], [NEW_PERSON, HEAD]))
    unit = Department.objects.get(code="jiaoyu")
    assert (unit.short_name, unit.kind, unit.phone, unit.jurisdiction) == (
        "市教育局", "government_dept", "0990-1", world.city,
    )
    assert {row.alias for row in unit.aliases.all()} == {"教育局", "市教委"}
    contact = unit.contacts.get(name="王芳")
    assert (contact.post, contact.phone, contact.mobile, contact.email) == (
        "科长", "0990-2", "13900000001", "wang@example.org",
    )
    user = contact.user
    assert (user.username, user.full_name, user.phone) == ("jiaoyu.llr", "王芳", "13900000001")
    assert not user.has_usable_password() and user.must_change_password
    role = user.memberships.get()
    assert (role.role, role.department, role.jurisdiction) == (Role.LIAISON, unit, world.city)
    assert unit.contacts.get(name="李强").user.username == "jiaoyu.fzr"
    assert page.context["counts"]["accounts"] == 2


def test_rows_that_cannot_be_brought_in_are_not_counted_as_new(as_user, world):
    lost = ("市不存在局", "丁二", "联络员", "科员", "", "", "", "")
    _url, page = preview(as_user("director"), books.both([NEW_UNIT], [NEW_PERSON, lost]))
    assert len(page.context["plan"].problems) == 1
    counts = page.context["counts"]
    assert (counts["units_new"], counts["people_new"], counts["accounts"]) == (1, 1, 1)


def test_the_same_file_again_changes_nothing(as_user, world):
    client, content = as_user("director"), books.both([NEW_UNIT], [NEW_PERSON, HEAD])
    bring_in(client, content)
    before, entries = register(), Entry.objects.count()
    _url, page = preview(client, content)
    plan = page.context["plan"]
    assert not plan.does_something and plan.counts["people_same"] == 2 and plan.counts["units_same"] == 1
    assert "confirm" not in page.content.decode()
    people_import.carry_out(PeopleImport.objects.first(), actor=world.actor("director"), seen=plan.digest)
    assert register() == before
    new = Entry.objects.order_by("id")[entries:]
    assert {row.action for row in new} == {"upload_people", "import_people"}


def test_nothing_is_written_before_confirmation_and_the_draft_stays(as_user, world):
    client, before = as_user("director"), register()
    url, page = preview(client, books.both([NEW_UNIT], [NEW_PERSON]))
    assert register() == before
    assert [row.verdict for row in page.context["plan"].people] == ["new"]
    assert "王芳" in client.get(url).content.decode(), "another day the same preview"
    assert "王芳" not in client.get(reverse(HERE)).content.decode() and url in client.get(reverse(HERE)).content.decode()


def test_changes_are_shown_with_before_and_after_and_journalled(as_user, world):
    unit = world.units["甲局"]
    Contact.objects.create(department=unit, name="陈明", phone="0990-7", post="科员")
    client = as_user("director")
    content = books.both([("示例市甲局", "市甲局", "", "甲委", "0990-9")], [("甲委", "陈明", "", "科长", "0990-7")])
    url, page = preview(client, content)
    (changed,), (person,) = page.context["plan"].units, page.context["plan"].people
    assert [(row.before, row.after) for row in changed.changes] == [("", "0990-9")] and changed.aliases == ["甲委"]
    assert [(row.before, row.after) for row in person.changes] == [("科员", "科长")]
    assert "科员" in page.content.decode() and "科长" in page.content.decode()
    confirm(client, url, page)
    unit.refresh_from_db()
    assert unit.phone == "0990-9" and Contact.objects.get(name="陈明").post == "科长"
    assert list(Entry.objects.get(action="import_contact").before.values()) == ["科员"]
    assert "0990-9" in str(Entry.objects.get(action="import_unit").after)


def test_an_empty_cell_leaves_what_is_there(as_user, world):
    unit = world.units["甲局"]
    Department.objects.filter(pk=unit.pk).update(phone="0990-3")
    Contact.objects.create(department=unit, name="陈明", phone="0990-7", email="c@example.org")
    bring_in(as_user("director"), books.both([("示例市甲局",)], [("示例市甲局", "陈明", "", "主任")]))
    unit.refresh_from_db()
    contact = Contact.objects.get(name="陈明")
    assert (unit.phone, contact.phone, contact.email, contact.post) == ("0990-3", "0990-7", "c@example.org", "主任")


def test_who_has_an_account_under_this_name_gets_no_second_one(as_user, world):
    User.objects.filter(username="jia_liaison").update(full_name="赵一")
    count = User.objects.count()
    people = [("市甲局", "赵一", "联络员、单位负责人", "", "", "13900000002", "z@example.org")]
    bring_in(as_user("director"), books.both(people=people))
    assert User.objects.count() == count
    user = User.objects.get(username="jia_liaison")
    assert set(user.memberships.values_list("role", flat=True)) == {"liaison", "unit_head"}
    assert (user.phone, user.email) == ("13900000002", "z@example.org")
    assert Contact.objects.get(name="赵一").user == user


def test_column_order_further_columns_titles_and_other_headings_do_not_matter(as_user, world):
    rows = [
        ("2026年质量工作联络员名单",), ("填报日期：3月",),
        ("序号", "手机号码", "姓名（联络员）", "备注", "部门", "角色"),
        (1, 13900000003.0, "孙 立", "新任", "市乙局", "联络员"),
    ]  # fmt: skip
    page = bring_in(as_user("director"), books.book(花名册=rows, 空表=[], 其他=[("随便", "什么")]))
    contact = Contact.objects.get(name="孙立")
    assert (contact.mobile, contact.department) == ("13900000003", world.units["乙局"])
    assert page.context["draft"].skipped == ["空表", "其他"]


def test_what_wps_writes_is_read(as_user, world):
    """Inline strings in place of the shared table, and a dimension that says the sheet is one cell."""
    content = books.both([NEW_UNIT], [NEW_PERSON])
    content = books.edited(
        content, "xl/worksheets/sheet2.xml",
        lambda data: data.replace(b'<dimension ref="A1:H2" />', b'<dimension ref="A1"/>').replace(
            b'<dimension ref="A1:H2"/>', b'<dimension ref="A1"/>'
        ),
    )  # fmt: skip
    with ZipFile(BytesIO(content)) as archive:
        assert b'ref="A1"' in archive.read("xl/worksheets/sheet2.xml")
    bring_in(as_user("director"), content)
    assert Contact.objects.get(name="王芳").mobile == "13900000001"


@pytest.mark.parametrize(
    ("person", "column", "word"),
    [
        (("", "王芳"), "A 单位*", "单位"),
        (("没有这个单位", "王芳"), "A 单位*", "没有这个单位"),
        (("市甲局", "", "联络员"), "B 姓名*", "姓名"),
        (("市甲局", "13900000001"), "B 姓名*", "13900000001"),
        (("市甲局", "王芳", "主席"), "C 角色", "主席"),
        (("市甲局", "王芳", "系统管理员"), "C 角色", "系统管理员"),
        (("市甲局", "王芳", "办公室管理员"), "C 角色", "办公室管理员"),
        (("市甲局", "王芳", "", "", "abc"), "E 办公电话", "abc"),
        (("市甲局", "王芳", "", "", "", "1390000000"), "F 手机", "10"),
        (("市甲局", "王芳", "", "", "", "1.39E+10"), "F 手机", "1.39E+10"),
        (("市甲局", "王芳", "", "", "", "", "wang@"), "G 邮箱", "wang@"),
        (("市甲局", "王芳", "联络员", "", "", "", "", "director"), "H 账号", "director"),
        (("市甲局", "王芳", "联络员", "", "", "", "", "王 芳！"), "H 账号", "王 芳！"),
        (("市甲局", "王芳", "", "", "", "", "", "wang.fang"), "C 角色", ""),
        (("市甲局", "王" * 41), "B 姓名*", "41"),
    ],
)
def test_a_wrong_cell_is_named_with_sheet_row_and_column(as_user, world, person, column, word):
    before = register()
    found = problems(as_user("director"), books.both(people=[("市乙局", "好人"), person]))
    assert [(sheet, row, where) for sheet, row, where, _said in found] == [("人员", 3, column)]
    assert word in found[0][3]
    assert register() == before


@pytest.mark.parametrize(
    ("unit", "column"),
    [
        (("示例市新局", "", "部门"), "C 单位类别*"),
        (("示例市新局", ""), "A 单位*"),
        (("示例市新局", "", "政府部门", "", "电话"), "E 单位电话"),
        (("示例市新局", "", "政府部门", "", "", "外市"), "F 行政区划"),
        (("示例市新局", "", "政府部门", "", "", "", "代码"), "A 单位*"),
        (("示例市新局", "", "政府部门", "", "", "", "shili-jia"), "A 单位*"),
        (("示例市" + "新" * 90, "", "政府部门"), "A 单位*"),
    ],
)
def test_a_wrong_unit_is_named_with_sheet_row_and_column(as_user, world, unit, column):
    found = problems(as_user("director"), books.both([unit]))
    assert [(sheet, row, where) for sheet, row, where, _said in found] == [("单位", 2, column)]


def test_one_refused_cell_keeps_everything_out_whatever_is_sent(as_user, world):
    client, before = as_user("director"), register()
    url, page = preview(client, books.both([NEW_UNIT], [NEW_PERSON, ("市甲局", "王芳", "主席")]))
    assert "confirm" not in page.content.decode()
    answer = confirm(client, url, page)
    assert answer.status_code == 422 and register() == before


def test_two_rows_that_contradict_each_other_are_refused_at_the_second(as_user, world):
    people = [("市甲局", "王芳", "", "科长"), ("示例市甲局", "王芳", "", "主任")]
    ((sheet, row, _column, said),) = problems(as_user("director"), books.both(people=people))
    assert (sheet, row) == ("人员", 3) and "2" in said


def test_a_closed_unit_and_a_closed_account_are_refused_in_words(as_user, world):
    Department.objects.filter(pk=world.units["丙局"].pk).update(
        closed_on=timezone.localdate(), successor=world.units["乙局"]
    )
    User.objects.filter(username="jia_liaison").update(full_name="赵一", is_active=False)
    people = [("市丙局", "王芳"), ("市甲局", "赵一", "联络员")]
    found = problems(as_user("director"), books.both(people=people))
    assert [row for _sheet, row, _column, _said in found] == [2, 3] and "示例市乙局" in found[0][3]


def test_what_changed_since_the_preview_is_looked_at_again(as_user, world):
    client = as_user("director")
    url, page = preview(client, books.both(people=[("市甲局", "王芳", "", "科长")]))
    Contact.objects.create(department=world.units["甲局"], name="王芳", post="科员")
    answer = confirm(client, url, page)
    assert answer.status_code == 422 and Contact.objects.get(name="王芳").post == "科员"
    assert answer.context["plan"].people[0].verdict == "changed"
    assert confirm(client, url, answer).status_code == 302
    assert Contact.objects.get(name="王芳").post == "科长"


def test_confirmed_twice_it_is_carried_out_once(as_user, world):
    client = as_user("director")
    url, page = preview(client, books.both([NEW_UNIT], [NEW_PERSON]))
    confirm(client, url, page)
    before, entries = register(), Entry.objects.count()
    assert confirm(client, url, page).status_code == 302
    assert register() == before and Entry.objects.count() == entries


def test_an_upload_can_be_thrown_away_and_its_cells_are_gone(as_user, world):
    client, before = as_user("director"), register()
    url, page = preview(client, books.both([NEW_UNIT], [NEW_PERSON]))
    assert client.post(url, {"do": "discard"}).status_code == 302
    row = PeopleImport.objects.get()
    assert (row.state, row.rows) == ("discarded", []) and register() == before
    assert client.get(url).status_code == 200
    assert confirm(client, url, page).status_code == 422 and register() == before


def test_slips_are_made_once_for_those_who_never_signed_in(as_user, world):
    client = as_user("director")
    url, page = preview(client, books.both([NEW_UNIT], [NEW_PERSON, HEAD]))
    confirm(client, url, page)
    answer = client.post(url, {"do": "slips"})
    made = dict((user.username, password) for user, password in answer.context["slips"])
    assert set(made) == {"jiaoyu.llr", "jiaoyu.fzr"} and answer["Cache-Control"] == "no-store"
    assert all(password in answer.content.decode() for password in made.values())
    user = User.objects.get(username="jiaoyu.llr")
    assert user.check_password(made["jiaoyu.llr"]) and user.must_change_password
    assert Entry.objects.filter(action="issue_password").count() == 2
    assert not any(password in str(row.after) for row in Entry.objects.all() for password in made.values())
    User.objects.filter(username="jiaoyu.llr").update(last_login=timezone.now())
    again = client.post(url, {"do": "slips"})
    assert [user.username for user, _password in again.context["slips"]] == ["jiaoyu.fzr"]
    assert User.objects.get(username="jiaoyu.llr").check_password(made["jiaoyu.llr"])


def test_a_slip_signs_in_and_asks_for_a_password_of_ones_own(as_user, client, world):
    office = as_user("director")
    url, page = preview(office, books.both([NEW_UNIT], [NEW_PERSON]))
    confirm(office, url, page)
    ((_user, password),) = office.post(url, {"do": "slips"}).context["slips"]
    office.logout()
    assert office.login(username="jiaoyu.llr", password=password)
    assert office.get(reverse("start")).url == reverse("password_change")


def test_a_district_office_brings_in_its_own_units_alone(as_user, world):
    client = as_user("district")
    page = bring_in(client, books.both([("东湖区教育局", "区教育局", "政府部门")], [("区教育局", "何平", "联络员")]))
    unit = Department.objects.get(name="东湖区教育局")
    assert unit.jurisdiction == world.district and page.context["counts"]["accounts"] == 1
    assert User.objects.get(full_name="何平").memberships.get().jurisdiction == world.district
    # a unit of the city is none of the district's; nor is its own kind of account its to give
    assert problems(client, books.both(people=[("市甲局", "王芳")]))
    assert problems(client, books.both(people=[("区教育局", "王芳", "区县质量办")]))
    assert problems(client, books.both([("东湖区新局", "", "政府部门", "", "", "示例市")]))


def test_the_city_names_the_district_of_a_unit(as_user, world):
    bring_in(as_user("director"), books.both([("东湖区教育局", "", "政府部门", "", "", "东湖区")]))
    unit = Department.objects.get(name="东湖区教育局")
    assert (unit.jurisdiction, unit.short_name, unit.code) == (world.district, "东湖区教育局", "990102-001")


@pytest.mark.parametrize("who", ["clerk", "jia_liaison", "sysadmin", "auditor", "leader", "stranger"])
def test_others_neither_upload_nor_look(as_user, world, who):
    url, _page = preview(as_user("director"), books.both([NEW_UNIT]))
    client = as_user(who)
    for address in (reverse(HERE), url, reverse("people_template")):
        assert client.get(address).status_code == 403
    assert sent(client, books.both([NEW_UNIT])).status_code == 403


def test_somebody_elses_upload_is_not_there(as_user, world):
    url, _page = preview(as_user("district"), books.both([("东湖区教育局", "", "政府部门")]))
    assert as_user("director").get(url).status_code == 404
    assert as_user("director").post(url, {"do": "confirm"}).status_code == 404


def test_the_template_is_read_back_as_it_is_filled(as_user, world):
    client = as_user("director")
    empty = sent(client, client.get(reverse("people_template")).content)
    assert empty.status_code == 422, "headings alone bring nothing in"
    filled = client.get(reverse("people_template"), {"filled": 1})
    made = openpyxl.load_workbook(BytesIO(filled.content))
    assert made.sheetnames == ["说明", "单位", "人员"]
    assert len(made["单位"].data_validations.dataValidation) == 1
    assert Entry.objects.get(action="export_contacts").after["units"] == 5


@pytest.mark.parametrize("address", ["people_template", "contacts_export"])
def test_what_is_taken_out_can_be_brought_in_again_and_changes_nothing(as_user, world, address):
    client = as_user("director")
    bring_in(client, books.both([NEW_UNIT], [NEW_PERSON, HEAD]))
    Contact.objects.create(department=world.units["甲局"], name="陈明", phone="+86 990 7", post="科员")
    answer = client.get(reverse(address), {"filled": 1} if address == "people_template" else {})
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    _url, page = preview(client, content)
    plan = page.context["plan"]
    assert plan.problems == [] and not plan.does_something
    assert len(plan.people) == 3 and len(plan.units) == 6, "units without people are in it as well"


def test_few_and_many_rows_cost_the_same_queries(as_user, world):
    client, reads, writes = as_user("director"), [], []
    for amount in (2, 60):
        units = [(f"示例市第{amount}{n}局", "", "政府部门", f"别{amount}{n}") for n in range(amount)]
        people = [(f"示例市第{amount}{n}局", "王芳", "联络员", "", "", "", "w@example.org") for n in range(amount)]
        url, page = preview(client, books.both(units, people))
        with CaptureQueriesContext(connection) as found:
            client.get(url)
        reads.append(len(found))
        with CaptureQueriesContext(connection) as found:
            assert confirm(client, url, page).status_code == 302
        writes.append(len([row for row in found if "SAVEPOINT" not in row["sql"]]))
    assert reads[0] == reads[1] and writes[0] == writes[1]
    assert reads[0] <= 14 and writes[0] <= 26
