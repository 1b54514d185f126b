"""The example beside the filing form: the one for the line's nature, folded once the person has put it away."""

from django.urls import reverse

from programs.choices import TaskNature
from programs.domain.sheet import sheet_lines
from programs.forms.samples import SAMPLES
from programs.forms.sheet import FIELDS
from taskforce.models import User


def line_page(client, world, nature):
    unit = world.units["甲局"].pk
    key = next(line.key for line in sheet_lines(world.window, {unit}) if line.nature == nature)
    answer = client.get(reverse("entry", args=[world.window.pk, unit, key]))
    assert answer.status_code == 200
    return answer.content.decode()


def sheet_page(client, world, unit="甲局"):
    return client.get(reverse("sheet", args=[world.window.pk, world.units[unit].pk])).content.decode()


def test_there_is_an_example_for_every_nature_and_it_fills_fields_of_its_form():
    assert set(SAMPLES) == {*TaskNature.values, "figure"} == set(FIELDS)
    for sample in SAMPLES.values():
        assert sample.why and set(sample.fields) <= set(FIELDS[sample.nature])
    assert {"progress", "percent"} <= set(SAMPLES["outcome"].fields)
    assert {"progress", "result"} <= set(SAMPLES["ongoing"].fields)


def test_a_line_shows_the_example_of_its_nature_and_the_sheet_those_of_its_lines(as_user, world):
    client = as_user("jia_liaison")
    outcome, ongoing = str(SAMPLES["outcome"].task), str(SAMPLES["ongoing"].task)
    page = line_page(client, world, "outcome")
    assert outcome in page and ongoing not in page
    assert outcome not in line_page(client, world, "ongoing")
    page = sheet_page(client, world)
    assert outcome in page and ongoing in page and str(SAMPLES["figure"].task) not in page


def test_put_away_it_is_folded_but_still_there(as_user, world):
    client = as_user("jia_liaison")
    assert '<details class="qc-sample card" id="sample" open>' in sheet_page(client, world)
    client.post(reverse("put_away"), {"what": "sample"})
    page = sheet_page(client, world)
    assert '<details class="qc-sample card" id="sample">' in page and str(SAMPLES["outcome"].task) in page
    assert User.objects.get(username="jia_liaison").put_away == ["sample"]


def test_who_only_reads_is_shown_no_example(as_user, world):
    assert 'id="sample"' not in sheet_page(as_user("jia_head"), world)


def test_what_was_handed_in_shows_no_example(as_user, world):
    world.file("jia_liaison", "甲局")
    assert 'id="sample"' not in sheet_page(as_user("jia_liaison"), world)
