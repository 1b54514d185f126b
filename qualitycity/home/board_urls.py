"""Boards: of a programme with the lists behind its figures, of a unit, of a district."""

from django.urls import path

from .views import boards, units

urlpatterns = [
    path("programmes/<int:pk>/board/", boards.programme_board, name="programme_board"),
    path("programmes/<int:pk>/board/screen/<slug:part>/", boards.board_screen, name="board_screen"),
    path("programmes/<int:pk>/lines/", boards.period_lines, name="period_lines"),
    path("programmes/<int:pk>/indicators/", boards.indicator_list, name="indicator_list"),
    path("departments/<int:pk>/", units.department, name="department"),
    path("districts/", units.district_list, name="districts"),
    path("districts/<int:pk>/", units.district, name="district"),
]
