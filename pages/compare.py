"""Compare: see hybridplan.ui.views.compare."""

from hybridplan.ui.shell import page_guard

page_guard()

from hybridplan.ui.views.compare import show  # noqa: E402

show()
