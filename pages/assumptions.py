"""Assumptions: see hybridplan.ui.views.assumptions."""

from hybridplan.ui.shell import page_guard

page_guard()

from hybridplan.ui.views.assumptions import show  # noqa: E402

show()
