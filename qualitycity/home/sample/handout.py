"""The accounts of the city as a table for people: grouped by role, columns even although Chinese is twice as wide."""

from collections.abc import Iterable
from unicodedata import east_asian_width

from taskforce.choices import Role

from .city import Account

HEADINGS = ("账号", "姓名", "角色", "单位", "密码")
#: 角色 as the table says it; it is printed in Chinese whatever the language of the shell.
ROLES = {
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.OFFICE_ADMIN: "办公室负责人",
    Role.OFFICE_CLERK: "办公室工作人员",
    Role.LEADER: "领导",
    Role.SECRETARY: "秘书",
    Role.SUPERVISOR: "目督办",
    Role.AUDITOR: "审计",
    Role.LIAISON: "联络员",
    Role.UNIT_HEAD: "单位负责人",
    Role.DISTRICT_OFFICE: "区县质量办",
    None: "代理人（B角）",
}


def table(accounts: Iterable[Account]) -> str:
    order = list(ROLES)
    # stable: within a role as in the files
    ranked = sorted(accounts, key=lambda account: order.index(account.facts.role))
    rows = [
        (row.facts.login, row.facts.name, ROLES[row.facts.role], row.unit or row.facts.post, row.password)
        for row in ranked
    ]
    widths = [max(map(_width, column)) for column in zip(HEADINGS, *rows, strict=True)]
    lines = [_line(HEADINGS, widths), "  ".join("-" * width for width in widths)]
    before = rows[0][2] if rows else ""
    for row in rows:
        if row[2] != before:
            lines.append("")
        before = row[2]
        lines.append(_line(row, widths))
    return "\n".join(lines) + "\n"


def _line(cells: Iterable[str], widths: list[int]) -> str:
    return "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)).rstrip()


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)
