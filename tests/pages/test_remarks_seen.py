"""批示 on a whole programme: where the leader comes back to, and who reads it on the programme's page."""

import pytest
from django.urls import reverse

from programs.domain.remarks import remark

pytestmark = pytest.mark.django_db
WORDS = "年底前全部完成，逾期的说明原因。"


def test_a_remark_from_the_start_page_leads_back_there(as_user, world):
    client = as_user("leader")
    address = reverse("remark", args=[world.programme.pk])
    answer = client.post(address, {"text": WORDS, "next": reverse("start")})
    assert (answer.status_code, answer.url) == (302, reverse("start"))
    assert f'href="{address}"' in client.get(answer.url).content.decode()
    assert WORDS in client.get(address).content.decode()


def test_the_office_reads_the_remark_on_the_programmes_page_and_the_unit_does_not(as_user, world):
    page = reverse("programme", args=[world.programme.pk])
    assert 'id="remarks"' not in as_user("clerk").get(page).content.decode()
    remark(programme=world.programme, task=None, actor=world.actor("leader"), text=WORDS)
    assert WORDS in as_user("clerk").get(page).content.decode()
    assert WORDS not in as_user("jia_liaison").get(page).content.decode()


def test_a_remark_on_one_task_stays_on_its_page(as_user, world):
    remark(programme=world.programme, task=world.tasks[0], actor=world.actor("leader"), text=WORDS)
    assert WORDS not in as_user("clerk").get(reverse("programme", args=[world.programme.pk])).content.decode()
    assert WORDS in as_user("clerk").get(reverse("task", args=[world.tasks[0].pk])).content.decode()
