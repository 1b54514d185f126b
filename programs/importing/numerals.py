"""Chinese numerals as they stand in numbers of clauses, in dates and in figures."""

DIGITS = {
    "〇": 0,
    "○": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
UNITS = {"十": 10, "百": 100, "千": 1000}
WORD = "〇○零一二两三四五六七八九十百千"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
BRACKETED = "⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⑾⑿⒀⒁⒂⒃⒄⒅⒆⒇"
DOTTED = "⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑⒒⒓⒔⒕⒖⒗⒘⒙⒚⒛"
BRACKETED_WORDS = "㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"


def number(printed: str) -> int | None:
    """二十三 → 23, 二〇一六 → 2016, 12 → 12; None for anything else."""
    if printed.isascii() and printed.isdigit():
        return int(printed)
    if not printed or any(char not in DIGITS and char not in UNITS for char in printed):
        return None
    if all(char in DIGITS for char in printed):
        return int("".join(str(DIGITS[char]) for char in printed))
    total, digit = 0, None
    for char in printed:
        if char in DIGITS:
            digit = DIGITS[char]
        else:
            total += (1 if digit is None else digit) * UNITS[char]
            digit = None
    return total + (digit or 0)
