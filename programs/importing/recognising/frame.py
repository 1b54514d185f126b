"""The document within the page: its title, where it begins and ends, its annexes."""

import re
from dataclasses import dataclass, field

from .. import dates
from .finding import paragraphs
from .outline import CN, MARK

KINDS = (
    "意见|方案|计划|通知|决定|办法|规划|要点|措施|细则|纲要|规定|制度|通报|公告|通告|安排|分解表|分工表|清单|政策|工程|行动|指南|批复|条例|"
    "规则|章程|任务书|责任书|分工|分工方案|任务|决议|函"
)
_TITLE_END = re.compile(rf"(?:{KINDS})(?:\([^()]{{1,24}}\))*$")
_FIRM_KIND = re.compile(
    r"(?:意见|方案|计划|通知|决定|办法|规划|要点|措施|细则|纲要|规定|分解表|分工表|清单|条例|工作要点)(?:\([^()]{1,24}\))*$"
)
_COVER = re.compile(r"关于(?:印发|下发|转发|发布|公布|批转|颁发|报送|批准)")
_ISSUED = re.compile(
    r"《(?P<name>[^《》]{4,80}(?:〈[^〈〉]{2,60}〉[^《》]{0,40})?)》[^。]{0,60}?(?:印发|下发|转发|发给|公布|发布)(?:给|于)?"
)
_ISSUED_AFTER = re.compile(r"(?:印发|下发|转发|发布|公布|批转)《?(?P<name>[^《》。]{4,90}?)》?的通知")
_NUMBER_TAIL = re.compile(r"\(?[一-龥]{2,8}[〔\[(【]\d{4}[〕\])】]第?\d{1,4}号\)?$")
_NUMBER_HEAD = re.compile(r"^[一-龥]{2,8}[〔\[(【]\d{4}[〕\])】]第?\d{1,4}号")
_LABELLED = re.compile(r"^(?:文件名称|标\s?题|名\s?称|信息名称)\s?[:]?\s?")
_ORGAN = re.compile(
    r"^[一-龥()“”、 ]{2,40}?(?:政府|办公室|办公厅|委员会|局|委|厅|部|院|领导小组|指挥部|管委会|联席会议|党组|公司|总会|协会|署|办)"
    r"(?:\((?:代章|盖章|印章|章|公章)\))?$"
)
NOISE = re.compile(
    r"^(?:收藏|评论|分享|打印|关闭|点赞|上一篇|下一篇|上一条|下一条|相关(?:阅读|法律|文章|链接|新闻|推荐|信息|附件|咨询|合同|罪名|文档|资讯|解读|稿件|文件)|"
    r"责任编辑|编辑[:]|来源[:]|扫描|扫一扫|查看更多|查看全部|热门|推荐(?:文章|阅读)|猜你喜欢|返回|网站地图|网站|版权|主办单位|主办[:]|承办单位[:]|技术支持|"
    r"备案号|附件下载|公文PDF|下载|点击|关注我们|微信|微博|字体|浏览|阅读次数|举报|登录|注册|回复|发表评论|友情链接|联系我们|您所在|当前位置|"
    r"首页|ICP|声明|广告|免责|Copyright|©|政策解读|解读[:]|【打印|\[打印|〔打印|分享到|更多|网友)"
)
ANNEX = re.compile(rf"^附\s?(?:件|表|录)\s?(?P<n>[\d{CN}]{{0,3}})\s?[:.]?\s?(?P<rest>.*)$")
CLOSING = re.compile(
    r"^(?:(?:本|该|此)(?:意见|方案|计划|办法|通知|规定|细则|规划|要点|行动计划|实施方案|实施意见|措施|决定|文件|政策|条例)(?:自|由|的|从|有效|施行|印发|未尽)|"
    r"特此通知|联系人|联系电话|"
    r"附\s?件\s?\d{0,2}\s?[:]|此件|抄送|主题词)"
)
_LIST_NAME = re.compile(r"(?:名单|表|清单|方案|细则|办法|目录|分工|名册|指标|标准)(?:\([^()]{1,20}\))?$")
_CONTENTS = re.compile(r"^目\s{0,6}[录次]$")
_STAMP = re.compile(r"[一-龥]{0,30}\s{0,8}(?:19|20)\d{2}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日\s?印发$")


@dataclass
class Line:
    start: int
    end: int
    text: str


@dataclass
class Annex:
    """[start, end) with its heading; `label` as a path begins: 附件, 附件1."""

    start: int
    end: int
    label: str
    title: str
    heading_end: int


@dataclass
class Frame:
    """`body`: from the first line of the document to its last. `main`: the numbered part of the plan. `head`: what is
    between its beginning and the first number. All [start, end) of the view."""

    body: tuple[int, int]
    head: tuple[int, int]
    main: tuple[int, int]
    title: tuple[int, int] | None
    title_text: str | None
    cover: tuple[int, int] | None
    signature: tuple[int, int] | None = None
    annexes: list[Annex] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


def lines_of(text: str, start: int = 0, end: int | None = None) -> list[Line]:
    return [Line(a, b, text[a:b]) for a, b in paragraphs(text, start, len(text) if end is None else end)]


def find_frame(text: str) -> Frame:
    lines = lines_of(text)
    first = next((i for i, line in enumerate(lines) if _opens_structure(line.text)), len(lines))
    title, shown = _plan_title(text, lines, first)
    begin = lines[title[1]].start if title else 0
    after = max(lines[title[1]].end if title else 0, _contents_end(lines))
    first = next(
        (i for i, line in enumerate(lines) if line.start >= after and _opens_structure(line.text)), len(lines)
    )
    main_start = lines[first].start if first < len(lines) else _text_end(lines, after)
    cover = _cover(lines, title)
    body_start = _body_start(lines, title, cover)
    if first == len(lines):  # no numbers: what follows the title is all there is
        first = next((i for i, line in enumerate(lines) if line.start >= after), len(lines))
    end, main_end, signature, annexes = _ending(text, lines, first, main_start)
    return Frame(
        body=(body_start, max(end, main_end)),
        head=(body_start, main_start),
        main=(main_start, main_end),
        title=(lines[title[0]].start, lines[title[1]].end) if title else None,
        title_text=shown,
        cover=cover,
        signature=signature,
        annexes=annexes,
        lines=[
            line for line in lines if line.end > min(body_start, begin) and line.start < max(end, main_end)
        ],
    )


def _contents_end(lines: list[Line]) -> int:
    """Where a table of contents ends: where its first number opens a line again. 0 without one."""
    for i, line in enumerate(lines):
        if _CONTENTS.match(line.text):
            numbers = [
                (row.start, match.group()) for row in lines[i + 1 :] if (match := MARK.match(row.text))
            ]
            again = [start for start, number in numbers[1:] if number == numbers[0][1]]
            return again[0] if again else 0
    return 0


def _opens_structure(line: str) -> bool:
    match = MARK.match(line)
    if not match:
        return False
    return match.lastgroup not in ("half", "circled", "bullet") and len(line) > match.end()


def _text_end(lines: list[Line], after: int) -> int:
    return next((line.start for line in lines if line.start >= after), after)


def _tight(text: str) -> str:
    return "".join(text.split())


def _clean(text: str) -> str:
    """A line as a title: without label, number of the document and title marks."""
    text = _LABELLED.sub("", _tight(text))
    text = _NUMBER_HEAD.sub("", _NUMBER_TAIL.sub("", text))
    return (
        text[1:-1]
        if text.startswith("《") and text.endswith("》") and text.count("《") == 1 + text.count("〈《")
        else text
    )


def _is_title(text: str) -> bool:
    tight = _clean(text)
    return (
        6 <= len(tight) <= 90
        and bool(_TITLE_END.search(tight))
        and not re.search(r"[。;!?:]", tight)
        and not MARK.match(tight)
        and not re.match(r"^(?:附件|根据|为|按照|现将|请|特此|经)", tight)
    )


def _plan_title(text: str, lines: list[Line], first: int) -> tuple[tuple[int, int] | None, str | None]:
    """((first line, last line), the title as one piece)."""
    issued = _issued_name(text, lines, first)
    if issued is not None:
        found = _standing(lines, issued)
        if found:
            return found, _clean("".join(line.text for line in lines[found[0] : found[1] + 1]))
    best: tuple[int, int] | None = None
    for i in range(min(first, len(lines))):
        # a row of a table is no title
        if "\t" not in lines[i].text and _is_title(lines[i].text):
            rank = _title_rank(_clean(lines[i].text))
            if best is None or rank > best[0] or (rank == best[0] and first < len(lines)):
                best = (rank, i)
    if best is None:
        return None, issued
    found = _joined_upwards(lines, best[1]), best[1]
    shown = _clean("".join(line.text for line in lines[found[0] : found[1] + 1]))
    return found, issued if issued is not None and _COVER.search(shown) else shown


def _title_rank(title: str) -> int:
    """How surely a line is the title of a plan: it names a kind of paper, and what about or which year."""
    return bool(_FIRM_KIND.search(title)) + bool(re.search(r"关于|\d{4}年|[市县区省]", title))


def _joined_upwards(lines: list[Line], i: int) -> int:
    """The first line of a title that is broken into several."""
    begin = i
    while begin > 0 and i - begin < 3:
        before = _tight(lines[begin - 1].text)
        broken = _tight(lines[begin].text).startswith(
            ("关于", "质量", "行动", "实施", "工作", "的", "重点", "建设", "计划", "方案")
        ) or bool(re.match(r"^\d{4}", lines[begin].text))
        if not broken or not 4 <= len(before) <= 40 or re.search(r"[。;:!?,号]", before) or _is_title(before):
            break
        if not (
            _ORGAN.match(before)
            or before.endswith(("关于", "印发", "实施", "深入", "推进", "开展", "加强", "行动", "三年行动"))
            or "关于" in before
        ):
            break
        begin -= 1
    return begin


def _issued_name(text: str, lines: list[Line], first: int) -> str | None:
    """The name of what a covering notice hands on."""
    stop = lines[first].start if first < len(lines) else min(len(text), 3000)
    head = text[: max(stop, 600)]
    for pattern in (_ISSUED, _ISSUED_AFTER):
        for match in pattern.finditer(_tight(head)):
            name = match["name"].strip("《》")
            if _TITLE_END.search(name):
                return name
    return None


def _standing(lines: list[Line], name: str) -> tuple[int, int] | None:
    """Where the name stands as a heading of its own, broken into up to three lines; the last such place in the first
    part of the text, before the plan's first number."""
    wanted = _tight(name).strip("《》")
    for i in range(len(lines)):
        piece = ""
        for j in range(i, min(i + 4, len(lines))):
            piece += _tight(lines[j].text)
            clean = _clean(piece)
            if clean == wanted or (j == i and _is_place_of(clean, wanted)):
                return (i, j)
            if len(piece) > len(wanted) + 30:
                break
    return None


def _is_place_of(clean: str, wanted: str) -> bool:
    """示例市2016年…计划 where the notice says 《2016年…计划》."""
    more = clean[: -len(wanted)]
    return clean.endswith(wanted) and bool(re.fullmatch(r"[一-龥]{2,8}(?:省|市|县|区|州|旗)", more))


def _cover(lines: list[Line], title: tuple[int, int] | None) -> tuple[int, int] | None:
    """[start, end) of the covering notice's title."""
    limit = title[0] if title else len(lines)
    for j in range(min(limit, 60)):
        if not _clean(lines[j].text).endswith("通知"):
            continue
        piece = ""
        for i in range(j, max(j - 4, -1), -1):
            piece = _clean(lines[i].text) + piece
            if len(piece) > 120:
                break
            if _COVER.search(piece) and not piece.startswith(("关于", "印发")):
                return lines[i].start, lines[j].end
    return None


def _body_start(lines: list[Line], title: tuple[int, int] | None, cover: tuple[int, int] | None) -> int:
    if cover is not None:
        return cover[0]
    if title is None:
        return lines[0].start if lines else 0
    begin = title[0]
    for i in range(title[0]):
        if re.match(r"^(?:各|[一-龥]{2,4}(?:市|县|区))[^。]{2,120}:$", lines[i].text):
            begin = min(begin, i)
            break
    if begin == title[0]:
        shown = _clean("".join(line.text for line in lines[title[0] : title[1] + 1]))
        for i in range(title[0]):
            if _clean(lines[i].text) == shown:
                begin = i
                break
    return lines[begin].start


def _ending(
    text: str, lines: list[Line], first: int, main_start: int
) -> tuple[int, int, tuple[int, int] | None, list[Annex]]:
    """(end of the document, end of its numbered part, signature, annexes)."""
    signature: tuple[int, int] | None = None
    main_end: int | None = None
    annex_starts: list[int] = []
    end = lines[-1].end if lines else len(text)
    for i in range(first, len(lines)):
        line = lines[i]
        signed = signature_at(lines, i)
        signing = signature is not None and line.start < signature[1]
        if signed is None and not signing and _is_day(line.text) and not _structure_follows(lines, i):
            signed = i
        if signed is not None and i > first:
            signature = (line.start, lines[signed].end)
            main_end = main_end if main_end is not None else line.start
            continue
        annex = ANNEX.match(line.text)
        if annex and i > first and _begins_annex(lines, i, annex, signature is not None):
            annex_starts.append(i)
            main_end = main_end if main_end is not None else line.start
            continue
        if CLOSING.match(line.text) and main_end is None and i > first and not _structure_follows(lines, i):
            main_end = line.start
            continue
        past_signature = (
            signature is not None
            and line.start >= signature[1]
            and not (annex_starts and lines[annex_starts[-1]].start > signature[0])
        )
        if _is_noise(line.text) and i > first and (signature is not None or not _structure_follows(lines, i)):
            end = lines[i - 1].end
            break
        if (
            past_signature
            and not _STAMP.match(line.text)
            and not line.text.startswith(("抄送", "(此件", "(信息公开", "附"))
        ):
            if not _annex_near(lines, i):
                end = lines[i - 1].end
                break
    main_end = min(main_end if main_end is not None else end, end)
    annexes = []
    for place, i in enumerate(annex_starts):
        stop = lines[annex_starts[place + 1]].start if place + 1 < len(annex_starts) else end
        if signature and lines[i].start < signature[0] < stop:
            stop = signature[0]
        match = ANNEX.match(lines[i].text)
        label = f"附件{match['n']}" if match else "附件"
        rest = match["rest"].strip() if match else ""
        heading = i
        while not rest and heading + 1 < len(lines) and heading < i + 2:
            heading += 1
            rest = "" if MARK.match(lines[heading].text) else lines[heading].text
            if heading + 1 < len(lines) and rest and not _LIST_NAME.search(_tight(rest)) and len(rest) <= 40:
                following = _tight(lines[heading + 1].text)
                if _LIST_NAME.search(following) and len(following) <= 40:
                    heading, rest = heading + 1, rest + following
        annexes.append(Annex(lines[i].start, stop, label, _tight(rest), min(lines[heading].end, stop)))
    return end, max(main_end, main_start), signature, annexes


def _is_day(line: str) -> bool:
    match = dates.DAY.match(line)
    return match is not None and match.end() == len(line)


def signature_at(lines: list[Line], i: int) -> int | None:
    """The line with the date when line i begins a signature: up to four organs, then a date; or both in one."""
    line = lines[i].text
    both = dates.DAY.search(line)
    if both and both.end() == len(line) and both.start() > 3 and _ORGAN.match(_tight(line[: both.start()])):
        return i
    if not _ORGAN.match(_tight(line)) or len(_tight(line)) > 40:
        return None
    for j in range(i + 1, min(i + 5, len(lines))):
        match = dates.DAY.match(lines[j].text)
        if match and match.end() >= len(lines[j].text) - 1:
            return j
        if not _ORGAN.match(_tight(lines[j].text)):
            return None
    return None


def _begins_annex(lines: list[Line], i: int, annex: "re.Match[str]", signed: bool) -> bool:
    rest = annex["rest"].strip()
    if not rest:
        return True
    if MARK.match(rest) or rest.startswith("《"):
        return False
    return signed and len(rest) <= 60 and not re.search(r"[。;]", rest)


def _annex_near(lines: list[Line], i: int) -> bool:
    for line in lines[i : i + 6]:
        match = ANNEX.match(line.text)
        if match and (not match["rest"].strip() or len(match["rest"]) <= 60):
            return True
    return False


def _structure_follows(lines: list[Line], i: int) -> bool:
    """Whether the numbered text goes on within the next lines."""
    return any(
        MARK.match(line.text) and re.match(rf"[{CN}]+、|\([{CN}]+\)|第", line.text)
        for line in lines[i + 1 : i + 9]
    )


def _is_noise(line: str) -> bool:
    return len(line) <= 60 and bool(NOISE.match(line))
