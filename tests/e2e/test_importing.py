"""文件导入 in the browser: one sample from the upload to a running programme, two corrections, undo in between."""

import pytest

from programs.models import PolicyDraft, Programme
from qualitycity.home.invariants import violations
from qualitycity.outbox.drain import drain
from tests.programs.importing.stage import TEXT, by_title


def select_words(page, words: str) -> None:
    """Marks words of the document as a mouse would."""
    page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.querySelector('[data-import-text]'), NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const at = walker.currentNode.data.indexOf(words);
                if (at >= 0) {
                    const range = document.createRange();
                    range.setStart(walker.currentNode, at);
                    range.setEnd(walker.currentNode, at + words.length);
                    document.getSelection().removeAllRanges();
                    document.getSelection().addRange(range);
                    return;
                }
            }
            throw new Error('not on the page: ' + words);
        }""",
        words,
    )


def settle_units(clerk, draft: PolicyDraft) -> None:
    """One is chosen from the register, the rest are new."""
    clerk.open(f"/imports/{draft.pk}/units/")
    row = clerk.page.locator("tr", has_text="市丙办")
    row.locator("select").first.select_option(label="市丙局")
    clerk.go("button[value=rest_new]")
    assert clerk.page.locator(".qc-row-asked").count() == 0


@pytest.mark.slow
def test_from_the_upload_to_a_running_programme(world, portal):
    clerk = portal("clerk")
    clerk.open("/programmes/")
    clerk.go("a[href='/imports/']")
    clerk.go("a[href='/imports/new/'] >> nth=0")
    clerk.page.set_input_files(
        "input[type=file]", {"name": "三年行动.txt", "mimeType": "text/plain", "buffer": TEXT.encode()}
    )
    clerk.go("#policy-form button[type=submit]")
    assert "progress" in clerk.page.content()
    assert drain("import") == 1
    clerk.page.wait_for_selector(".qc-import-cards")
    draft = PolicyDraft.objects.get()
    settle_units(clerk, draft)

    # the first correction, from a card: a figure
    figure = by_title(draft, "产品监督抽查合格率")
    clerk.open(f"/imports/{draft.pk}/?show=all")
    clerk.go(f"#p{figure.pk} a[href$='/proposals/{figure.pk}/']")
    clerk.page.fill("input[name=value]", "96")
    clerk.go("button[name=do][value=save]")

    # the second: a task without units gets one
    task = by_title(draft, "加强宣传")
    clerk.open(f"/imports/{draft.pk}/proposals/{task.pk}/")
    clerk.page.locator("input[name=unit_name]").first.fill("甲局")
    clerk.page.locator("select[name=unit_role]").first.select_option("sole")
    clerk.go("button[name=do][value=accept]")

    # words of the document become a proposal of one's own
    clerk.open(f"/imports/{draft.pk}/?show=all")
    select_words(clerk.page, "质量比对")
    clerk.page.wait_for_selector("[data-import-add]:not([hidden])")
    clerk.go("[data-import-add] button[data-kind=deliverable]")
    assert clerk.page.input_value("textarea[name=quote]") == "质量比对"
    clerk.page.fill("input[name=name]", "质量比对报告")
    clerk.go("#proposal-form button[type=submit]")
    added = by_title(draft, "质量比对报告")
    assert TEXT[added.start : added.end] == "质量比对"

    # a mark in the text lights its card, and the other way round
    clerk.page.click(f".qc-mark[data-p='{figure.pk}'] >> nth=0")
    assert clerk.page.locator(f"#p{figure.pk}.qc-here").count() == 1

    # everything without a question at once, what is left one by one
    clerk.go("button[name=do][value=ready]")
    clerk.open(f"/imports/{draft.pk}/")
    while clerk.page.locator(".qc-import-cards button[name=accept]").count():
        clerk.go(".qc-import-cards button[name=accept] >> nth=0")
    assert draft.proposals.filter(state="open").count() == 0
    clerk.open(f"/imports/{draft.pk}/unassigned/")
    if clerk.page.locator("input[name=sentence]").count():
        for box in clerk.page.locator("input[name=sentence]").all():
            box.check()
        clerk.go("form.card button[type=submit]")
    assert clerk.page.inner_text(".qc-import-far").count("100%") == 1

    # set up, undone, set up again
    clerk.go("a[href$='/apply/']")
    clerk.go("form.qc-form-actions button[type=submit]")
    first = Programme.objects.get(title__contains="三年行动")
    clerk.open(f"/imports/{draft.pk}/")
    clerk.go("a[href$='/undo/']")
    clerk.go("button.btn-danger")
    assert not Programme.objects.filter(pk=first.pk).exists()
    clerk.go("a[href$='/apply/']")
    clerk.go("form.qc-form-actions button[type=submit]")
    programme = Programme.objects.get(title__contains="三年行动")
    assert programme.indicators.get(name="产品监督抽查合格率").value == 96
    assert clerk.refusals == []

    # and it runs: started by the director, its first task assigned
    director = portal("director")
    director.open(f"/programmes/{programme.pk}/move/?action=start")
    director.go("#move-start button[type=submit]")
    programme.refresh_from_db()
    assert programme.state == "running"
    director.open(f"/tasks/{programme.tasks.order_by('sort').first().pk}/")
    assert "开展重点产品质量比对。每年组织两次比对。" in director.page.inner_text("main")
    assert list(violations()) == []


def test_on_a_phone_and_without_scripts_everything_can_be_confirmed(world, portal):
    from tests.e2e.conftest import NARROW
    from tests.programs.importing.stage import taken_in

    draft = taken_in(world)
    clerk = portal("clerk", NARROW)
    clerk.open(f"/imports/{draft.pk}/?show=open")
    wide = clerk.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
    clerk.go(".qc-import-cards button[name=accept] >> nth=-1")
    assert draft.proposals.filter(state="accepted").count() > 5
