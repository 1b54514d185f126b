"""What a browser would send of a page's form: names and values of its fields, read from the page itself."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, str]] = []
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        words = dict(attrs)
        name = words.get("name") or ""
        if tag == "form":
            self.forms.append({})
        if not self.forms:
            return
        if tag == "textarea" and name:
            self._area = name
            self.forms[-1][name] = ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in words:
            self.forms[-1][self._select] = words.get("value") or ""
        elif tag == "input" and name and words.get("type") not in ("file", "submit", "button"):
            if words.get("type") not in ("checkbox", "radio") or "checked" in words:
                self.forms[-1][name] = words.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.forms[-1][self._area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None


def fields_of(page: str, having: str) -> dict[str, str]:
    """Fields of the form in which a name ends with `having`. LookupError when the page has none."""
    reader = _Forms()
    reader.feed(page)
    for form in reader.forms:
        if any(name.endswith(having) for name in form):
            return form
    raise LookupError(f"no form of the page has a field {having}")
