"""Redis is dead, then deaf, while people work: a short version of `make drill-redis`, and the visitor it sends."""

import pytest

from drills import city as cities
from drills import clock, redis_away
from drills.visitor import Page, forms_of

HTML = """
<form method="post" action="/sheets/1/2/"><input type="hidden" name="csrf" value="x"><input name="a" value="1">
<input type="checkbox" name="no" value="1"><input type="checkbox" name="yes" value="1" checked>
<input name="off" value="1" disabled><textarea name="words">
甲&amp;乙</textarea><select name="pick"><option value="1">一</option><option value="2" selected>二</option></select>
<select name="first"><option value="7">七</option><option value="8">八</option></select>
<button type="submit" name="do" value="save">保存</button><button type="button" name="script">x</button></form>
<form method="get" action="/search/"><input name="q"></form>
"""


def test_a_visitor_reads_a_form_as_a_browser_would_send_it():
    (form,) = forms_of(HTML)
    assert form.fields == [
        ("csrf", "x"),
        ("a", "1"),
        ("yes", "1"),
        ("words", "甲&乙"),
        ("pick", "2"),
        ("first", "7"),
    ]
    assert form.buttons == [("do", "save")]
    assert Page("http://x/sheets/1/2/", 200, HTML, 0).form("/sheets/1/2/").action == "/sheets/1/2/"
    with pytest.raises(AssertionError):
        Page("http://x/", 200, HTML, 0).form("/reports/")


@pytest.mark.redis
@pytest.mark.worker
@pytest.mark.slow
def test_people_work_on_without_redis_and_everything_is_delivered_after_its_return(drill):
    with clock.starting_at(redis_away.BEGIN):
        city = cities.make(people=4, cities=2)
    place = drill(redis_away.BEGIN)
    # a moment per answer is the promise; shared machines of continuous integration get several
    verdict = redis_away.redis_away(place, city, liaisons=4, looks=10, slowest=8, say=print)
    assert verdict.faults == [], verdict.lines()
    assert verdict.figures["forms sent"] == 4 * 4 + 2 * 2
    assert verdict.figures["report.build carried out"] == 2 and verdict.figures["mail.digest carried out"] == 4
