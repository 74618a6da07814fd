"""Trade-offs: see hybridplan.ui.views.tradeoffs."""

from hybridplan.ui.shell import page_guard

page_guard()

from hybridplan.ui.views.tradeoffs import show  # noqa: E402

show()
