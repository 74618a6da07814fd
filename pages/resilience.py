"""Resilience: see hybridplan.ui.views.resilience."""

from hybridplan.ui.shell import page_guard

page_guard()

from hybridplan.ui.views.resilience import show  # noqa: E402

show()
