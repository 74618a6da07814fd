"""The report as one HTML file: text stays text, nothing is fetched, only our scripts run, and the page is in order."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_cases import MADE_AT, impossible, shipped, short, too_late, two_hours

import hybridplan as hp
from hybridplan.charts import inline
from hybridplan.domain import require
from hybridplan.report.content import content
from hybridplan.report.html import html

HOSTILE = (
    "</script><script>window.pwned=1</script><!--<img src=x onerror=window.pwned=1>"
    "\"><svg onload=alert(1)>' autofocus onfocus=alert(1) x='{{7*7}} {% raw %} ]]> --> </style></title>"
    "&lt;b&gt; <a href='http://evil.example'>x</a>"
)
VOID = {"meta", "link", "img", "br", "hr", "input", "base"}


class Page(HTMLParser):
    """Every element with its attributes, the text of scripts and styles, and headings in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self.headings: list[tuple[int, str]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.comments = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append((found, ""))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "script":
            attrs, text = self.scripts.pop()
            self.scripts.append((attrs, text + data))
        elif self.open and self.open[-1] != "style":
            self.words.append(data)
            if self.headings and any(re.fullmatch("h[1-6]", one) for one in self.open):
                level, text = self.headings.pop()
                self.headings.append((level, text + data))

    def handle_comment(self, data: str) -> None:
        self.comments += 1

    @property
    def text(self) -> str:
        """What is read, without scripts and styles."""
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.elements if name == tag]


def page_of(plan: hp.Plan) -> Page:
    return Page(html(plan, content(plan, made_at=MADE_AT)))


@cache
def page(name: str) -> Page:
    return page_of(shipped(name))


PAGES = ("smart_manufacturing", "serving_congestion", "whole_nodes", "reference_sunk")
CASES: dict[str, Callable[[], Page]] = {name: (lambda name=name: page(name)) for name in PAGES} | {
    "not all served": lambda: page_of(short()),
    "impossible": lambda: page_of(impossible()),
    "no time": lambda: page_of(too_late()),
}


@pytest.fixture(params=list(CASES))
def any_page(request: pytest.FixtureRequest) -> Page:
    return CASES[request.param]()


# hostile text


def with_text(text: str) -> hp.Plan:
    """The two hours, twice as many sites, links, latency and jobs, with ``text`` in every field that people type."""
    asked: dict[str, Any] = two_hours()
    asked |= {"name": text[:200], "description": text, "lesson": text}
    asked["horizon"]["blocks"]["b"]["label"] = text[:200]
    asked["sites"]["cld"] = {"kind": "public", "provider": "c", "jurisdiction": "IE", "region": text[:200]}
    asked["links"] = {
        "out": {"from_site": "fra", "to_site": "cld", "round_trip_ms": 5.0, "gbps": 1.0},
        "back": {"from_site": "cld", "to_site": "fra", "round_trip_ms": 5.0},
    }
    asked["pools"]["rent"] |= {"site": "cld", "ramp_up_accelerators_per_hour": 20.0}
    asked["pools"]["kept"] = asked["pools"]["own"] | {"purchase_option": "reserved", "capacity_accelerators": 0.0}
    asked["pools"]["kept"]["price_usd_per_accelerator_hour"] = 0.0
    asked["commitments"] = {"c": {"pool": "kept", "accelerators": 1.0, "fee_usd_per_accelerator_hour": 1.0}}
    asked["workloads"]["chat"]["throughput"]["H100"]["service_ms"] = 100.0
    asked["workloads"]["chat"] |= {"latency_objective_ms": 2000.0, "latency_statistic": "p95"}
    window = {"block": "b", "start": "2026-06-01T00:00:00+02:00", "end": "2026-06-01T02:00:00+02:00"}
    job = asked["workloads"]["chat"] | {"flexibility": "deferrable", "windows": {"w": window | {"volume_units": 1.0}}}
    for name in ("demand_units_per_hour", "latency_objective_ms", "latency_statistic"):
        del job[name]
    asked["workloads"] |= {"job": job, "nowhere": asked["workloads"]["chat"] | {"denied_sites": ["fra", "cld"]}}
    asked["finance"] = {"source": text[:200]}
    asked["display_currency"]["source"] = text[:200]
    for record in (*asked["sites"].values(), *asked["pools"].values(), *asked["workloads"].values()):
        record |= {"name": text[:200], "notes": text[:200]}
    for record in (*asked["pools"].values(), *asked["commitments"].values()):
        record["price_source"] = text[:200]
    for record in asked["links"].values():
        record |= {"source": text[:200], "notes": text[:200]}
    for site in asked["sites"].values():
        site["rates_source"] = text[:200]
    for work in asked["workloads"].values():
        work |= {"unit": text[:200], "demand_source": text[:200], "model": text[:200]}
        work["throughput"]["H100"]["source"] = text[:200]
    return hp.solve(require(asked))


@cache
def page_with(text: str) -> Page:
    return page_of(with_text(text))


def test_hostile_text_in_every_field_stays_text() -> None:
    """The page has the same elements and attributes, one by one, as with a harmless word in every field."""
    harmless, hostile = page_with("word"), page_with(HOSTILE)
    shape = [[(tag, sorted(attrs)) for tag, attrs in one.elements] for one in (harmless, hostile)]
    assert shape[0] == shape[1]
    assert hostile.comments == 0
    assert HOSTILE[:60] in hostile.text
    assert "{{7*7}}" in hostile.text
    assert not [name for _, attrs in hostile.elements for name in attrs if name.startswith("on")]


def test_hostile_text_reaches_no_script_that_runs() -> None:
    """What runs is the same for every report; figures are data, and read back as what was written."""
    harmless, hostile = page_with("word"), page_with(HOSTILE)
    runs = [[text for attrs, text in one.scripts if not attrs] for one in (harmless, hostile)]
    assert runs[0] == runs[1]
    assert len(runs[0]) == 2
    data = [text for attrs, text in hostile.scripts if attrs]
    assert data
    for text in data:
        assert not set("<>&") & set(text)
        assert set(json.loads(text)) == {"light", "dark"}
    assert any("window.pwned" in text for text in data)


@given(st.text(max_size=60))
def test_figures_as_data_cannot_end_their_element(text: str) -> None:
    figure = go.Figure(go.Bar(x=[1], y=["a"], name=text), layout={"title": {"text": text}, "margin": {"t": 40}})
    data = inline.data({text: figure})
    assert not set("<>&\u2028\u2029") & set(data)
    assert json.loads(data)[text]["data"][0]["name"] == text
    assert "title" not in json.loads(data)[text]["layout"]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)


def merged(base: Any, change: Any) -> Any:
    """As the page's script does it."""
    if "=" in change:
        return change["="]
    copy = base.copy()
    for name, value in change.items():
        place = int(name) if isinstance(base, list) else name
        copy[place] = merged(copy[place], value)
    return copy


@given(values, values)
def test_a_look_is_the_first_one_and_what_differs(base: Any, other: Any) -> None:
    """Also where two values have nothing in common; what is the same is left out."""
    base, other = {"x": base, "y": 1}, {"x": other, "y": 1}
    found = inline.differences(base, other)
    assert "y" not in found
    assert merged(base, found) == other


# nothing is fetched


def test_no_address_leads_out_of_the_file(any_page: Page) -> None:
    for tag, attrs in any_page.elements:
        for name in ("src", "href", "action", "data", "poster", "srcset", "formaction", "background"):
            value = attrs.get(name, "#")
            assert value.startswith("#"), (tag, name, value)
        assert "url(" not in attrs.get("style", "")
    assert not {"link", "iframe", "object", "embed", "img", "base", "form"} & {tag for tag, _ in any_page.elements}


def test_the_policy_lets_only_these_scripts_run(any_page: Page) -> None:
    """Each script that runs is named by its hash; where there is no chart, none may."""
    metas = any_page.all("meta")
    assert metas[0] == {"charset": "utf-8"}
    policy = dict(part.strip().split(" ", 1) for part in metas[1]["content"].split(";"))
    assert metas[1]["http-equiv"] == "Content-Security-Policy"
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == "'none'"
    assert policy["img-src"] == "data: blob:"
    runs = [text for attrs, text in any_page.scripts if attrs.get("type", "") != "application/json"]
    assert policy["script-src"] == (" ".join(f"'{inline.digest(text)}'" for text in runs) or "'none'")
    assert "unsafe-eval" not in metas[1]["content"]


def test_plotly_is_inside_once_and_only_where_there_are_charts() -> None:
    text = html(short(), content(short(), made_at=MADE_AT))
    assert text.count(inline.library()) == 1
    assert len(html(impossible(), content(impossible(), made_at=MADE_AT))) < 100_000


# the page is in order


def test_headings_are_in_order(any_page: Page) -> None:
    levels = [level for level, _ in any_page.headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(text.strip() for _, text in any_page.headings)


def test_the_contents_lead_to_every_part_of_the_evidence(any_page: Page) -> None:
    ids = [attrs["id"] for _, attrs in any_page.elements if "id" in attrs]
    assert not [name for name, count in Counter(ids).items() if count > 1]
    targets = [attrs["href"].removeprefix("#") for attrs in any_page.all("a")]
    assert len(targets) > 5
    assert set(targets) <= set(ids)
    labels = [attrs["aria-labelledby"] for _, attrs in any_page.elements if "aria-labelledby" in attrs]
    assert set(labels) <= set(ids)


def test_charts_and_tables_are_named_for_those_who_do_not_see_them(any_page: Page) -> None:
    assert any_page.all("html") == [{"lang": "en"}]
    plots = [attrs for attrs in any_page.all("div") if attrs.get("class") == "plot"]
    assert all(attrs["aria-label"] and attrs["role"] == "group" for attrs in plots)
    data = {attrs["id"] for attrs, _ in any_page.scripts if attrs}
    assert {attrs["data-chart"] for attrs in plots} == data
    scrolls = [attrs for attrs in any_page.all("div") if attrs.get("class") == "scroll"]
    assert all(attrs["tabindex"] == "0" and attrs["aria-label"] for attrs in scrolls)
    assert len(any_page.all("table")) == len(any_page.all("caption")) == len(scrolls)


@pytest.mark.parametrize("name", PAGES)
def test_everything_that_the_report_says_is_on_the_page(name: str) -> None:
    report, shown = content(shipped(name), made_at=MADE_AT), page(name).text
    flat = [
        report.title,
        report.headline,
        report.proof,
        *report.warnings,
        *(part for fact in report.facts for part in fact),
    ]
    flat += [part for tile in report.tiles for part in (tile.name, tile.value, tile.note)]
    for one in (*report.decision, *report.evidence):
        flat += [one.title, *one.paragraphs, *one.bullets]
        for table in one.tables:
            flat += [
                table.title,
                *(column.label for column in table.columns),
                *(cell for row in table.rows for cell in row),
            ]
    missing = [text for text in flat if " ".join(text.split()) not in shown]
    assert not missing


def test_what_is_not_served_stands_before_every_figure() -> None:
    headings = [text for _, text in page_of(short()).headings]
    assert headings[:3] == ["Two hours", "Read this first", "What is recommended"]


@pytest.mark.parametrize("plan", [short, impossible], ids=["plan", "no plan"])
def test_the_same_plan_gives_the_same_file(plan: Callable[[], hp.Plan]) -> None:
    one = content(plan(), made_at=MADE_AT)
    assert html(plan(), one) == html(plan(), content(plan(), made_at=MADE_AT))
