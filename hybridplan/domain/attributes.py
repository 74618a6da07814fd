"""Standard names of what sites, pools and links offer, with what people read for them. Other names may be used too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

PLACE_ATTRIBUTES: Final = {
    "encryption_at_rest": "encryption at rest",
    "encryption_in_use": "encryption in use",
    "dedicated_tenancy": "dedicated tenancy",
    "audit_iso27001": "an audit to ISO 27001",
    "audit_soc2": "an audit to SOC 2",
    "audit_c5": "an audit to C5",
    "audit_pci_dss": "an audit to PCI DSS",
}
"""Of sites and pools."""
LINK_ATTRIBUTES: Final = {"encryption_in_transit": "encryption in transit"}
_SPELLED: Final = {"infiniband": "InfiniBand", "nvlink": "NVLink"}
"""Names of one's own that have a spelling of their own."""
_LABELS: Final = PLACE_ATTRIBUTES | LINK_ATTRIBUTES | _SPELLED


def attribute_label(name: str) -> str:
    """What people read for an attribute: ``an audit to SOC 2``; a name of one's own without its underscores."""
    return _LABELS.get(name, name.replace("_", " "))


def attribute_labels(names: Iterable[str]) -> list[str]:
    """The same for several, in their order."""
    return [attribute_label(name) for name in names]
