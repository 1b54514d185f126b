"""The pages on which a unit lives: its sheet, one line of it, signature, paper form, files."""

from django.urls import path

from programs.views import entry, files, paper, preview, sheet, signing, workbook

SHEET = "sheets/<int:window>/<int:department>/"

urlpatterns = [
    path("sheets/", sheet.sheet_list, name="sheets"),
    path(SHEET, sheet.sheet, name="sheet"),
    path(f"{SHEET}autosave/", sheet.sheet_autosave, name="sheet_autosave"),
    path(f"{SHEET}unchanged/", sheet.sheet_unchanged, name="sheet_unchanged"),
    path(f"{SHEET}withdraw/", sheet.sheet_withdraw, name="sheet_withdraw"),
    path(f"{SHEET}preview/", preview.sheet_preview, name="sheet_preview"),
    path(f"{SHEET}sign-off/", signing.sign_off, name="sign_off"),
    path(f"{SHEET}paper/", paper.paper_upload, name="paper_upload"),
    path(f"{SHEET}paper/form.pdf", paper.paper_form, name="paper_form"),
    path(f"{SHEET}workbook/", workbook.workbook, name="workbook"),
    path(f"{SHEET}workbook/form.xlsx", workbook.workbook_form, name="workbook_form"),
    path(f"{SHEET}workbook/<int:pk>/", workbook.workbook_draft, name="workbook_draft"),
    path(f"{SHEET}<str:key>/", entry.entry, name="entry"),
    path(f"{SHEET}<str:key>/evidence/", entry.evidence_add, name="evidence_add"),
    path(f"{SHEET}<str:key>/evidence/<int:pk>/remove/", entry.evidence_remove, name="evidence_remove"),
    path(f"{SHEET}<str:key>/correct/", entry.correct, name="correct"),
    path("parts/sign-for/", signing.sign_for, name="sign_for"),
    path("files/<uuid:public_id>/", files.download, name="file"),
]
