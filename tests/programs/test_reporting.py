"""Progress reports: content from visible rows, frozen, with the file; failure in a sentence; permission at download."""

import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from programs.domain import reports
from programs.models import ProgressReport
from programs.papers import progress as reporting
from qualitycity.files.models import StoredFile
from qualitycity.outbox.drain import drain
from qualitycity.outbox.models import Message
from qualitycity.reports import rendering
from qualitycity.workflow import NotAllowed

from ..files import builders


def ask(world, who="director", **more):
    scope = more.pop("scope", "programme")
    return reports.request(
        actor=world.actor(who), programme=world.programme, window=world.window, scope=scope, **more
    )


@pytest.fixture
def filed(world):
    world.file("jia_liaison", "甲局", percent=60, coordination="请市财政局落实检测经费")
    world.sign("jia_head", "甲局")
    world.accept("clerk", "甲局")
    return world


def text_of(report: ProgressReport) -> str:
    with report.file.open() as file:
        pages = PdfReader(io.BytesIO(file.read())).pages
    return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")


@pytest.mark.django_db(transaction=True)
def test_a_report_is_built_by_the_outbox_and_frozen(filed):
    report = ask(filed)
    assert (report.state, Message.objects.get(kind="report.build").state) == ("queued", "pending")
    assert drain("pdf") == 1
    report.refresh_from_db()
    assert report.state == "ready" and report.content["title"] == "《质量提升2026》进展报告"
    text = text_of(report)
    for wanted in (
        "共3项任务",
        "应报进展4条，已经单位审签报送2条，占50%",
        "请市财政局落实检测经费",
        "市丙局1条",
        "任务1",
    ):
        assert wanted in text, wanted


def test_what_the_author_may_not_see_does_not_enter(filed):
    report = ask(filed, "jia_head", scope="department", department=filed.units["甲局"])
    content = reporting.build(report, actor=filed.actor("jia_head"))
    assert "市丙局" not in str(content)
    with pytest.raises(NotAllowed):
        ask(filed, "jia_head", scope="department", department=filed.units["乙局"])
    with pytest.raises(NotAllowed):
        ask(filed, "jia_head")


@pytest.mark.django_db(transaction=True)
def test_a_failed_build_says_so_and_can_be_asked_again(filed, monkeypatch):
    def broken(content, **_more):
        raise rendering.RenderFailed("timeout")

    monkeypatch.setattr("programs.jobs.reports.render_pdf", broken)
    report = ask(filed)
    drain("pdf")
    report.refresh_from_db()
    assert report.state == "failed" and report.failure == rendering.SENTENCES["timeout"]
    monkeypatch.undo()
    reports.retry(report, actor=filed.actor("director"))
    drain("pdf")
    report.refresh_from_db()
    assert report.state == "ready" and report.failure == ""


def test_a_report_that_is_finished_twice_keeps_the_file_that_stands(world, settings, tmp_path):
    """A worker whose lease ran out comes late: what it brings is dropped."""
    settings.MEDIA_ROOT = tmp_path
    report, content = ask(world), {"content": {}, "sha256": "0" * 64, "pdf": builders.pdf(), "at": timezone.now()}
    done = reports.finish(report, **content)
    assert reports.finish(report, **content).file == done.file
    assert StoredFile.objects.filter(purpose="progress_report").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_right_withdrawn_after_asking_stops_the_build(filed):
    report = ask(filed)
    filed.people["director"].memberships.all().delete()
    drain("pdf")
    report.refresh_from_db()
    assert report.state == "failed" and report.file is None


@pytest.mark.django_db(transaction=True)
def test_permission_is_asked_again_at_download(filed, as_user):
    report = ask(filed)
    drain("pdf")
    assert as_user("leader").get(f"/reports/{report.pk}/download/")["Content-Type"] == "application/pdf"
    assert as_user("jia_liaison").get(f"/reports/{report.pk}/download/").status_code == 404
    filed.people["leader"].memberships.all().delete()
    assert as_user("leader").get(f"/reports/{report.pk}/download/").status_code == 404
