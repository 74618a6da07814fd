"""What is kept: up to a size, the one used longest ago goes first."""

from __future__ import annotations

from hybridplan.jobs.state import KeptOutcomes, Outcome


def outcome(size: int) -> Outcome:
    return Outcome(error=str(size), size_bytes=size)


def test_the_least_recently_used_goes_first() -> None:
    """Three of 400 + 1,024 bytes do not fit 3,000; b was used longest ago."""
    kept = KeptOutcomes(limit_bytes=3000)
    kept.put("a", outcome(400))
    kept.put("b", outcome(400))
    assert kept.get("a") is not None
    kept.put("c", outcome(400))
    assert [key for key in "abc" if kept.get(key) is not None] == ["a", "c"]


def test_the_newest_stays_even_alone_over_the_limit() -> None:
    kept = KeptOutcomes(limit_bytes=10)
    kept.put("a", outcome(5))
    kept.put("b", outcome(500))
    assert kept.get("a") is None
    assert kept.get("b") is not None


def test_replacing_and_dropping_give_their_bytes_back() -> None:
    """Were the old 2,000 bytes still counted, a second entry would not fit 4,100."""
    kept = KeptOutcomes(limit_bytes=4100)
    kept.put("a", outcome(2000))
    kept.put("a", outcome(10))
    kept.put("b", outcome(2000))
    assert kept.get("a") is not None
    kept.drop("b")
    kept.drop("b")
    kept.put("c", outcome(2000))
    assert kept.get("a") is not None
