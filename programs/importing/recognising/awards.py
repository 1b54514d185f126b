"""Awards and titles: those that are set up and those that are to be won."""

import re

from ..extraction import AwardFound
from .outline import Node
from .reading import Reading
from .sentences import own_sentences

_PRIZE = re.compile(
    r"(?P<name>“[^“”\n]{1,14}(?:奖|杯)”|[一-龥]{2,18}?(?:质量奖|贡献奖|提名奖|创新奖|工作奖|鲁班奖|专利奖|科技奖|设计奖|功臣奖)(?:或提名奖)?|"
    r"[一-龥]{2,4}(?:奖|杯)(?=[、,;。及和]))(?!励|项|金|惩|牌|状)"
)
_SCHEME = re.compile(r"(?P<name>[一-龥]{2,16}?(?:奖励|表彰|激励)(?:制度|体系|办法))")
_REWARDED = re.compile(r"(?:按[^,。;对]{0,12})?(?:予以|给予)[^,。;]{0,8}(?:奖励|表彰|兑现)")
_DESIGNATION = re.compile(
    r"(?:申报|创建|争创|打造|评选|认定)(?:国家|全国|省|市)?(?P<name>[^,。;、()“”]{2,24}?(?:示范区|示范城市|示范县|示范基地|示范企业|保护产品|名牌产品|驰名商标|放心县))"
)
_SET_UP = re.compile(r"^.{0,20}(?:设立|设置|争创|荣获|获得)")
_LEAD = re.compile(
    r"^(?:\d*(?:个|项|家)(?:企业|组织|单位)?(?:获得|荣获|获)?|一批|"
    r"建立|设立|设置|争创|逐步|完善|推进|开展|实施|组织|申报|引导|激励|骨干|企业|以|对|和|及|或|、|获得|荣获|鼓励|支持|积极|参与|制定|"
    r"健全|加强|的|授予|引导激励骨干企业)+"
)


def find_awards(reading: Reading, roots: list[Node]) -> tuple[AwardFound, ...]:
    text = reading.text
    out: list[AwardFound] = []
    seen: set[str] = set()
    for node, start, end in own_sentences(reading, roots, frozenset(("guiding",))):
        for pattern in (_PRIZE, _SCHEME, _DESIGNATION):
            for match in pattern.finditer(text, start, end):
                name = _LEAD.sub("", _SET_UP.sub("", match["name"])).strip("“”")
                if len(name) < 2 or name in seen or re.search(r"[局委办].{0,3}奖", name):
                    continue
                seen.add(name)
                out.append(
                    AwardFound(name=name, path=node.path, span=reading.span(match.start(), match.end()))
                )
        rewarded = _REWARDED.search(text, start, end)
        begin = text.find("对", start, rewarded.start()) if rewarded else -1
        if rewarded and begin >= 0:
            name = "".join(text[begin + 1 : rewarded.start()].split()).rstrip(",的")
            name = f"{name[:24]}奖励"
            if name not in seen:
                seen.add(name)
                out.append(AwardFound(name=name, path=node.path, span=reading.span(begin, rewarded.end())))
    return tuple(sorted(out, key=lambda row: row.span))
