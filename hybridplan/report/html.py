"""The report as one HTML file: charts inside, nothing fetched, readable on a phone, in the dark, and on paper."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from hybridplan.analysis import latency
from hybridplan.charts import Figure, inline, theme
from hybridplan.plan import Plan
from hybridplan.report import figures
from hybridplan.report.content_parts import Chart, Report

APPROXIMATE_MB: Final = 5
"""Most of it is Plotly's script."""


def html(plan: Plan, report: Report) -> str:
    """The file's text. The same plan and report give the same text.

    Every text of the report is escaped by the template; scripts are ours or Plotly's alone, and the page's own policy
    lets only these run and nothing be fetched.
    """
    charts = {}
    for section in (*report.decision, *report.evidence):
        for place, chart in enumerate(section.charts):
            name = f"{section.key}-{place}"
            charts[name] = Markup(_chart(plan, chart))
    script = Markup(_source("report.js")) if charts else Markup("")
    library = Markup(inline.library()) if charts else Markup("")
    return (
        _environment()
        .get_template("report.html.jinja")
        .render(
            report=report,
            charts=charts,
            style=Markup(_source("report.css")),
            library=library,
            script=script,
            policy=_policy([str(library), str(script)] if charts else []),
        )
    )


def _policy(scripts: list[str]) -> str:
    """Nothing may be fetched or sent; only these scripts run."""
    hashes = " ".join(f"'{inline.digest(script)}'" for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _chart(plan: Plan, chart: Chart) -> str:
    return inline.data({name: _figure(plan, chart, look) for name, look in theme.THEMES.items()})


def _figure(plan: Plan, chart: Chart, look: theme.Theme) -> Figure:
    assert plan.tables is not None
    if chart.key == "cost":
        return figures.cost_by_term(plan, "plan", look)
    if chart.key == "allocation":
        return figures.over_time(plan, plan.tables, chart.block, look)
    if chart.key == "utilisation":
        return figures.heatmap(plan, plan.tables, chart.block, look)
    achieved = latency.achieved(plan)
    return figures.floors(plan, look) if achieved.empty else figures.fast_enough(plan, achieved, look)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("hybridplan.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _source(name: str) -> str:
    loader: Any = _environment().loader
    text: str = loader.get_source(_environment(), name)[0]
    return text.replace("\r\n", "\n")
