"""办公室: breakdown, moves, consultation, review, periods, carrying over, remarks, lists."""

from django.urls import path

from programs.views import (
    breakdown,
    burden,
    consultation,
    groups,
    moves,
    opening,
    programme_new,
    remarks,
    review,
    rollforward,
    rules,
    windows,
)

urlpatterns = [
    path("programmes/new/", programme_new.programme_new, name="programme_new"),
    path("programmes/<int:pk>/tasks/new/", programme_new.task_new, name="task_new"),
    path("programmes/<int:pk>/move/", moves.programme_move, name="programme_move"),
    path("programmes/<int:pk>/rules/", rules.programme_rules, name="programme_rules"),
    path("programmes/<int:pk>/bulk/", moves.bulk, name="bulk"),
    path("programmes/<int:pk>/consultation/", consultation.consultation_open, name="consultation_open"),
    path("programmes/<int:pk>/roll-forward/", rollforward.roll_forward, name="roll_forward"),
    path("programmes/<int:pk>/remark/", remarks.remark, name="remark"),
    path("consultations/<int:pk>/", consultation.consultation, name="consultation"),
    path("tasks/<int:pk>/breakdown/", breakdown.breakdown, name="breakdown"),
    path("tasks/<int:pk>/move/", moves.task_move, name="task_move"),
    path("tasks/<int:pk>/remark/", remarks.remark_task, name="remark_task"),
    path("programmes/<int:pk>/opening/", opening.programme_opening, name="programme_opening"),
    path("parts/<int:pk>/opening/", opening.part_opening, name="part_opening"),
    path("parts/<int:pk>/move/", moves.part_move, name="part_move"),
    path("burden/", burden.burden, name="burden"),
    path("burden/limit/", burden.burden_cap, name="burden_cap"),
    path("burden/rows/", burden.burden_rows, name="burden_rows"),
    path("review/", review.review, name="review"),
    path("review/act/", review.review_act, name="review_act"),
    path("windows/<int:pk>/lock/", windows.window_lock, name="window_lock"),
    path("groups/<int:pk>/", groups.group_list, name="group_list"),
]
