"""Permission rules of `kpis`. Readings follow the rules of every filed row, which stand in `programs`."""

from django.db.models import Q

from programs.access.documents import manage_programme, of_programme_scope, view_through_programme
from programs.access.progress import filed_scope, register_filed, view_filed
from qualitycity.access import ActorContext, register_rule, register_scope

from .models import Indicator, IndicatorReading


def readings_scope(actor: ActorContext) -> Q:
    return filed_scope(actor, department="indicator__reporter", programme="indicator__programme")


register_scope(Indicator, of_programme_scope)
register_rule(Indicator, "view", view_through_programme)
register_rule(Indicator, "edit", lambda actor, obj: manage_programme(actor, obj.programme))
register_filed(IndicatorReading, readings_scope, view_filed)
