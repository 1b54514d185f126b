"""Registry of rules and scopes, and the two questions asked of it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .context import ActorContext, Grant


@dataclass(frozen=True)
class Decision:
    """Answer of `can()`. `reason` is a sentence for the person; `grant` is the role that carried the right."""

    allowed: bool
    reason: Any = ""
    grant: Grant | None = None

    def __bool__(self) -> bool:
        return self.allowed


Rule = Callable[[ActorContext, Any], Decision]
Scope = Callable[[ActorContext], Q]
_rules: dict[tuple[str, str], Rule] = {}
_scopes: dict[str, Scope] = {}


def allow(grant: Grant | None = None) -> Decision:
    return Decision(True, "", grant)


def deny(reason: Any = _("You do not have the right to do this.")) -> Decision:
    return Decision(False, reason)


def _label(model: type[Model] | Model | str) -> str:
    return model if isinstance(model, str) else model._meta.label_lower


def register_rule(model: type[Model] | str, action: str, rule: Rule) -> None:
    """One rule per model and action; a second registration is a programming error."""
    key = (_label(model), action)
    if key in _rules and _rules[key] is not rule:
        raise RuntimeError(f"A rule for {key} exists already.")
    _rules[key] = rule


def register_scope(model: type[Model] | str, scope: Scope) -> None:
    key = _label(model)
    if key in _scopes and _scopes[key] is not scope:
        raise RuntimeError(f"A scope for {key} exists already.")
    _scopes[key] = scope


def can(actor: ActorContext, action: str, obj: Model) -> Decision:
    """May `actor` do `action` to `obj`? An unknown pair is refused: nothing is open by omission."""
    rule = _rules.get((_label(obj), action))
    if rule is None:
        return deny()
    return rule(actor, obj)


def visible(queryset: QuerySet, actor: ActorContext) -> QuerySet:
    """Rows of `queryset` that `actor` may see. Without a registered scope nothing is visible."""
    scope = _scopes.get(_label(queryset.model))
    if scope is None or (actor.user_id is None and not actor.is_clock):
        return queryset.none()
    if actor.is_clock:
        return queryset
    return queryset.filter(scope(actor))


def registered() -> tuple[frozenset[tuple[str, str]], frozenset[str]]:
    """(model, action) pairs and models that have an entry; read by the tests of completeness."""
    return frozenset(_rules), frozenset(_scopes)
