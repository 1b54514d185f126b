"""Redis is gone while people work: no page fails or hangs, and what they started is delivered soon after its return."""

import re
import time
from collections.abc import Callable

import requests
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from drills import verdict as judge
from drills.city import City
from drills.servers import Place, wait_for
from drills.verdict import Verdict
from drills.visitor import Page, Visitor
from qualitycity.outbox.models import Message
from taskforce.models import User

Say = Callable[[str], None]

BEGIN = "2026-03-26T09:20:00+08:00"
PASSWORD = "drill-pass"
#: What people look at, five pages each.
LOOKED_AT = ("/", "/inbox/", "/programmes/", "/calendar/", "/sheets/")
DELIVERED_WITHIN = 120


def redis_away(place: Place, city: City, *, liaisons: int, looks: int, slowest: float, say: Say) -> Verdict:
    """`liaisons` people look, sign for their task, type, hand in and clear their inbox; each city's office asks for a
    report and has reminders sent. For the first half Redis is dead, for the second it answers nothing."""
    User.objects.filter(pk__in=city.people).update(password=make_password(PASSWORD))
    User.objects.filter(username__startswith="drill-director").update(is_staff=True)
    names = list(User.objects.filter(pk__in=city.people).order_by("pk").values_list("username", flat=True)[:liaisons])
    place.program("worker").start()
    place.program("beat").start()
    place.program("web").start()
    wait_for(lambda: _answers(place), 60, "the portal answers", every=0.3)
    people = [Visitor(place.address, name).sign_in(PASSWORD) for name in names]
    offices = [
        Visitor(place.address, f"drill-director-{number}").sign_in(PASSWORD) for number in range(len(city.programmes))
    ]
    for visitor in (*people, *offices):
        visitor.seen.clear()
    half = len(people) // 2
    place.redis.kill()
    say("Redis is dead")
    _work(people[:half], looks // 2)
    _office(offices[0], city, 0)
    place.redis.start()
    place.redis.freeze()
    say("Redis accepts connections and says nothing")
    _work(people[half:], looks - looks // 2)
    for number, office in enumerate(offices[1:], 1):
        _office(office, city, number)
    waiting = Message.objects.filter(state="pending").count()
    place.redis.thaw()
    back = time.monotonic()
    say(f"Redis is back; {waiting} messages wait")
    # reminders bring e-mails, which are written when the scan is done

    def all_out() -> bool:
        return not judge.working() and _scanned(len(offices))

    wait_for(all_out, DELIVERED_WITHIN, "everything is delivered", every=0.5)
    delivered = time.monotonic() - back
    return _judged(place, people + offices, waiting, delivered, slowest)


def _answers(place: Place) -> bool:
    try:
        return requests.get(f"{place.address}/login/", timeout=5, proxies={"http": ""}).status_code == 200
    except requests.RequestException:
        return False


def _scanned(offices: int) -> bool:
    return Message.objects.filter(kind="reminders.scan", state="done").count() >= offices


def _work(people: list[Visitor], looks: int) -> None:
    for number in range(looks):
        people[number % len(people)].open(LOOKED_AT[number % len(LOOKED_AT)])
    for visitor in people:
        start = visitor.open("/")
        visitor.send(start, "/parts/sign-for/")
        listed = visitor.open("/sheets/")
        found = re.search(r"/sheets/\d+/\d+/", listed.text)
        assert found, f"{visitor.username} finds no sheet"
        sheet = visitor.open(found.group())
        typed = {name: "已完成现场检查。" for name, _value in sheet.form(found.group()).fields if _is_words(name)}
        visitor.send(sheet, found.group(), ("do", "save"), **typed)
        visitor.send(visitor.open(found.group()), found.group(), ("do", "submit"), **typed)
        visitor.send(visitor.open("/inbox/"), "/inbox/read/")


def _is_words(name: str) -> bool:
    return name.endswith(("-progress", "-result", "-next_steps"))


def _office(office: Visitor, city: City, number: int) -> None:
    office.send(office.open("/reports/"), "/reports/")
    address = reverse("admin:programs_programme_changelist")
    register = office.open(address)
    chosen = {"action": "send_reminders", "_selected_action": str(city.programmes[number].pk)}
    office.send(register, address, **chosen)


def _judged(place: Place, visitors: list[Visitor], waiting: int, delivered: float, slowest: float) -> Verdict:
    verdict = Verdict()
    seen: list[tuple[str, Page]] = [look for visitor in visitors for look in visitor.seen]
    took = [page.seconds for _method, page in seen]
    verdict.count("pages read", sum(method == "GET" for method, _page in seen), least=30)
    verdict.count("forms sent", sum(method == "POST" for method, _page in seen))
    verdict.count("answers that were an error", sum(page.status >= 400 for _method, page in seen), most=0)
    verdict.faults += [f"{page.address}: {page.status}" for _method, page in seen if page.status >= 400][:5]
    verdict.figures["slowest answer, seconds"] = round(max(took), 2)
    if max(took) > slowest:
        verdict.faults.append(f"An answer took {max(took):.1f} s, {slowest} are allowed.")
    verdict.count("messages that waited for Redis", waiting, least=1)
    verdict.figures["seconds until everything was delivered"] = round(delivered, 1)
    for kind in ("report.build", "reminders.scan", judge.MAIL):
        verdict.figures[f"{kind} carried out"] = Message.objects.filter(kind=kind, state__in=["done", "sent"]).count()
    verdict.count("waiting for a person", len(judge.waits_for_person()), most=0)
    judge.invariants(verdict, place)
    return verdict
