"""Our own CSV forms: sites, pools, workloads and their parts, links, commitments, demand, maintenance."""

from hybridplan.io.forms.apply import apply
from hybridplan.io.forms.spec import FORMS, Form, form_named, recognise
from hybridplan.io.forms.write import template, to_csv, to_rows, to_values

__all__ = ["FORMS", "Form", "apply", "form_named", "recognise", "template", "to_csv", "to_rows", "to_values"]
