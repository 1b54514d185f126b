"""督办单, 电话催办, 督查通报."""

from django.urls import path

from programs.views.supervision import bulletins, calls, slip_answers, slip_page, slips

urlpatterns = [
    path("slips/", slips.slip_list, name="slips"),
    path("slips/issue/", slips.issue_several, name="slips_issue"),
    path("slips/draw-up/", slips.draw_up_several, name="slips_draw_up"),
    path("slips/new/", slip_page.slip_new, name="slip_new"),
    path("slips/<int:pk>/", slip_page.slip, name="slip"),
    path("slips/<int:pk>/edit/", slip_page.slip_edit, name="slip_edit"),
    path("slips/<int:pk>/move/", slip_page.slip_move, name="slip_move"),
    path("slips/<int:pk>/preview.pdf", slip_page.slip_preview, name="slip_preview"),
    path("slips/<int:pk>/paper.pdf", slip_page.slip_paper, name="slip_paper"),
    path("slips/<int:pk>/answer/", slip_answers.slip_answer, name="slip_answer"),
    path("slips/<int:pk>/answer/move/", slip_answers.slip_answer_move, name="slip_answer_move"),
    path("slips/<int:pk>/answer/files/<int:file>/remove/", slip_answers.file_remove, name="slip_file_remove"),
    path("calls/new/", calls.call_new, name="call_new"),
    path("calls/log.xlsx", calls.calls_xlsx, name="calls_xlsx"),
    path("bulletins/", bulletins.bulletin_list, name="bulletins"),
    path("bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/read-again/", bulletins.read_again, name="bulletin_read_again"),
    path("bulletins/<int:pk>/move/", bulletins.bulletin_move, name="bulletin_move"),
    path("bulletins/<int:pk>/preview.pdf", bulletins.bulletin_preview, name="bulletin_preview"),
    path("bulletins/<int:pk>/paper.pdf", bulletins.bulletin_paper, name="bulletin_paper"),
]
