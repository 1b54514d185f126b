"""Texts of 50,000 characters that make a careless pattern run for ever, and every pattern of the package."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import programs.importing

SIZE = 50_000
PIECES = (
    "一", "(", ")", "((", "(一", "()", "〔", "《", "“", "、", ",", ";", "。", ":", " ", "\n", "\t", "1", "1.",
    "1,", "1.1.", "年", "2016年", "2016年1月", "12345年", "市", "市局", "市局、", "市质监局、", "各区、县", "牵头", "负责",
    "负责负责,", "按职责分工", "配合单位:", "责任单位:", "组 长", "组长:", "张 三 市长\n", "办公室设在", "由市长任", "达到", "达到1", "90%",
    "率和", "率、", "不发生", "零", "前", "位居", "成立", "领导小组", "为了", "对", "奖", "“奖", "示范区", "建立", "制度", "建立制度,",
    "第一条", "(一)(一)", "一、", "一、\n", "附件", "附件\n", "的", "a", "A1", "——", "--", "关于", "关于印发", "的通知", "号",
    "发〔2016〕", "人民政府", "自印发之日起", "有效期", "和", "和市局", "会", "会同", "等", "等单位",
)  # fmt: skip


def texts(every: int = 1) -> list[str]:
    """Each piece – or each so manieth – again and again, then what spoils a match at the end; and a mixture."""
    out = [(piece * (SIZE // len(piece)))[:SIZE] + "x" for piece in PIECES[::every]]
    out.append(("".join(PIECES) * (SIZE // 50))[:SIZE])
    return out


def patterns() -> Iterator[tuple[str, "re.Pattern[str]"]]:
    """(where, pattern): compiled at the top of a module, or written where it is used."""
    seen: set[str] = set()
    for found in pkgutil.walk_packages(programs.importing.__path__, "programs.importing."):
        if found.name.endswith("read_child"):
            continue
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str) and value.pattern not in seen:
                seen.add(value.pattern)
                yield f"{found.name}.{name}", value
        source = Path(module.__file__ or "").read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and _is_of_re(node.func) and node.args:
                first = node.args[0]
                if (
                    isinstance(first, ast.Constant)
                    and isinstance(first.value, str)
                    and first.value not in seen
                ):
                    seen.add(first.value)
                    yield f"{found.name}:{node.lineno}", re.compile(first.value)


def _is_of_re(func: ast.expr) -> bool:
    return isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == "re"
