"""领导小组会议: meetings, agenda and papers, invitations, minutes and decisions."""

from django.urls import path

from programs.views.supervision import agenda, attendance, meetings, minutes

urlpatterns = [
    path("meetings/", meetings.meeting_list, name="meetings"),
    path("meetings/new/", meetings.meeting_new, name="meeting_new"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/edit/", meetings.meeting_edit, name="meeting_edit"),
    path("meetings/<int:pk>/move/", meetings.meeting_move, name="meeting_move"),
    path("meetings/<int:pk>/papers.pdf", meetings.papers_pdf, name="meeting_papers_pdf"),
    path("meetings/<int:pk>/minutes.pdf", meetings.minutes_pdf, name="meeting_minutes_pdf"),
    path("meetings/<int:pk>/retry/<str:kind>/", meetings.pdf_retry, name="meeting_pdf_retry"),
    path("meetings/<int:pk>/topics/new/", agenda.topic_new, name="topic_new"),
    path("topics/<int:pk>/", agenda.topic, name="topic"),
    path("topics/<int:pk>/order/", agenda.topic_order, name="topic_order"),
    path("topics/<int:pk>/papers/", agenda.papers, name="meeting_papers"),
    path("meeting-papers/<int:pk>/remove/", agenda.paper_remove, name="meeting_paper_remove"),
    path("meetings/<int:pk>/invited/", attendance.invited, name="meeting_invited"),
    path("meetings/<int:pk>/presence/", attendance.presence, name="meeting_presence"),
    path("invitations/<int:pk>/", attendance.invitation, name="invitation"),
    path("invitations/<int:pk>/remove/", attendance.uninvite, name="uninvite"),
    path("meetings/<int:pk>/minutes/", minutes.minutes, name="meeting_minutes"),
    path("meetings/<int:pk>/decisions/new/", minutes.decision_new, name="decision_new"),
    path("meetings/<int:pk>/register/", minutes.register, name="decisions_register"),
    path("decisions/<int:pk>/", minutes.decision, name="decision"),
    path("decisions/<int:pk>/remove/", minutes.decision_remove, name="decision_remove"),
]
