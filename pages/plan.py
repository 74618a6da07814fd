"""Plan: see hybridplan.ui.views.plan."""

from hybridplan.ui.shell import page_guard

page_guard()

from hybridplan.ui.views.plan import show  # noqa: E402

show()
