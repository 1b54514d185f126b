"""Closed vocabularies of `kpis`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class IndicatorKind(models.TextChoices):
    """指标类型: what the printed words ask for. Only the first five are figures that can be judged strictly."""

    NUMERIC = "numeric", _("Figure")
    RANK = "rank", _("Rank")
    ZERO = "zero", _("Zero tolerance")
    TITLE = "title", _("Title won")
    YES_NO = "yes_no", _("Yes or no, or a dated step")
    TREND = "trend", _("Direction without a figure")
    LEVEL = "level", _("Level in words")
    COVERAGE = "coverage", _("Coverage")


class Comparator(models.TextChoices):
    """比较: a bare printed figure means at least."""

    AT_LEAST = ">=", _("at least")
    AT_MOST = "<=", _("at most")
    EQUAL = "=", _("equal to")
    COUNT_AT_LEAST = "count>=", _("at least (count)")
    ZERO = "zero", _("none")
    REACH = "reach", _("reach (in words)")
