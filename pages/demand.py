"""Demand: see hybridplan.ui.views.demand."""

from hybridplan.ui.shell import page_guard

page_guard()

from hybridplan.ui.views.demand import show  # noqa: E402

show()
