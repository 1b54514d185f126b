"""A person with a browser that runs no scripts: keeps cookies, reads pages, fills in the forms that stand on them."""

import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

import requests


@dataclass
class Form:
    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


class _Reader(HTMLParser):
    """Collects what each form would send; texts of areas and chosen options included."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.form: Form | None = None
        self.area: list[str] | None = None
        self.name, self.choices = "", list[tuple[str, bool]]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form = Form(given.get("action", ""))
            if given.get("method", "").lower() == "post":
                self.forms.append(self.form)
        if self.form is None or "disabled" in given:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "button" and kind in ("submit", "text"):
            self.form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and name and kind not in ("submit", "button", "file"):
            if kind not in ("checkbox", "radio") or "checked" in given:
                self.form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))
        elif tag == "textarea" and name:
            self.name, self.area = name, []
        elif tag == "select" and name:
            self.name, self.choices = name, []
        elif tag == "option":
            self.choices.append((given.get("value", ""), "selected" in given))

    def handle_data(self, data: str) -> None:
        if self.area is not None:
            self.area.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.form is not None and self.area is not None:
            self.form.fields.append((self.name, "".join(self.area).removeprefix("\n")))
            self.area = None
        elif tag == "select" and self.form is not None and self.choices:
            chosen = [value for value, selected in self.choices if selected] or [self.choices[0][0]]
            self.form.fields += [(self.name, value) for value in chosen]
            self.choices = []
        elif tag == "form":
            self.form = None


def forms_of(text: str) -> list[Form]:
    """The forms of a page that are posted, with what each would send as it stands."""
    reader = _Reader()
    reader.feed(text)
    return reader.forms


@dataclass(frozen=True)
class Page:
    address: str
    status: int
    text: str
    seconds: float

    def form(self, ending: str) -> Form:
        """The form that is sent to an address with this ending; "" means the page itself."""
        wanted = [form for form in forms_of(self.text) if (form.action or self.address).split("?")[0].endswith(ending)]
        assert wanted, f"{self.address} ({self.status}) has no form for {ending!r}"
        return wanted[0]


class Visitor:
    """Every page it has seen stands in `seen`, with the seconds until it was there."""

    def __init__(self, base: str, username: str) -> None:
        self.base, self.username = base, username
        self.session = requests.Session()
        # a proxy of the network has no business with this machine's own address
        self.session.trust_env = False
        self.seen: list[tuple[str, Page]] = []

    def _ask(self, method: str, address: str, **more) -> Page:
        began = time.perf_counter()
        answer = self.session.request(method, urljoin(self.base, address), timeout=30, **more)
        page = Page(answer.url, answer.status_code, answer.text, time.perf_counter() - began)
        self.seen.append((method, page))
        return page

    def open(self, address: str) -> Page:
        return self._ask("GET", address)

    def send(self, page: Page, ending: str, button: tuple[str, str] | None = None, **changes: str) -> Page:
        """Sends a form of `page` as it stands, with changed fields, by the button given."""
        form = page.form(ending)
        fields = [(name, changes.get(name, value)) for name, value in form.fields]
        fields += [(name, value) for name, value in changes.items() if name not in dict(form.fields)]
        assert button is None or button in form.buttons, (button, form.buttons)
        fields += [button] if button else []
        address = urljoin(page.address, form.action) if form.action else page.address
        # browsers say where a form was; the portal checks it
        return self._ask("POST", address, data=fields, headers={"Referer": page.address})

    def sign_in(self, password: str) -> "Visitor":
        page = self.send(self.open("/login/"), "/login/", username=self.username, password=password)
        assert "sessionid" in self.session.cookies, f"{self.username} is not let in ({page.status})"
        return self
