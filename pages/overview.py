"""Overview: see hybridplan.ui.views.overview."""

from hybridplan.ui.shell import page_guard

page_guard()

from hybridplan.ui.views.overview import show  # noqa: E402

show()
