"""Inventory: see hybridplan.ui.views.inventory."""

from hybridplan.ui.shell import page_guard

page_guard()

from hybridplan.ui.views.inventory import show  # noqa: E402

show()
