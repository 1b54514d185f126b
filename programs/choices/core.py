"""Vocabularies of documents, programmes, tasks, progress and reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProgrammeState(models.TextChoices):
    DRAFT = "draft", _("Being prepared")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Historical record")


class PeriodKind(models.TextChoices):
    """填报周期: how often the units report."""

    MONTH = "month", _("Monthly")
    QUARTER = "quarter", _("Quarterly")
    HALF = "half", _("Half-yearly")
    YEAR = "year", _("Yearly")


class TaskNature(models.TextChoices):
    """任务性质: decides what is asked of the unit and how the task closes."""

    OUTCOME = "outcome", _("Definite outcome")
    ONGOING = "ongoing", _("Ongoing work")
    INDICATOR = "indicator", _("Follows its indicator")


class TaskKind(models.TextChoices):
    WORK = "work", _("Work task")
    SAFEGUARD = "safeguard", _("Safeguard")
    AWARD = "award", _("Award set-up")


class RoleMode(models.TextChoices):
    """责任方式 as the clause prints it."""

    LEAD_SUPPORT = "lead_support", _("Lead and support")
    JOINT = "joint", _("Jointly responsible, no lead named")
    SOLE = "sole", _("Solely responsible")
    ALL_MEMBERS = "all_members", _("All member units")
    FIRST_IS_LEAD = "first_is_lead", _("First listed unit leads")
    UNSPECIFIED = "unspecified", _("No unit named")


class ResponsibilityRole(models.TextChoices):
    """责任角色 of one unit in one task."""

    LEAD = "lead", _("Lead")
    SUPPORT = "support", _("Support")
    JOINT = "joint", _("Jointly responsible")
    SOLE = "sole", _("Solely responsible")
    ALL_MEMBERS = "all_members", _("Member unit")

    @classmethod
    def filing(cls) -> set[str]:
        """Roles that owe a report each period. Supporting units report to the lead."""
        return {cls.LEAD, cls.JOINT, cls.SOLE, cls.ALL_MEMBERS}


class TaskState(models.TextChoices):
    DRAFT = "draft", _("Being broken down")
    CONSULTING = "consulting", _("Out for comment")
    CONFIRMED = "confirmed", _("Confirmed")
    ACTIVE = "active", _("In progress")
    COMPLETED = "completed", _("Completed")
    CLOSED = "closed", _("Struck off")
    SUSPENDED = "suspended", _("Suspended")

    @classmethod
    def finished(cls) -> set[str]:
        """办结, with or without 销号: a closed task counts as completed wherever completed ones are counted."""
        return {cls.COMPLETED, cls.CLOSED}

    @classmethod
    def given(cls) -> set[str]:
        """States of a task that was handed to its units (交办), whatever became of it."""
        return {cls.ACTIVE, cls.SUSPENDED, *cls.finished()}


class PartState(models.TextChoices):
    """State of one unit's part (责任) of a task."""

    PENDING = "pending", _("Not assigned")
    ASSIGNED = "assigned", _("To be signed for")
    SIGNED_FOR = "signed_for", _("Signed for")
    DONE = "done", _("Part done")
    WAIVED = "waived", _("Waived")

    @classmethod
    def settled(cls) -> set[str]:
        return {cls.DONE, cls.WAIVED}


class OpeningStep(models.TextChoices):
    """State of a record of 上线前."""

    PROPOSED = "proposed", _("With the office")
    ACCEPTED = "accepted", _("Stands")
    RETURNED = "returned", _("Returned")


class EntryState(models.TextChoices):
    """State of one filed line (进展填报)."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("To be signed off")
    RETURNED = "returned", _("Returned")
    SIGNED = "signed", _("To be reviewed")
    ACCEPTED = "accepted", _("Accepted")
    SUPERSEDED = "superseded", _("Corrected")

    @classmethod
    def editable(cls) -> set[str]:
        return {cls.DRAFT, cls.RETURNED}

    @classmethod
    def with_unit(cls) -> set[str]:
        """Lines that the office does not have yet."""
        return {cls.DRAFT, cls.SUBMITTED, cls.RETURNED}

    @classmethod
    def reported(cls) -> set[str]:
        """Lines that left the unit with its signature."""
        return {cls.SIGNED, cls.ACCEPTED, cls.SUPERSEDED}


class SignMode(models.TextChoices):
    """审签方式."""

    ELECTRONIC = "electronic", _("Signed in the portal")
    PAPER = "paper", _("Signed on paper")
    OFFICE = "office", _("Countersigned by the office")


class MilestoneState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Reached")
    DROPPED = "dropped", _("Dropped")


class DeliverableKind(models.TextChoices):
    DOCUMENT = "document", _("Document")
    REPORT = "report", _("Report")
    SYSTEM = "system", _("Institution or mechanism")
    PLATFORM = "platform", _("Platform")
    BASE = "base", _("Base or zone")
    INSTITUTION = "institution", _("Body set up")
    OTHER = "other", _("Other")


class ReplyStance(models.TextChoices):
    """征求意见 answer of a unit."""

    AGREE = "agree", _("No objection")
    CHANGE = "change", _("Asks for a change")


class BuildState(models.TextChoices):
    """State of a PDF progress report in the making."""

    QUEUED = "queued", _("Waiting")
    BUILDING = "building", _("Being built")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class ReportScope(models.TextChoices):
    PROGRAMME = "programme", _("Whole programme")
    SECTION = "section", _("One section")
    DEPARTMENT = "department", _("One department")


class ExpiryAnswer(models.TextChoices):
    """What the office decided about a document whose validity runs out (续期/修订/废止/到期失效)."""

    RENEWED = "renewed", _("Renewed")
    REVISED = "revised", _("Revised by a new document")
    REPEALED = "repealed", _("Repealed")
    LAPSED = "lapsed", _("Left to lapse")

    @classmethod
    def final(cls) -> set[str]:
        """Answers after which nothing more is asked; a renewed document runs out again."""
        return {cls.REVISED, cls.REPEALED, cls.LAPSED}


class LightCode(models.TextChoices):
    """灯 in order of severity, worst first (see `domain/lights.py`)."""

    RED = "red", _("Late")
    AMBER = "amber", _("Warning")
    GREY = "grey", _("No data")
    GREEN = "green", _("On track")


class OutlookCode(models.TextChoices):
    """能否完成, worst first (see `domain/outlook.py`)."""

    UNLIKELY = "unlikely", _("Hardly in time")
    AT_RISK = "at_risk", _("At some risk")
    UNKNOWN = "unknown", _("Cannot be judged")
    ON_COURSE = "on_course", _("Expected in time")


class Concern(models.TextChoices):
    """What is wrong with a task besides its light (see `queries/concerns.py`)."""

    UNSIGNED = "unsigned", _("Not signed for in time")
    UNREPORTED = "unreported", _("Report due and missing")
    BEHIND = "behind", _("Behind plan")
    RETURNED = "returned", _("Returned, not filed again")
