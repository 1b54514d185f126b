"""Tables of tasks that a saved page left behind as text. By hand."""

from .telling import found_in, told

LINED = """示例市2022年质量强市重点任务清单
序号
工作任务
责任单位
完成时限
1
开展质量比对提升行动
市市场监管局、市工信局
2022年10月
2
推进标准化试点建设
制定市级标准
市市场监管局,各区县政府
2022年12月
3
加强工程质量监管
开展工地巡查
市住建局、交通局
长期
示例市人民政府
2022年3月1日
"""

STROKED = """示例市质量强市重点任务分解表
| 序号 | 重点任务 | 牵头单位 | 配合单位 |
|---|---|---|---|
| 1 | 开展质量比对提升行动 | 市市场监管局 | 市工信局、商务局 |
| 2 | 推进标准化试点建设 | 市发改委 | 各区县政府 |
"""


def rows(text):
    return [(task.path, task.title, told(task)) for task in found_in(text).tasks]


def test_cells_in_lines_of_their_own():
    assert rows(LINED) == [
        ("1", "开展质量比对提升行动", " |  | 市市场监管局、市工信局"),
        ("2", "推进标准化试点建设制定市级标准", " |  | 市市场监管局、各区县政府*"),
        ("3", "加强工程质量监管开展工地巡查", " |  | 市住建局、市交通局"),
    ]
    found = found_in(LINED)
    assert [LINED[task.due.start : task.due.end] for task in found.tasks] == [
        "2022年10月",
        "2022年12月",
        "长期",
    ]
    assert found.document.date == "2022-03-01"


def test_cells_between_strokes():
    assert rows(STROKED) == [
        ("1", "开展质量比对提升行动", "市市场监管局 | 市工信局、市商务局 | "),
        ("2", "推进标准化试点建设", "市发改委 | 各区县政府* | "),
    ]


def test_lines_that_are_no_table():
    text = "示例市质量工作方案\n一、重点任务\n1\n2\n序号\n任务\n开展比对\n"
    assert [task.title for task in found_in(text).tasks] == ["重点任务"]
