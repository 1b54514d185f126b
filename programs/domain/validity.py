"""续期/修订/废止: the office's answer when the validity of a document runs out."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from programs.choices import ExpiryAnswer
from programs.models import PolicyDocument
from qualitycity.access import ActorContext, can
from qualitycity.audit.journal import record
from qualitycity.workflow import IllegalMove, NotAllowed

FIELDS = ("valid_until", "valid_until_computed", "expiry_answer", "expiry_basis", "repealed_on", "successor_id")


def seen(document: PolicyDocument) -> str:
    """What a form was shown: an answer to something else than this is refused."""
    return f"{document.valid_until or ''}:{document.expiry_answer}:{document.successor_id or ''}"


def answer_expiry(
    document: PolicyDocument,
    *,
    actor: ActorContext,
    answer: str,
    basis: str,
    answering: str,
    until: date | None = None,
    successor: PolicyDocument | None = None,
    repealed_on: date | None = None,
) -> PolicyDocument:
    """Renewed needs `until`, revised `successor`, repealed `repealed_on`; left to lapse needs neither. `basis`: the
    paper or decision it rests on. `answering` is `seen()` of what the person looked at. A wrong answer is mended by
    giving another; the journal keeps both.

    Raises NotAllowed, or IllegalMove when the answer does not fit the document.
    """
    with transaction.atomic():
        rows = PolicyDocument.objects.select_for_update(of=("self",)).select_related("jurisdiction")
        document = rows.get(pk=document.pk)
        decision = can(actor, "edit", document)
        if not decision:
            raise NotAllowed(decision.reason, document)
        if seen(document) != answering:
            raise IllegalMove(_("Somebody has answered in the meantime; please look again."), document)
        if not basis.strip():
            raise IllegalMove(_("Please name the paper or decision it rests on."), document)
        before = {name: getattr(document, name) for name in FIELDS}
        _apply(document, answer, until=until, successor=successor, repealed_on=repealed_on)
        document.expiry_basis = basis.strip()
        document.expiry_answered_on = timezone.localdate()
        document.save(update_fields=[*FIELDS[:-1], "successor", "expiry_answered_on"])
        record(
            subject=document,
            action="answer_expiry",
            actor=actor.on_behalf(decision.grant),
            reason=document.expiry_basis,
            before=before,
            after={name: getattr(document, name) for name in FIELDS},
        )
    return document


def _apply(
    document: PolicyDocument,
    answer: str,
    *,
    until: date | None,
    successor: PolicyDocument | None,
    repealed_on: date | None,
) -> None:
    """The fields of the answer; what an earlier answer had set for another reason goes."""
    if document.expiry_answer == ExpiryAnswer.REVISED:
        document.successor = None
    document.expiry_answer, document.repealed_on = ExpiryAnswer(answer), None
    if answer == ExpiryAnswer.RENEWED:
        _check_renewal(document, until)
        document.valid_until, document.valid_until_computed = until, False
    elif answer == ExpiryAnswer.REVISED:
        if successor is None or _leads_back(successor, document):
            raise IllegalMove(_("Please choose the document that takes its place."), document)
        document.successor = successor
    elif answer == ExpiryAnswer.REPEALED:
        if repealed_on is None or repealed_on < document.dated:
            raise IllegalMove(_("Please give the day of repeal, not before the document itself."), document)
        document.repealed_on = repealed_on
    elif document.valid_until is None:
        raise IllegalMove(_("A document without a day of expiry cannot lapse."), document)


def _check_renewal(document: PolicyDocument, until: date | None) -> None:
    if until is None or until <= timezone.localdate() or (document.valid_until and until <= document.valid_until):
        raise IllegalMove(_("Please give a day later than today and than the present end."), document)


def _leads_back(successor: PolicyDocument, document: PolicyDocument) -> bool:
    here: PolicyDocument | None = successor
    while here is not None:
        if here.pk == document.pk:
            return True
        here = here.successor
    return False
