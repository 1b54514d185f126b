"""What the guides call a button, a page or a sentence of the portal is what the portal says, letter for letter."""

import re
from functools import cache

import polib
import pytest
from django.conf import settings

from qualitycity.home.guide import FOLDER

GUIDES = sorted(path.stem for path in FOLDER.glob("*.md"))
BOLD = re.compile(r"\*\*(.+?)\*\*")
QUOTED = re.compile(r"“(.+?)”")
VALUE = re.compile(r"%\(\w+\)[sd]%?%?|\{\w+\}")
MARKS = str.maketrans("", "", "“”‘’\"'")
#: In bold for the reader's eye; the portal shows no such words.
EMPHASIS = {
    "粗体", "密码输错 5 次", "登录 8 小时后过期", "只用键盘", "停用的第一天", "需协调事项会上领导的页面", "不得填写涉密内容。",
    "一个", "之前", "本单位是配合单位", "本单位是牵头单位", "机构改革", "自己填的、自己会签的，自己不能通过", "不设密码",
    "邮件、短信", "三句话", "各单位、按章节、按阶段、按任务性质", "本单位没有另设审签账号", "修订", "存疑数字",
}  # fmt: skip


@cache
def said() -> tuple[str, ...]:
    """Every Chinese text of the portal."""
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"))
    texts = [text for entry in catalogue for text in (entry.msgstr, *entry.msgstr_plural.values()) if text]
    return tuple(dict.fromkeys(texts))


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Texts with something filled in, as patterns; marks of quotation are left out of account."""
    return tuple(
        re.compile(".+?".join(re.escape(part) for part in VALUE.split(text.translate(MARKS))), re.S)
        for text in said()
        if VALUE.search(text)
    )


def is_a_name(words: str) -> bool:
    """A text as it stands, one with something filled in, or its beginning before a number in brackets."""
    begins = re.compile(re.escape(words) + r"( |（)?" + VALUE.pattern)
    return words in said() or any(row.fullmatch(words) for row in patterns()) or any(map(begins.match, said()))


def is_a_sentence(words: str) -> bool:
    words = words.translate(MARKS)
    if "……" not in words:
        plain = {text.translate(MARKS) for text in said()}
        return words in plain or any(row.fullmatch(words) for row in patterns())
    pieces = [re.escape(piece) for piece in words.split("……")]
    wanted = re.compile(".*".join(pieces), re.S)
    return any(wanted.match(VALUE.sub("…", text.translate(MARKS))) for text in said())


def of_the_first_column(text: str) -> list[str]:
    """Sentences quoted in the first column of the tables of what the portal says."""
    found, inside = [], False
    for line in text.splitlines():
        if line.startswith(("| 系统说", "| 预览说")):
            inside = True
        elif not line.startswith("|"):
            inside = False
        elif inside:
            found += QUOTED.findall(line.split("|")[1])
    return found


@pytest.mark.parametrize("name", GUIDES)
def test_bold_words_are_names_of_the_portal(name):
    words = {word for word in BOLD.findall((FOLDER / f"{name}.md").read_text(encoding="utf-8"))}
    assert sorted(word for word in words - EMPHASIS if not is_a_name(word)) == []


@pytest.mark.parametrize("name", GUIDES)
def test_refusals_are_quoted_as_the_portal_words_them(name):
    quoted = of_the_first_column((FOLDER / f"{name}.md").read_text(encoding="utf-8"))
    assert sorted(words for words in quoted if not is_a_sentence(words)) == []


def test_a_wrong_name_and_a_wrong_sentence_are_found():
    assert is_a_name("签收所选") and is_a_name("提交本单位报表") and not is_a_name("阅看审签")
    assert is_a_sentence("上期填报为 60%，请说明本期为何低于上期。") and not is_a_sentence("请写明需要修改什么。")
    assert of_the_first_column("| 系统说 | 怎么办 |\n|---|---|\n| “甲”“乙” | “丙” |\n\n“丁”") == ["甲", "乙"]
