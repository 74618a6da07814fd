"""Method: see hybridplan.ui.views.method."""

from hybridplan.ui.shell import page_guard

page_guard()

from hybridplan.ui.views.method import show  # noqa: E402

show()
