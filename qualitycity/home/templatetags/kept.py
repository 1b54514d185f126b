"""`{% kept day %} … {% endkept %}`: what is drawn in between is kept until the boards change (programs/queries/kept.py).

Only for what the address, the person and the board decide: never around a form that carries a token. What the view gives
as `lazily(…)` is not even read when the drawing was kept.
"""

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token

from programs.queries.kept import keep
from qualitycity.access.http import actor_of

register = template.Library()


class KeptNode(template.Node):
    def __init__(self, nodelist: NodeList, day: FilterExpression, place: str) -> None:
        self.nodelist, self.day, self.place = nodelist, day, place

    def render(self, context: template.Context) -> str:
        request = context["request"]
        name = (self.place, request.get_full_path())
        return keep(
            name, lambda: self.nodelist.render(context), actor=actor_of(request), day=self.day.resolve(context)
        )


@register.tag
def kept(parser: Parser, token: Token) -> KeptNode:
    words = token.split_contents()
    if len(words) != 2:
        raise template.TemplateSyntaxError("kept takes one argument: the day of the board")
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    origin = getattr(parser, "origin", None)
    return KeptNode(nodelist, parser.compile_filter(words[1]), f"{origin}:{token.lineno}")
