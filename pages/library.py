"""Library: see hybridplan.ui.views.library."""

from hybridplan.ui.shell import page_guard

page_guard()

from hybridplan.ui.views.library import show  # noqa: E402

show()
