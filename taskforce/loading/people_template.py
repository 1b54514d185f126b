"""The workbook an office fills in: 说明, 单位, 人员, with lists to choose from. Headings as `people_book` reads them."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Any

from django.utils.translation import override
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from qualitycity.files.spreadsheets import safe_cell

from .people_book import HEADINGS, MOST_ROWS
from .people_cells import ROLES, kind_labels

#: Field, width, must be filled in for a new row.
UNIT_COLUMNS = (
    ("unit", 32, True), ("short_name", 18, False), ("kind", 16, True), ("aliases", 24, False), ("unit_phone", 18, False),
    ("place", 14, False), ("code", 18, False),
)  # fmt: skip
PEOPLE_COLUMNS = (
    ("unit", 32, True), ("name", 12, True), ("role", 18, False), ("post", 18, False), ("phone", 18, False),
    ("mobile", 16, False), ("email", 26, False), ("account", 18, False),
)  # fmt: skip
NOTES = (
    ("怎么用", ""),
    ("1", "“单位”表一行一个单位，“人员”表一行一人；带 * 的列必填，其他列可空。列的顺序可变，多出的列不读。"),
    ("2", "在门户“人员账号”→“从 Excel 导入”上传。先看预览：新增、修改、不变、不能导入的逐行列出，确认后才写入。"),
    ("3", "有一个单元格不能导入，整个文件都不写入。改好后重新上传。同一文件再次导入，不会重复。"),
    ("4", "空单元格表示不改；导入只增加和修改，从不删除单位、人员和角色。"),
    ("单位", ""),
    ("单位*", "全称。已登记的单位，写全称、简称或别称都认；更名、撤并请在“设置”中办理。"),
    ("单位类别*", "新单位必填，从下拉列表中选。"),
    ("简称", "不填时用全称。简称显示在各处页面上，请简短，如“市教育局”。"),
    ("别称", "文件里出现过的其他叫法，几个之间用顿号。"),
    ("行政区划", "不填为本级；下属区县、乡镇的单位填其名称。"),
    ("单位代码", "不填时自动编号。账号名由代码生成，如代码 jiaoyu 的联络员账号为 jiaoyu.llr。"),
    ("人员", ""),
    ("角色", "填了角色的开通账号；几个角色用顿号。不填的只进通讯录。"),
    ("账号", "一般不填，由系统生成；要用指定的账号名时填写（字母、数字和 . - _）。"),
    ("密码", "导入不设密码。导入后在结果页打印一次性密码条，交本人；首次登录必须另设。"),
    ("手机、电话", "请把这几列设为“文本”格式，避免号码被改成 1.38E+10。"),
)


def people_template(units: Iterable[Sequence[Any]] = (), people: Iterable[Sequence[Any]] = ()) -> bytes:
    """The workbook; `units` and `people` are rows in the order of the columns, to begin with what is registered."""
    book = Workbook()
    notes = book.active
    assert isinstance(notes, Worksheet)
    _notes(notes)
    sheet = book.create_sheet("单位")
    _table(sheet, UNIT_COLUMNS, units)
    _choice(sheet, "C", list(kind_labels()), strict=True)
    sheet = book.create_sheet("人员")
    _table(sheet, PEOPLE_COLUMNS, people)
    with override("zh-hans"):
        _choice(sheet, "C", [str(role.label) for role in ROLES], strict=False)
    named = f"单位!$A$2:$A${MOST_ROWS}"
    units_named = DataValidation(type="list", formula1=named, allow_blank=True, showErrorMessage=False)
    sheet.add_data_validation(units_named)
    units_named.add(f"A2:A{MOST_ROWS}")
    book.active = 1
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _notes(sheet: Worksheet) -> None:
    sheet.title = "说明"
    sheet.append(["单位和人员导入表"])
    sheet["A1"].font = Font(bold=True, size=14)
    for head, text in NOTES:
        sheet.append([head, text])
        row = sheet[sheet.max_row]
        row[0].font = Font(bold=True)
        row[1].alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width = 14
    sheet.column_dimensions["B"].width = 96


def _table(sheet: Worksheet, columns: Sequence[tuple[str, int, bool]], rows: Iterable[Sequence[Any]]) -> None:
    sheet.append([HEADINGS[name][0] + ("*" if must else "") for name, _width, must in columns])
    for index, (_name, width, _must) in enumerate(columns, 1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = width
        # text, so that Excel and WPS leave telephone numbers as they are typed
        sheet.column_dimensions[letter].number_format = "@"
        head = sheet.cell(1, index)
        head.font = Font(bold=True)
        head.fill = PatternFill("solid", start_color="E6EDF5")
    for row in rows:
        sheet.append([safe_cell(value) for value in row])
        for cell in sheet[sheet.max_row]:
            cell.number_format = "@"
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(sheet.max_row, 2)}"


def _choice(sheet: Worksheet, letter: str, values: Sequence[str], *, strict: bool) -> None:
    """A list to choose from; where it is not strict several values may be typed."""
    rule = DataValidation(
        type="list", formula1=f'"{",".join(values)}"', allow_blank=True, showErrorMessage=strict,
        errorTitle="请从列表中选", error="请从下拉列表中选择一项。",
    )  # fmt: skip
    sheet.add_data_validation(rule)
    rule.add(f"{letter}2:{letter}{MOST_ROWS}")
