"""Time from a moved slider to the new chart of the demo, in a real Chromium on a warm server."""

from __future__ import annotations

from statistics import median
from typing import Final

from playwright.sync_api import Page

from benchmarks.browser import BADGE, START_SECONDS, visitors

STEPS: Final = 10
"""Of each of two sliders: no state is seen twice, so each is solved."""
_IDLE: Final = '[data-testid="stApp"][data-test-script-state="notRunning"]'
_WATCH: Final = """
(inputs) => {
  const seen = () => JSON.stringify(document.querySelector('.js-plotly-plot').data[1].x);
  const before = seen();
  const said = () => document.querySelector('[data-testid="stMain"]').innerText.includes(inputs);
  window.moved = new Promise((resolve) => {
    window.addEventListener('keydown', () => {
      const began = performance.now();
      const look = () => {
        const taken = performance.now() - began;
        if (taken > 30000 || (said() && seen() !== before)) resolve(taken); else requestAnimationFrame(look);
      };
      look();
    }, {once: true, capture: true});
  });
}
"""
"""Milliseconds from the key that moves the slider to the frame in which the chart has other figures, and the page says
that it shows these inputs."""


def measure() -> dict[str, float]:
    """``slider_median_s``: median over moves of demand and of rented prices; nothing where there is no Chromium."""
    with visitors("slider_median_s") as found:
        if found is None:
            return {}
        address, browser = found
        page = browser.new_page()
        page.set_default_timeout(START_SECONDS * 1000)
        page.goto(f"{address}/tradeoffs")
        page.get_by_text(BADGE).first.wait_for()
        page.get_by_role("tab", name="Sliders").click()
        page.get_by_text("What costs more, and what less?").wait_for()
        seconds = [
            *(_move(page, "Demand", f"What you see: Demand × {1 + 0.05 * step:.2f}") for step in range(1, STEPS + 1)),
            *(_move(page, "Rented prices", f"rented prices × {1 + 0.05 * step:.2f}") for step in range(1, STEPS + 1)),
        ]
    print(f"slider: {len(seconds)} moves, {min(seconds):.2f} to {max(seconds):.2f} s")
    return {"slider_median_s": median(seconds)}


def _move(page: Page, slider: str, inputs: str) -> float:
    """Seconds from one step of a slider to the chart of it; ``inputs``: what the page then says that it shows."""
    page.wait_for_selector(_IDLE)
    page.get_by_role("slider", name=slider).focus()
    page.evaluate(_WATCH, inputs)
    page.keyboard.press("ArrowRight")
    taken: float = page.evaluate("window.moved")
    return taken / 1000.0
