"""The report as a PDF: A4, one page of decision, then the evidence."""

from __future__ import annotations

from importlib.metadata import version

from hybridplan.plan import Plan
from hybridplan.report.content_parts import Report


def pdf(plan: Plan, report: Report) -> bytes:
    """The file. The same plan and report give the same bytes.

    ``report``: made from ``plan`` by :func:`hybridplan.report.content.content`. Charts are vectors; nothing is fetched,
    and no text of a user is read as markup or becomes a link.
    """
    # reportlab takes a tenth of a second to load: only who asks for a PDF waits for it.
    from hybridplan.report.paper import decision, document, evidence, fonts

    fonts.register()
    step = decision.squeeze(plan, report)
    moved = decision.moved(report, step)
    frontispiece = document.About(
        title=report.title,
        subject=report.headline,
        creator=f"hybridplan {version('hybridplan')}",
        made_at=report.made_at,
        inputs=plan.content_hash,
    )
    pages: dict[str, int] = {}
    total, made = 0, b""
    # The contents and the page numbers name pages that are known only when all of them have been set once.
    for _ in range(2):
        first = decision.flowables(plan, report, step, pages)
        rest = evidence.flowables(plan, report, moved, pages)
        made, total = document.bind(first, rest, frontispiece, total)
    return made
