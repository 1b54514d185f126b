"""Asking for a progress report."""

from django import forms
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programs.choices import ProgrammeState, ReportScope
from programs.models import Programme, ReportingWindow, Responsibility, Section, Task
from qualitycity.access import ActorContext
from taskforce.choices import Role
from taskforce.models import Department


class WindowChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: ReportingWindow) -> str:
        return f"{obj.programme.short_title} · {obj.label}"


class SectionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Section) -> str:
        return f"{obj.programme.short_title} · {obj}"


class ReportForm(forms.Form):
    """Period, then the whole programme, one section or one department. Choices are what the person may see."""

    window = WindowChoice(label=gettext_lazy("Programme and period"), queryset=ReportingWindow.objects.none())
    scope = forms.ChoiceField(label=gettext_lazy("Scope"), choices=ReportScope.choices)
    section = SectionChoice(
        label=gettext_lazy("Section"), queryset=Section.objects.none(), required=False,
        help_text=gettext_lazy("Only for a report on one section."),
    )
    department = forms.ModelChoiceField(
        label=gettext_lazy("Department"), queryset=Department.objects.none(), required=False,
        help_text=gettext_lazy("Only for a report on one department."),
    )

    def __init__(self, *args, actor: ActorContext, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["window"].empty_label = _("Please choose")
        self.fields["department"].empty_label = _("Please choose")
        running = Programme.objects.visible_to(actor).exclude(state=ProgrammeState.ARCHIVED)
        windows = ReportingWindow.objects.filter(programme__in=running, opens_on__lte=timezone.localdate())
        self.fields["window"].queryset = windows.select_related("programme").order_by("-starts_on", "programme")
        only_own = not actor.roles - {Role.LIAISON, Role.UNIT_HEAD, Role.SYSTEM_ADMIN}
        mine = Responsibility.objects.filter(department=OuterRef("pk"), task__programme__in=running)
        departments = Department.objects.filter(Exists(mine))
        if only_own:
            self.fields["scope"].choices = [
                choice for choice in ReportScope.choices if choice[0] == ReportScope.DEPARTMENT
            ]
            departments = departments.filter(pk__in=actor.departments(Role.LIAISON, Role.UNIT_HEAD))
            del self.fields["section"]
        else:
            self.fields["section"].empty_label = _("Please choose")
            self.fields["section"].queryset = Section.objects.filter(
                Exists(Task.objects.filter(section=OuterRef("pk"))), programme__in=running
            ).select_related("programme")
        self.fields["department"].queryset = departments.order_by("sort", "pk")
        if not self.is_bound and "window" not in self.initial:
            # the period that is being filed now, or was last
            self.initial["window"] = self.fields["window"].queryset.values_list("pk", flat=True).first()

    def clean(self) -> dict:
        data = super().clean() or {}
        scope = data.get("scope")
        if scope == ReportScope.SECTION and not data.get("section") and "section" not in self.errors:
            self.add_error("section", _("Please choose the section."))
        if scope == ReportScope.DEPARTMENT and not data.get("department") and "department" not in self.errors:
            self.add_error("department", _("Please choose the department."))
        if scope != ReportScope.SECTION:
            data["section"] = None
        if scope != ReportScope.DEPARTMENT:
            data["department"] = None
        section, window = data.get("section"), data.get("window")
        if section and window and section.programme_id != window.programme_id:
            self.add_error("section", _("This section belongs to another programme."))
        return data
