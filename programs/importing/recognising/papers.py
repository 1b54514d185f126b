"""Deliverables: documents, systems, platforms, bases, bodies and reports that the text asks to be made."""

import re

from ..extraction import DeliverableFound, TaskFound, Unit
from .outline import Node
from .reading import Reading
from .sentences import clauses, own_sentences, trim

_VERB = re.compile(
    r"(?:研究|推动|探索|逐步|加快|加速|积极|全面|进一步|抓紧|组织|联合|牵头|尽快|适时|着力|启动|支持|鼓励|引导|配合){0,6}"
    r"(?:建立健全|建立完善|建立|制定出台|研究制定|制定完善|制定|制订|出台|编制完成|编制|编写|编印|完善|构建|搭建|组建|打造|建设|健全|形成|推行|实施|(?<!公)开发(?!区|布)|"
    r"公开发布|印发|修订|发布|设立|成立|"
    r"做好|撰写|推出|培育|创新|推进|加快|加强|完成|建成|开通|组织|开展)(?:一批|一套|一个|起|并实施|完善|实施){0,3}"
)
_REPORT = re.compile(r"报告|白皮书|蓝皮书|分析(?:材料|通报)|年报|简报|总结")
_KINDS = (
    ("report", re.compile(r"(?:报告|白皮书|蓝皮书|年报|质量状况分析)(?:制度)?(?:编写|编制|发布)?(?:工作)?$")),
    (
        "platform",
        re.compile(r"(?:平台|系统|网络|数据库|信息库|监控中心|数据中心|集成中心|热线|网站|云)(?:建设)?$"),
    ),
    (
        "base",
        re.compile(
            r"(?:基地|示范区|示范点|示范县|示范园|园区|集聚区|试验区|试点|产业集群)(?:的)?(?:创建|建设)?(?:工作)?$"
        ),
    ),
    ("institution", re.compile(r"(?:机构|中心|联盟|实验室|领导小组|委员会|协会|研究院|队伍)(?:建设)?$")),
    (
        "document",
        re.compile(
            r"(?:方案|计划|办法|意见|规划|目录|名录|清单|标准|规范|指南|细则|规章|法规|预案|路线图|政策|措施|规定|章程|手册|指标体系|工作要点|图谱)$"
        ),
    ),
    ("system", re.compile(r"(?:制度|机制|体系|模式|责任制|终身制|管理|台账|档案|格局)(?:建设)?$")),
)
_DUE = re.compile(r"(?P<due>(?:19|20)\d{2}年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:底|末)?(?:前|之前)?)")
_EVERY = re.compile(r"每年|每季度|每半年|每月|定期|年度|逐年|每两年")
_TO = re.compile(r"向(?P<to>[^,。;向]{2,16}?)(?:报告|报送|通报|公布|公开|发布|提交|上报|备案)")
_SYSTEM_VERB = re.compile(r"(?:建立|健全|完善|构建|推行|实施|创新|形成|出台|制定|制订|修订|落实)")
_SKIP = frozenset(("guiding",))


def find_deliverables(
    reading: Reading, roots: list[Node], tasks: tuple[TaskFound, ...]
) -> tuple[DeliverableFound, ...]:
    text = reading.text
    by_path: dict[str, tuple[Unit, ...]] = {
        task.path: task.lead_units or task.responsible_units for task in tasks
    }
    out = []
    for node, start, end in own_sentences(reading, roots, _SKIP):
        whole = text[start:end]
        every, to = _EVERY.search(whole), _TO.search(whole)
        due = _DUE.search(whole)
        if node.children and not node.run_in and start < node.title[1]:
            continue
        for a, b in clauses(text, start, end):
            found = _deliverable(text, a, b)
            if found is None:
                continue
            begin, stop, name, kind = found
            report = kind == "report"
            out.append(
                DeliverableFound(
                    name=name,
                    kind=kind,
                    due=due["due"] if due and due.start() < b - start else None,
                    recurrence=every.group() if every and (report or _EVERY.search(text[a:b])) else None,
                    by=by_path.get(node.path, ()),
                    to=to["to"] if to and report else None,
                    path=node.path,
                    span=reading.span(begin, stop),
                )
            )
    return tuple(out)


def _deliverable(text: str, start: int, end: int) -> tuple[int, int, str, str] | None:
    start, end = trim(text, start, end)
    if end - start > 90:
        return None
    match = _VERB.search(text, start, min(end, start + 24))
    if not match or match.end() >= end:
        return None
    thing = text[match.end() : end].split("(")[0] if text[end - 1] == ")" else text[match.end() : end]
    thing = re.sub(r"(?:的)?(?:编写工作|编制工作|工作)$", "", thing)
    for kind, ends in _KINDS:
        if ends.search(thing):
            verb = match.group()
            if (
                kind in ("system", "document")
                and not _SYSTEM_VERB.search(verb)
                and not re.search(r"编|印发|发布|建设|推进|加快|打造", verb)
            ):
                return None
            if kind == "system" and thing.endswith("管理") and not re.search(r"实施|推行", verb):
                return None
            name = re.sub(r"(?:的)?(?:建设|创建|编写|编制)(?:工作)?$", "", thing)
            name = "".join(name.split()).strip("的")
            return (match.start(), end, name, kind) if 3 <= len(name) <= 50 else None
    return None
