"""文件导入: from an uploaded document to a programme."""

from django.urls import path

from programs.views.importing import drafts, proposals, review, whole

urlpatterns = [
    path("imports/", drafts.draft_list, name="policy_drafts"),
    path("imports/new/", drafts.draft_new, name="policy_new"),
    path("imports/<int:pk>/", review.draft, name="policy_draft"),
    path("imports/<int:pk>/move/", drafts.draft_move, name="policy_move"),
    path("imports/<int:pk>/file/", drafts.draft_file, name="policy_file"),
    path("imports/<int:pk>/undo/", drafts.draft_undo, name="policy_undo"),
    path("imports/<int:pk>/settle/", review.settle, name="policy_settle"),
    path("imports/<int:pk>/unassigned/", review.unassigned, name="policy_unassigned"),
    path("imports/<int:pk>/units/", whole.units, name="policy_units"),
    path("imports/<int:pk>/head/", whole.head, name="policy_head"),
    path("imports/<int:pk>/difference/", whole.difference, name="policy_difference"),
    path("imports/<int:pk>/apply/", whole.apply, name="policy_apply"),
    path("imports/<int:pk>/proposals/new/", proposals.proposal_new, name="policy_proposal_new"),
    path("imports/<int:pk>/proposals/<int:number>/", proposals.proposal, name="policy_proposal"),
]
