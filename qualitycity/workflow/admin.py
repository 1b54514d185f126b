"""The registers in Django's admin, under the portal's own rules.

Who sees and edits a row is asked of the permission engine; Django's model permissions and superusers play no part.
Nothing is deleted here, governed fields are read-only, and every save leaves one line in the journal.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from qualitycity.access import ActorContext, can, visible
from qualitycity.access.engine import registered
from qualitycity.access.http import actor_of
from qualitycity.audit.journal import history, record

from .machine import Refused

#: Lines of the journal shown below one row.
LONGEST_HISTORY = 200


class RegisterForm(forms.ModelForm):
    """A form that asks the rules about the row as it would be saved."""

    actor: ClassVar[ActorContext]
    action: ClassVar[str]

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors or not self.has_changed():
            return
        try:
            self.rehearse()
        except Refused as refused:
            self.add_error(None, str(refused.sentence))

    def rehearse(self) -> None:
        """Raises `Refused` with the sentence when the row may not be saved as it stands now."""
        decision = can(self.actor, self.action, self.instance)
        if not decision:
            raise Refused(decision.reason, self.instance)


class VersionedForm(RegisterForm):
    """A row that counts its versions: whoever was slower is told, nothing is overwritten."""

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen_version"] = self.instance.row_version

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        rows = type(self.instance)._base_manager.select_for_update().filter(pk=self.instance.pk)
        if rows.values_list("row_version", flat=True).first() != data.get("seen_version"):
            raise forms.ValidationError(
                _(
                    "Somebody else has changed this entry in the meantime. Open it again and enter your change there."
                )
            )
        return data


class NumberedChoice(AutocompleteSelect):
    """Looks up the chosen row when the form is drawn again; what is no number of a row is refused by the field, and must
    not keep the page from saying so."""

    def optgroups(self, name: str, value: list[str], attr: dict[str, Any] | None = None) -> list[Any]:
        numbers = [one for one in value if one.isascii() and one.isdigit() and len(one) < 19]
        return super().optgroups(name, numbers, attr)


class Permitted:
    """What a register and the rows below it share. `readers` and `editors` are names of roles."""

    readers: ClassVar[frozenset[str]] = frozenset()
    editors: ClassVar[frozenset[str]] = frozenset()
    edit_action: ClassVar[str] = "edit"

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any):
        """Only rows the person sees can be chosen, also by a forged number."""
        model = db_field.related_model
        if db_field.name in self.get_autocomplete_fields(request):  # type: ignore[attr-defined]
            site = self.admin_site  # type: ignore[attr-defined]
            kwargs.setdefault("widget", NumberedChoice(db_field, site, using=kwargs.get("using")))
        if model._meta.label_lower in registered()[1]:
            kwargs["queryset"] = visible(model._default_manager.all(), actor_of(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was once entered is closed or ended, never deleted."""
        return False


class PortalAdmin(Permitted, admin.ModelAdmin):
    """One register. Subclasses name `readers`, `editors`, and the fields that only the domain writes."""

    form = RegisterForm
    list_per_page = 50
    show_full_result_count = False
    save_on_top = False
    #: Written by domain functions alone: state, dates that follow from it, what the office breaks down on its pages.
    governed: ClassVar[Sequence[str]] = ()
    #: Fixed once the row is there.
    fixed: ClassVar[Sequence[str]] = ()

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return visible(super().get_queryset(request), actor_of(request))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(actor_of(request).roles & (self.readers | self.editors))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request) and (
            obj is None or bool(can(actor_of(request), "view", obj))
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(actor_of(request).roles & self.editors)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if not actor_of(request).roles & self.editors:
            return False
        return obj is None or bool(can(actor_of(request), self.edit_action, obj))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[str]:
        return (*self.readonly_fields, *self.governed, *(self.fixed if obj is not None else ()))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any):
        counts_versions = any(field.name == "row_version" for field in self.model._meta.fields)
        if obj is not None and counts_versions and self.has_change_permission(request, obj):
            kwargs.setdefault("form", VersionedForm)
        form = super().get_form(request, obj, change=change, **kwargs)
        form.actor, form.action = actor_of(request), self.edit_action
        return form

    def save_model(self, request: HttpRequest, obj: Any, form: forms.ModelForm, change: bool) -> None:
        request.portal_before = self._stored(obj, form.changed_data) if change else {}  # type: ignore[attr-defined]
        if change and form.changed_data and hasattr(obj, "row_version"):
            obj.row_version += 1
        super().save_model(request, obj, form, change)

    def _stored(self, obj: Any, names: Sequence[str]) -> dict[str, Any]:
        """Values of the changed fields as they stand in the table."""
        stored = type(obj)._base_manager.filter(pk=obj.pk).first()
        return {name: _plain(getattr(stored, name)) for name in names if hasattr(stored, name)}

    def construct_change_message(self, request: HttpRequest, form: Any, formsets: Any, add: bool = False):
        """Kept for the journal: what the rows below the register have become."""
        request.portal_rows = [_changed_rows(formset) for formset in formsets or []]  # type: ignore[attr-defined]
        request.portal_after = {  # type: ignore[attr-defined]
            name: _plain(getattr(form.instance, name))
            for name in form.changed_data
            if hasattr(form.instance, name)
        }
        return super().construct_change_message(request, form, formsets, add)

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """What the journal says of the row, newest first."""
        obj = self.get_object(request, object_id)
        if obj is None:
            raise Http404(_("There is no such page, or it is not meant for you."))
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request), "title": _("History"), "subtitle": str(obj), "opts": self.opts,
            "object": obj, "entries": history(obj).order_by("-id")[:LONGEST_HISTORY],
        }  # fmt: skip
        return TemplateResponse(request, "admin/register_history.html", context)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> None:
        """The journal in the place of the admin's own log."""
        self.journal(request, obj, "register_add")

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> None:
        self.journal(request, obj, "register_change")

    def journal(self, request: HttpRequest, obj: Any, action: str) -> None:
        """One entry per save that changed something."""
        after = dict(request.portal_after)  # type: ignore[attr-defined]
        rows = {title: changes for title, changes in request.portal_rows if changes}  # type: ignore[attr-defined]
        if rows:
            after["rows"] = rows
        if after:
            before = request.portal_before  # type: ignore[attr-defined]
            record(
                subject=obj,
                action=action,
                actor=actor_of(request),
                before=before or None,
                after=after,
                audience="office",
            )


class ReadOnlyAdmin(PortalAdmin):
    """A register to look things up in; its rows are written elsewhere."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class PortalInline(Permitted, admin.TabularInline):
    """Rows below a register. Whoever may edit the register may edit them."""

    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any) -> bool:
        return self.has_change_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None or bool(can(actor_of(request), self.edit_action, obj))


def _plain(value: Any) -> Any:
    """For the journal: rows by their printed label, everything else as it is."""
    return str(value) if isinstance(value, models.Model) else value


def _changed_rows(formset: Any) -> tuple[str, list[dict[str, Any]]]:
    """(kind of row, what was added and changed)."""
    rows = [{"added": str(row)} for row in formset.new_objects]
    for row, fields in formset.changed_objects:
        rows.append({"changed": str(row), **{name: _plain(getattr(row, name)) for name in fields}})
    return str(formset.model._meta.verbose_name), rows
