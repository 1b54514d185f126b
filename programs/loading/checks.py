"""Checks across the facts of a file: every reference leads somewhere, nothing is said twice, roles fit together."""

from datetime import date, timedelta

from taskforce.loading.checks import known, once, slug
from taskforce.loading.facts import Registers
from taskforce.loading.strict import FactError

from .facts import CalendarFacts, IndicatorFacts, ProgrammeFacts, TaskFacts

MEASURED = {"numeric", "rank", "title", "coverage"}
SIGNS = {">=", "<=", "=", "count>="}
ROLES_OF_MODE = {
    "lead_support": {"lead", "support"},
    "first_is_lead": {"lead", "joint"},
    "joint": {"joint"},
    "sole": {"sole"},
    "all_members": {"all_members"},
    "unspecified": set(),
}


def check_programme(facts: ProgrammeFacts, registers: Registers, *, file: str) -> None:
    """Raises FactError when a path is repeated or leads nowhere, a unit is unknown, or roles contradict their mode."""
    head = facts.programme
    known(head.jurisdiction, registers.jurisdictions, file, "programme.jurisdiction", "行政区划")
    known(head.body, registers.bodies, file, "programme.body", "领导机构")
    known(head.contact, registers.departments, file, "programme.contact", "单位")
    slug(head.key, file, "programme")
    _check_dates(facts, file)
    sections = [section.path for section in facts.sections]
    tasks = [task.path for task in facts.tasks]
    once(((f"sections[{path}].path", path) for path in sections), file=file)
    once(((f"tasks[{path}].path", path) for path in tasks), file=file)
    once(((f"indicators[{row.name}]", f"{row.path} {row.name}") for row in facts.indicators), file=file)
    once(((f"deliverables[{row.name}]", f"{row.path} {row.name}") for row in facts.deliverables), file=file)
    once(((f"schemes[{row.name}]", f"{row.path} {row.name}") for row in facts.schemes), file=file)
    for phase in facts.phases:
        if phase.starts_on > phase.ends_on:
            raise FactError(file, f"phases[{phase.name}].ends_on", "结束日早于开始日 (ends before it starts)")
    once(((f"phases[{row.name}]", row.name) for row in facts.phases), file=file)
    once(
        ((f"assessment_rules[{row.path}]", f"{row.path} {row.summary}") for row in facts.assessment_rules),
        file=file,
    )
    once(((f"duties[{row.who}]", f"{row.who} {row.summary}") for row in facts.duties), file=file)
    once(((f"document.basis[{row.title}]", row.title) for row in facts.document.basis), file=file)
    numbers = [(row.path, row.number) for row in facts.sections] + [
        (row.path, row.number) for row in facts.tasks
    ]
    for path, printed in numbers:
        if path.rsplit("/", 1)[-1] != printed.rstrip("."):
            raise FactError(file, f"[{path}].number", f"与条款路径不符 (does not fit the path): {printed}")
    for task in facts.tasks:
        if task.section not in sections:
            raise FactError(
                file, f"tasks[{task.path}].section", f"没有这个章节 (unknown section): {task.section}"
            )
        _check_units(task, registers, file)
        _check_inheritance(task, sections, file)
    places = {*sections, *tasks}
    for name in ("phases", "deliverables", "indicators", "schemes", "assessment_rules", "duties"):
        for number, row in enumerate(getattr(facts, name)):
            if row.path not in places:
                raise FactError(file, f"{name}[{number}].path", f"没有这个条款 (unknown clause): {row.path}")
    for indicator in facts.indicators:
        _check_indicator(indicator, file)
    for number, rule in enumerate(facts.assessment_rules):
        for code in rule.by:
            known(code, registers.departments, file, f"assessment_rules[{number}].by", "单位")


def _check_dates(facts: ProgrammeFacts, file: str) -> None:
    printed = facts.document
    if printed.valid_until and (printed.effective_on or printed.written_on) >= printed.valid_until:
        raise FactError(file, "document.valid_until", "失效日早于生效日 (ends before it is in force)")
    head = facts.programme
    if head.starts_on > head.ends_on:
        raise FactError(file, "programme.ends_on", "结束日早于开始日 (ends before it starts)")
    if not head.starts_on.year <= head.year <= head.ends_on.year:
        raise FactError(file, "programme.year", "年度不在起止日期之内 (the year is outside the dates)")


def _check_inheritance(task: TaskFacts, sections: list[str], file: str) -> None:
    """A clause is inherited from a group of items that holds this one."""
    if task.inherited_from is None:
        return
    if task.inherited_from not in sections or not task.path.startswith(f"{task.inherited_from}/"):
        raise FactError(
            file, f"tasks[{task.path}].inherited_from", f"不是上级条款 (no clause above it): {task.inherited_from}"
        )
    if not task.units:
        raise FactError(
            file, f"tasks[{task.path}].units", "沿用上级条款的责任单位，却没有写单位 (inherits, but names no unit)"
        )


def _check_units(task: TaskFacts, registers: Registers, file: str) -> None:
    allowed = ROLES_OF_MODE[task.role_mode]
    for number, unit in enumerate(task.units):
        key = f"tasks[{task.path}].units[{number}]"
        if (unit.department is None) is (unit.group is None):
            raise FactError(file, key, "单位和单位组写一个、只写一个 (exactly one of department and group)")
        known(unit.department, registers.departments, file, f"{key}.department", "单位")
        known(unit.group, registers.groups, file, f"{key}.group", "单位组")
        if unit.role not in allowed:
            raise FactError(
                file, f"{key}.role", f"{task.role_mode} 里没有 {unit.role} (role does not fit the mode)"
            )
    roles = [unit.role for unit in task.units]
    key = f"tasks[{task.path}].units"
    if "lead" in allowed and "lead" not in roles:
        raise FactError(file, key, "没有牵头单位 (no lead)")
    if task.role_mode == "sole" and len(roles) != 1:
        raise FactError(file, key, "单独负责只能有一个单位 (exactly one unit)")
    if task.role_mode == "joint" and len(roles) < 2:
        raise FactError(file, key, "共同负责至少两个单位 (at least two units)")
    if task.role_mode == "all_members" and not roles:
        raise FactError(file, key, "没有写成员单位 (no unit)")
    once(
        ((f"{key}[{n}]", unit.department or unit.group or "") for n, unit in enumerate(task.units)), file=file
    )


def _check_indicator(row: IndicatorFacts, file: str) -> None:
    key = f"indicators[{row.name}]"
    if row.kind in MEASURED:
        if row.value is None or row.comparator not in SIGNS:
            raise FactError(file, key, "数值指标要写比较符和数值 (comparator and value are needed)")
    elif row.kind == "zero":
        if row.value != 0 or row.comparator != "zero":
            raise FactError(file, key, "零指标写 zero 和 0 (comparator zero, value 0)")
    elif row.value is not None or row.text is None or row.comparator != "reach":
        raise FactError(file, key, "文字指标写 reach 和 text，不写数值 (reach and text, no value)")
    if row.doubtful and row.doubt_note is None:
        raise FactError(file, key, "存疑的要说明原因 (a doubtful figure needs a note)")


def check_calendar(calendar: CalendarFacts, *, file: str) -> None:
    """Raises FactError when a day is listed twice, is far outside its year, or a made-up day is no weekend day."""
    once(((f"years[{row.year}]", str(row.year)) for row in calendar.years), file=file)
    for row in calendar.years:
        listed: list[tuple[str, str]] = []
        for holiday in row.holidays:
            key = f"years[{row.year}].{holiday.name}"
            if holiday.first > holiday.last:
                raise FactError(file, key, "放假起日晚于止日 (first after last)")
            listed += [(key, str(day)) for day in (*days_off(holiday.first, holiday.last), *holiday.make_up)]
            # the days off of New Year may begin in the old year, as those of 2023 did
            nearest, farthest = date(row.year - 1, 12, 1), date(row.year + 1, 1, 31)
            for day in (holiday.first, holiday.last, *holiday.make_up):
                if not nearest <= day <= farthest:
                    raise FactError(file, key, f"日期不在 {row.year} 年前后 (a day of another year): {day}")
            for day in holiday.make_up:
                if day.weekday() < 5:
                    raise FactError(file, key, f"调休上班日不是周末 (not a weekend day): {day}")
        once(listed, file=file)


def days_off(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included."""
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
