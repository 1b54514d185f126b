"""Source → Extraction. Pure; one module for each kind of finding, all over one `Reading`."""

from ..cleaning import View
from ..extraction import Extraction, SectionFound
from ..source import Source
from .awards import find_awards
from .clauses import FIRST_LEADS
from .document import find_document, places_of, year_of
from .doubts import find_doubts
from .duties import find_duties
from .frame import find_frame
from .indicators import find_indicators
from .loose_tables import with_loose_tables
from .outline import Node, build
from .papers import find_deliverables
from .phases import find_phases
from .reading import Reading
from .roster import find_group
from .rules import find_rules
from .tables import find_tables, put_together
from .tasks import find_tasks
from .titles import classify, entitle


def recognise(source: Source) -> Extraction:
    """Everything that is found in a document. Never raises on text: what is not understood is not found."""
    view = View(with_loose_tables(source))
    text = view.text
    frame = find_frame(text)
    reading = Reading(
        view,
        places=places_of(frame.title_text, text),
        first_leads=bool(FIRST_LEADS.search(text, *frame.body)),
        year=year_of(frame.title_text),
    )
    tables = find_tables(reading)
    # rows of a table of tasks are no items of the text, whatever numbers stand in them
    prose = reading.without(table.span for table in tables) if tables else reading
    roots = build(prose.text, *frame.main)
    for node in (node for root in roots for node in root.walk()):
        entitle(prose.text, node)
    classify(prose.text, roots)
    tabled = put_together(find_tasks(prose, roots), tables)
    tasks = tabled.tasks
    indicators = find_indicators(reading, roots)
    return Extraction(
        body=reading.span(*frame.body),
        document=find_document(reading, frame),
        sections=(*(_section(reading, node) for node in roots), *tabled.sections),
        tasks=tasks,
        indicators=indicators,
        phases=find_phases(reading, roots),
        leading_group=find_group(reading, frame),
        awards=find_awards(reading, roots),
        deliverables=find_deliverables(reading, roots, tasks),
        rules=find_rules(reading, roots),
        duties=find_duties(reading, roots),
        warnings=find_doubts(reading, frame, tasks, indicators),
        table_heads=tabled.heads,
    )


def _section(reading: Reading, node: Node) -> SectionFound:
    return SectionFound(
        number=reading.quote(reading.span(node.mark.start, node.mark.end)),
        title="".join(reading.quote(reading.span(*node.title)).split()),
        path=node.path,
        span=reading.span(node.start, node.end),
        heading=reading.span(node.start, node.title[1]),
        children=tuple(_section(reading, child) for child in node.children),
    )
