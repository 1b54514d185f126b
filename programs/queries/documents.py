"""Validity of documents: which are running out, and how one of them stands today."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from programs.choices import ExpiryAnswer, ProgrammeState
from programs.models import PolicyDocument, Programme

#: From so many days before the end of its validity the office is asked what becomes of a document.
NOTICE_DAYS = 180


@dataclass(frozen=True)
class Validity:
    """What a page says above a document. `over`: it is no longer in force; `asked`: the office has to decide."""

    title: str
    text: str
    over: bool
    asked: bool


def running_out(documents: QuerySet[PolicyDocument], today: date) -> QuerySet[PolicyDocument]:
    """Those of `documents` about which the office is asked now: at most NOTICE_DAYS left or already past, nothing
    decided for good, and a running programme of the same office rests on them. Historical records never ask.
    """
    running = Programme.objects.filter(
        document=OuterRef("pk"), jurisdiction=OuterRef("jurisdiction"), state=ProgrammeState.RUNNING
    )
    return documents.filter(
        Exists(running), successor=None, valid_until__lte=today + timedelta(days=NOTICE_DAYS)
    ).exclude(expiry_answer__in=ExpiryAnswer.final())


def _is_asked(document: PolicyDocument, today: date) -> bool:
    """As `running_out`, of a document on which a running programme of the same office is known to rest."""
    asked = asked_from(document)
    return asked is not None and asked <= today and not _decided(document)


def asked_from(document: PolicyDocument) -> date | None:
    return document.valid_until - timedelta(days=NOTICE_DAYS) if document.valid_until else None


def validity(document: PolicyDocument | None, today: date, *, live: bool) -> Validity | None:
    """How the document stands; None while there is nothing to say. `live`: a running programme rests on it."""
    if document is None:
        return None
    if document.repealed_on and document.repealed_on <= today:
        return Validity(
            _("Repealed"),
            _said(_("Repealed on %(day)s.") % {"day": _day(document.repealed_on)}, _basis(document), _by(document)),
            over=True,
            asked=False,
        )
    if document.valid_until and document.valid_until < today:
        words = (
            _("Its validity ended on %(day)s (computed).")
            if document.valid_until_computed
            else _("Its validity ended on %(day)s.")
        )
        newer = _by(document) or _("No document that replaces it is entered.")
        text = _said(words % {"day": _day(document.valid_until)}, _basis(document), newer)
        return Validity(_("No longer in force"), text, over=True, asked=live and not _decided(document))
    if document.successor_id:
        return Validity(_("Replaced"), _("A newer document has taken its place:"), over=True, asked=False)
    if document.repealed_on:
        text = _said(_("It is repealed from %(day)s.") % {"day": _day(document.repealed_on)}, _basis(document))
        return Validity(_("About to be repealed"), text, over=False, asked=False)
    lapsing = document.expiry_answer == ExpiryAnswer.LAPSED
    if document.valid_until and (lapsing or live and _is_asked(document, today)):
        return _ending(document, today)
    return None


def _ending(document: PolicyDocument, today: date) -> Validity:
    assert document.valid_until is not None
    left = (document.valid_until - today).days
    numbers = {"day": _day(document.valid_until), "left": left}
    words = (
        _("It is valid until %(day)s (computed), %(left)s days from now.")
        if document.valid_until_computed
        else _("It is valid until %(day)s, %(left)s days from now.")
    )
    if _decided(document):
        text = _said(words % numbers, _("The office lets it lapse."), _basis(document))
        return Validity(_("Validity runs out"), text, over=False, asked=False)
    text = _said(words % numbers, _("The office decides: renew, revise, repeal or let lapse."))
    return Validity(_("Validity runs out"), text, over=False, asked=True)


def _decided(document: PolicyDocument) -> bool:
    return document.successor_id is not None or document.expiry_answer in ExpiryAnswer.final()


def _basis(document: PolicyDocument) -> str:
    known = document.expiry_answer in (ExpiryAnswer.REPEALED, ExpiryAnswer.LAPSED) and document.expiry_basis
    return _("Basis: %(basis)s.") % {"basis": document.expiry_basis} if known else ""


def _by(document: PolicyDocument) -> str:
    return _("A newer document has taken its place:") if document.successor_id else ""


def _said(*sentences: str) -> str:
    """Sentences after one another; Chinese ones need no space between."""
    return "".join(f"{said}{'' if said.endswith('。') else ' '}" for said in sentences if said).strip()


def _day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
