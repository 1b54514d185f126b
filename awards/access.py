"""Permission rules of `awards`: schemes are seen with their programme."""

from programs.access.documents import manage_programme, of_programme_scope, view_through_programme
from qualitycity.access import register_rule, register_scope

from .models import AwardScheme

register_scope(AwardScheme, of_programme_scope)
register_rule(AwardScheme, "view", view_through_programme)
register_rule(AwardScheme, "edit", lambda actor, obj: manage_programme(actor, obj.programme))
