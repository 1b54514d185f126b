"""Closed vocabularies of `awards`."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SchemeRole(models.TextChoices):
    """A scheme of the document's own, or a title that others give and that is aimed at."""

    SCHEME = "scheme", _("Scheme of its own")
    TARGET = "target", _("Title aimed at")


class SchemeLevel(models.TextChoices):
    NATIONAL = "national", _("National")
    PROVINCIAL = "provincial", _("Provincial")
    NATIONAL_PROVINCIAL = "national/provincial", _("National or provincial")
    MUNICIPAL = "municipal", _("Municipal")
    COUNTY = "county", _("County")
