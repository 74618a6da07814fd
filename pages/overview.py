"""Overview: see hybridplan.ui.views."""

from hybridplan.ui.shell import page_guard

page_guard()
