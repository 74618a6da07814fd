"""The factors behind latency percentiles: the table, its evidence, and the program that makes both."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.linalg import expm
from scipy.stats import t as student

from benchmarks import queue_factors as made
from hybridplan.domain.queue_factors import FACTORS, LOADS, factor_at, largest_load

DOCS = Path(made.__file__).parent.parent / "docs"
GRID = [(name, load, value) for name, values in FACTORS.items() for load, value in zip(LOADS, values, strict=True)]


def number(text: str) -> float | None:
    return float(text) if text else None


@pytest.fixture(scope="module")
def rows() -> list[made.Row]:
    """docs/queue_factors.csv."""
    with (DOCS / "queue_factors.csv").open(encoding="utf-8", newline="") as file:
        return [
            made.Row(
                float(row["load"]),
                row["statistic"],
                number(row["exact"]),
                number(row["used"]),
                float(row["simulated"]),
                float(row["half_width_99"]),
                int(row["replications"]),
                int(row["requests"]),
                int(row["seed"]),
                row["work"],
            )
            for row in csv.DictReader(file)
        ]


@pytest.fixture(scope="module")
def exponential(rows: list[made.Row]) -> list[made.Row]:
    return [row for row in rows if row.work == "exponential"]


def test_the_planner_uses_what_the_document_says(exponential: list[made.Row]) -> None:
    used = [(row.statistic, row.load, row.used) for row in exponential if row.statistic in FACTORS]
    assert sorted(used) == sorted(GRID)
    assert {row.used for row in exponential if row.statistic == "mean"} == {1.0}
    assert made.differences(exponential) == []


def test_a_wrong_figure_is_found(exponential: list[made.Row]) -> None:
    other = [made.Row(**{**vars(row), "used": 9.0}) if row.statistic == "p95" else row for row in exponential]
    assert len(made.differences(other)) == len(LOADS)


def test_used_is_exact_rounded_up(exponential: list[made.Row]) -> None:
    for row in exponential:
        assert row.exact is not None
        assert row.used is None or 0 <= row.used - row.exact < 1e-3


def test_exact_is_what_the_chain_gives_today(exponential: list[made.Row]) -> None:
    chain = {load: made.exact_factors(load) for load in LOADS}
    assert_allclose(
        [row.exact for row in exponential], [chain[row.load][row.statistic] for row in exponential], atol=1e-6
    )


@pytest.mark.parametrize("load", LOADS)
def test_the_chain_has_the_known_mean_and_variance(load: float) -> None:
    """Mean 1 / (1 - load); variance (2 + load) / (2 - load) / (1 - load)^2 (Coffman, Muntz, Trotter 1970)."""
    found = made.exact_factors(load)
    assert found["mean"] == pytest.approx(1.0, rel=1e-12)
    assert found["variance"] == pytest.approx((2 + load) / (2 - load), rel=1e-12)


def test_without_load_a_percentile_is_that_of_the_work() -> None:
    """P(work > t) = exp(-t): p95 = -ln .05."""
    assert made.exact_factors(0.0)["p95"] == pytest.approx(-math.log(0.05), rel=1e-12)


def test_the_percentiles_hold_in_the_chain_as_it_is_defined() -> None:
    """At load .5 the matrix exponential of the rates cut at 80 others (.5^80 = 8e-25), leaves 1 - q at a percentile."""
    load, states = 0.5, 80
    n = np.arange(states)
    rates = np.diag(np.full(states - 1, load), 1) + np.diag(n[1:] / (n[1:] + 1), -1) - (load + 1) * np.eye(states)
    start = (1 - load) * load**n
    for name, share in made.PERCENTILES.items():
        time = made.exact_factors(load)[name] / (1 - load)
        assert float((start @ expm(rates * time)).sum()) == pytest.approx(1 - share, rel=1e-9)


def test_the_simulation_agrees_within_its_error_bars(exponential: list[made.Row]) -> None:
    """All 120 figures together: 99 % intervals with a 1 / 120 share of the doubt each. And of the single 99 %
    intervals, whose statistics come from the same requests at each load, all but those of one load hold.
    """
    assert len(exponential) == len(LOADS) * (len(FACTORS) + 2)
    doubt = (1 - made.CONFIDENCE) / 2
    outside = set()
    for row in exponential:
        assert row.exact is not None
        free = row.replications - 1
        wider = student.ppf(1 - doubt / len(exponential), free) / student.ppf(1 - doubt, free)
        away = abs(row.simulated - row.exact)
        assert away <= wider * row.half_width_99, row
        if away > row.half_width_99:
            outside.add(row.load)
    assert len(outside) <= 1


def test_the_error_bars_are_short(exponential: list[made.Row]) -> None:
    """A percentile of exponential work without sharing (-ln(1 - q) times the mean) would be found wrong at .95."""
    last = {row.statistic: row for row in exponential if row.load == LOADS[-1]}
    for name, share in made.PERCENTILES.items():
        assert abs(-math.log(1 - share) - last[name].simulated) > last[name].half_width_99


def test_the_document_shows_the_table_of_the_file(rows: list[made.Row]) -> None:
    page = (DOCS / "queue_factors.md").read_text(encoding="utf-8")
    assert f"{made.BEGIN}\n{made.as_table(rows)}\n{made.END}" in page
    text = " ".join(page.split())
    assert f"{made.REPLICATIONS} independent replications" in text
    assert f"{made.REQUESTS:,} / (1 - load) requests" in text
    assert {row.replications for row in rows} == {made.REPLICATIONS}
    assert {row.requests for row in rows} == {round(made.REQUESTS / (1 - load)) for load in LOADS}


def test_the_file_is_written_as_it_was_read(rows: list[made.Row]) -> None:
    assert made.as_csv(rows) == (DOCS / "queue_factors.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FACTORS)
def test_factors_are_monotone_and_latency_grows_with_load(name: str) -> None:
    values = np.array(FACTORS[name])
    assert np.all(np.diff(values) < 0 if name == "p50" else np.diff(values) > 0)
    assert np.all(np.diff(values / (1 - np.array(LOADS))) > 0)


@pytest.mark.parametrize(("name", "load", "value"), GRID)
def test_a_factor_around_a_grid_point_is_never_below_the_exact_one(name: str, load: float, value: float) -> None:
    for near in (load - 0.025, load - 1e-6, load, load + 1e-6, load + 0.025):
        if 0 <= near <= LOADS[-1]:
            assert factor_at(name, near) >= made.exact_factors(near)[name]
    assert factor_at(name, load) >= value


@pytest.mark.parametrize(
    ("name", "load", "at"),
    [
        ("p95", 0.0, 2.996),
        ("p95", 1e-6, 3.034),
        ("p95", 0.3 - 1e-6, 3.244),
        ("p95", 0.3, 3.244),
        ("p95", 0.3 + 1e-12, 3.244),
        ("p95", 0.3 + 1e-6, 3.290),
        ("p95", 0.95, 3.932),
        ("p50", 0.0, 0.694),
        ("p50", 0.26, 0.634),
        ("p50", 0.29, 0.621 * 0.71 / 0.7),
        ("p50", 0.3, 0.621),
        ("p50", 0.95, 0.415),
        ("mean", 0.7, 1.0),
    ],
)
def test_between_grid_points_two_bounds_hold(name: str, load: float, at: float) -> None:
    """The table at .25, .3, .35: p95 3.200, 3.244, 3.290; p50 .634, .621, .608.

    The larger neighbour, or what makes factor / (1 - load) that of the next load: .621 x .71 / .7 = .6299 < .634.
    """
    assert factor_at(name, load) == pytest.approx(at, rel=1e-12)


@pytest.mark.parametrize("name", ["mean", *FACTORS])
def test_the_largest_load_is_where_the_latency_meets_what_is_left(name: str) -> None:
    """On both sides: at that load the latency fits, a little above it does not (or the limit is reached)."""
    for stretch in np.geomspace(0.5, 200.0, 200):
        for most in (0.3, 0.62, 0.95):
            load = largest_load(name, float(stretch), most)
            if load <= 0:
                assert factor_at(name, 1e-6) >= stretch * (1 - 1e-5)
                continue
            assert load <= most
            assert factor_at(name, load) / (1 - load) <= stretch * (1 + 1e-9)
            above = load * (1 + 1e-6)
            assert above > most or factor_at(name, above) / (1 - above) > stretch * (1 - 1e-5)


@pytest.mark.parametrize("load", [-1e-6, 0.951, 1.0, math.nan])
def test_loads_outside_the_table_are_refused(load: float) -> None:
    with pytest.raises(ValueError, match="loads from 0 to"):
        factor_at("p95", load)


def test_an_unknown_statistic_is_refused() -> None:
    with pytest.raises(KeyError):
        factor_at("p96", 0.5)
    with pytest.raises(KeyError):
        largest_load("p96", 5.0, 0.5)


class Fixed(np.random.Generator):
    """Nobody present at first; arrivals after 1, 1.5 and then 8.5 each."""

    def geometric(self, *_: object) -> int:  # type: ignore[override]
        return 1

    def exponential(self, scale: float, count: int) -> np.ndarray:  # type: ignore[override,type-arg]
        return np.array([1.0, 0.5, *[8.5] * (count - 2)])


def test_two_requests_share_an_accelerator() -> None:
    """Work 1 each, at 1 and 1.5: the first is half done at 1.5, both share until it leaves at 2.5; the second then has
    half of its work left and leaves at 3: both take 1.5.
    """
    work = made.Work(lambda _, count: np.ones(count), lambda _, count: np.ones(count))
    assert_allclose(made.latencies(0.5, 2, work, Fixed(np.random.PCG64(0))), [1.5, 1.5])


@pytest.mark.parametrize("work", made.WORKS)
def test_work_has_mean_1_and_its_rest_the_known_mean(work: str) -> None:
    """What is left has the mean E[work^2] / 2: 1, 1/2, and exp(SIGMA^2) / 2 for lognormal work; 5 standard errors."""
    random = np.random.default_rng(1)
    rest = {"exponential": 1.0, "constant": 0.5, "lognormal": math.exp(made.SIGMA**2) / 2}[work]
    for draw, mean in ((made.WORKS[work].new, 1.0), (made.WORKS[work].left, rest)):
        drawn = draw(random, 100_000)
        assert abs(drawn.mean() - mean) <= 5 * drawn.std() / math.sqrt(drawn.size) + 1e-12


def test_a_small_run_is_repeatable_and_unbiased() -> None:
    """Interval over 10 runs at load .5; widened threefold so that another library version draws as well as this one."""
    first = made.simulated_factors(0.5, "exponential", 10, 1000)
    assert first == made.simulated_factors(0.5, "exponential", 10, 1000)
    assert first != made.simulated_factors(0.5, "exponential", 10, 1000, seed=made.SEED + 1)
    exact = made.exact_factors(0.5)
    for name, (middle, half) in first.items():
        assert abs(middle - exact[name]) <= 3 * half


def test_the_quick_run_passes_and_writes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in DOCS.glob("queue_factors.*")}
    assert made.main(["--quick"]) == 0
    assert "the planner's table is what was computed" in capsys.readouterr().out
    assert before == {path: path.read_bytes() for path in DOCS.glob("queue_factors.*")}


def test_the_full_run_writes_both_files(rows: list[made.Row], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the sizes of a quick run, in another folder."""
    (tmp_path / "queue_factors.md").write_text(f"above\n{made.BEGIN}\nold\n{made.END}\nbelow\n", encoding="utf-8")
    monkeypatch.setattr(made, "DOCS", tmp_path)
    monkeypatch.setattr(made, "REPLICATIONS", 3)
    monkeypatch.setattr(made, "REQUESTS", 50)
    assert made.main([]) == 0
    page = (tmp_path / "queue_factors.md").read_text(encoding="utf-8")
    assert page.startswith(f"above\n{made.BEGIN}\n| Work |")
    assert page.endswith(f"|\n{made.END}\nbelow\n")
    lines = (tmp_path / "queue_factors.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(rows) + 1
