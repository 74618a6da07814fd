"""Links that were made to break what opens them: each gives a scenario or words, in bounded time and memory."""

from __future__ import annotations

import json
import time
import tracemalloc
import unicodedata
from collections import Counter
from collections.abc import Callable

import pytest
from hostile_payloads import MAKERS, RARE, Hostile, hostile_payloads

from hybridplan.domain import parse
from hybridplan.domain.checks.fields import MOST_LISTED
from hybridplan.errors import Issue
from hybridplan.io import scenario_json, share_link

CPU_SECONDS = 10
"""No measure of speed, but a guard against text that takes for ever: the slowest takes some hundredths of this."""
MAX_MB = 64
"""Of memory for one payload, which unpacks to 1 MiB at most."""
SAMPLE = 40
"""Measuring memory makes a payload several times slower; these hold the largest ones."""
MAX_WORDS = 100
CODE = ("Traceback", "Error", "Exception", "pydantic", "object at 0x", "errors.", "<class")
"""What only programs say."""


def is_readable(issue: Issue) -> bool:
    """One short line without code and without characters that cannot be seen."""
    said = str(issue)
    shown = all(unicodedata.category(sign) not in {"Cc", "Cf", "Cs"} for sign in said)
    return bool(issue.message) and shown and len(said.split()) <= MAX_WORDS and not any(w in said for w in CODE)


def opened(payload: str) -> tuple[str, list[Issue]]:
    """What the page does with a payload before it solves; how that ended, and what is said."""
    document, issues = share_link.unpack(payload)
    if document is None:
        assert len(issues) == 1
        return "refused as a link", issues
    scenario, issues = parse(document)
    if scenario is None:
        assert any(issue.severity == "error" for issue in issues)
        return "refused as inputs", issues
    same, _ = parse(scenario.to_dict())
    assert same is not None
    assert same.content_hash == scenario.content_hash
    return "opened", issues


def check(hostile: Hostile) -> tuple[str, float]:
    """How one payload ended, and the seconds of work that it took."""
    began = time.process_time()
    try:
        outcome, issues = opened(hostile.payload)
    except Exception as error:
        raise AssertionError(f"{hostile.kind}, number {hostile.number}: {hostile.payload[:300]!r}") from error
    seconds = time.process_time() - began
    assert seconds < CPU_SECONDS, hostile
    assert len(issues) <= MOST_LISTED + 1, hostile
    unreadable = [issue for issue in issues if not is_readable(issue)]
    assert not unreadable, (hostile.kind, hostile.number, unreadable[:3])
    return outcome, seconds


def peak_mb(payload: str) -> float:
    """Most memory that Python held at once while it opened a payload, above what it held before."""
    tracemalloc.start()
    try:
        opened(payload)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()


def run(count: int, seed: int, say: Callable[[str, object], None]) -> None:
    """Open so many payloads, and say how they ended, the slowest one, and the largest one of a sample."""
    ended: Counter[str] = Counter()
    slowest, largest, sampled = 0.0, 0.0, 0
    for hostile in hostile_payloads(count, seed):
        outcome, seconds = check(hostile)
        ended[outcome] += 1
        slowest = max(slowest, seconds)
        if hostile.number < len(MAKERS) or (hostile.kind in RARE and sampled < SAMPLE):
            sampled += 1
            largest = max(largest, mb := peak_mb(hostile.payload))
            assert mb < MAX_MB, (hostile.kind, hostile.number, mb)
    assert ended.total() == count
    assert min(ended[outcome] for outcome in ("refused as a link", "refused as inputs", "opened")) > 0
    shares = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(ended.items()))
    say("measured", f"{count:,} hostile links: {shares}; slowest {slowest * 1e3:.0f} ms, most memory {largest:.1f} MB")


def test_two_thousand_hostile_links(record_property: Callable[[str, object], None]) -> None:
    run(2_000, 1, record_property)


@pytest.mark.soak
def test_a_hundred_thousand_hostile_links(record_property: Callable[[str, object], None]) -> None:
    run(100_000, 2, record_property)


def test_the_same_seed_makes_the_same_payloads() -> None:
    assert list(hostile_payloads(60, 5)) == list(hostile_payloads(60, 5))
    assert list(hostile_payloads(60, 5)) != list(hostile_payloads(60, 6))


RECORD = {
    "blocks": '{"start":"2026-01-05T00:00:00Z","periods":8784}',
    "sites": '{"kind":"public","provider":"p","region":"r","jurisdiction":"EU"}',
    "pools": '{"site":"a","sku":"x","purchase_option":"reserved","capacity_accelerators":0,'
    '"price_usd_per_accelerator_hour":0,"lead_time_hours":9}',
    "workloads": '{"kind":"batch","origin_site":"a","flexibility":"deferrable","after":"%d","unserved_usd_per_unit":1,'
    '"throughput":{"x":{"units_per_accelerator_hour":1}},"windows":{"w":{"block":"0",'
    '"start":"2026-01-05T00:00:00Z","end":"2026-01-06T00:00:00Z","volume_units":1}}}',
    "commitments": '{"pool":"0","accelerators":1,"fee_usd_per_accelerator_hour":1}',
}


def file_of(counts: dict[str, int]) -> str:
    """A scenario file with so many records of each kind; jobs follow each other in one chain."""
    parts = {
        kind: ",".join(
            f'"{n}":' + (RECORD[kind] % (n + 1) if "%d" in RECORD[kind] else RECORD[kind])
            for n in range(counts.get(kind, 1))
        )
        for kind in RECORD
    }
    blocks = parts.pop("blocks")
    records = ",".join(f'"{kind}":{{{body}}}' for kind, body in parts.items())
    return f'{{"schema_version":1,"name":"x","horizon":{{"blocks":{{{blocks}}}}},{records}}}'


@pytest.mark.parametrize(
    "counts",
    [
        {"blocks": 50_000},
        {"pools": 5_000, "commitments": 5_000},
        {"pools": 20_000},
        {"pools": 5_000, "blocks": 5_000},
        {"workloads": 5_000, "pools": 5_000},
        {"workloads": 20_000},
    ],
    ids=str,
)
def test_a_file_of_very_many_records_is_refused_without_looking_at_each_pair(counts: dict[str, int]) -> None:
    text = file_of(counts)
    began = time.process_time()
    scenario, issues = scenario_json.read(text)
    assert time.process_time() - began < 3 * CPU_SECONDS
    assert scenario is None
    assert 0 < len(issues) <= MOST_LISTED + 1
    assert all(is_readable(issue) for issue in issues)


def test_more_faults_than_can_be_listed_are_one_issue() -> None:
    """A link of 1.6 kB with 180,000 wrong values once gave as many issues, which took seconds and 300 MB."""
    document = json.loads(file_of({"workloads": 1}))
    document["workloads"]["0"]["demand_units_per_hour"] = {"0": [-1] * 180_000}
    payload = share_link.pack(document)
    assert len(payload) < 2_000
    outcome, issues = opened(payload)
    assert outcome == "refused as inputs"
    assert [issue.value for issue in issues] == ["180,000"]
    assert peak_mb(payload) < MAX_MB
