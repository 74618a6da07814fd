"""The second, independent statement of the model: plain functions from scenario and tables to USD and residuals."""

from hybridplan.audit.certificate import certify, decided_usd, gap
from hybridplan.audit.charges import Charge
from hybridplan.audit.registry import COSTS, PENALTIES, RULES
from hybridplan.audit.report import AuditReport, audit, audit_ledger, charges
from hybridplan.audit.residuals import RESIDUAL_COLUMNS, TOLERANCE
from hybridplan.audit.routes import eligibility, units_per_accelerator_hour

__all__ = [
    "COSTS",
    "PENALTIES",
    "RESIDUAL_COLUMNS",
    "RULES",
    "TOLERANCE",
    "AuditReport",
    "Charge",
    "audit",
    "audit_ledger",
    "certify",
    "charges",
    "decided_usd",
    "eligibility",
    "gap",
    "units_per_accelerator_hour",
]
