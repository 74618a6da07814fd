"""The editable tables of datasets and their copies, and of what work reads and leaves behind."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from hybridplan.ui.editors.attributes import required_of_links, required_of_places
from hybridplan.ui.editors.columns import Column, Table, view_of
from hybridplan.ui.editors.demand_tables import WORKLOADS
from hybridplan.ui.editors.inventory_tables import ID_HINT, LINKS

DATASETS: Final = Table(
    "datasets",
    "Datasets",
    "dataset",
    ("datasets", "*"),
    (
        Column("id", "Id", "key", ID_HINT),
        Column("name", "Name"),
        Column("home_site", "Home", "choice", "The site that always holds it.", section="sites"),
        Column("size_gb", "Size (GB)", "number", "1 TB is 1000 GB."),
        Column(
            "change_gb_per_hour",
            "Changes (GB per hour)",
            "number",
            "Sent to every copy in that hour.",
            default=0,
        ),
        Column(
            "first_copy_gbps",
            "First copy (Gbit/s)",
            "number",
            "Bandwidth kept while a copy is made; 900 GB at 1 Gbit/s take 2 hours. Empty: a first copy takes its whole "
            "direct link from home, and nothing else fits there meanwhile.",
        ),
        Column("min_copies", "Copies at least (home included)", "number", default=1),
        Column(
            "copies_apart",
            "Copies count if apart by",
            "choice",
            "What two of these copies must not share. By zone: home and every site with a copy needs a zone.",
            ("site", "zone", "provider"),
            default="site",
            basic=False,
        ),
        Column("relay_sites", "May pass through (sites)", "list", "On its way to a copy.", basic=False),
        Column("allowed_jurisdictions", "Residency (jurisdictions)", "list", "Where copies may stand: DE, NL."),
        Column(
            "required_attributes",
            "Required attributes",
            "list",
            "Of every site with a copy: pick, or type others.",
            offered=required_of_places,
            basic=False,
        ),
        Column(
            "required_link_attributes",
            "Required of links",
            "list",
            "What every link on the way to a copy must offer.",
            offered=required_of_links,
            basic=False,
        ),
        Column("notes", "Notes", basic=False),
    ),
    elsewhere=("copies",),
)

COPIES: Final = Table(
    "copies",
    "Copies",
    "copy",
    ("datasets", "*", "copies", "*"),
    (
        Column("dataset", "Dataset", "key", section="datasets"),
        Column(
            "site", "Site", "key", "Other than its home. It needs a storage price (table of sites).", section="sites"
        ),
        Column(
            "state",
            "Copy",
            "choice",
            "Made if it pays: the plan decides. What is there or will be made costs storage in any case. In files: "
            "present, planned, choosable.",
            ("present", "planned", "choosable"),
            (("present", "is there"), ("planned", "will be made"), ("choosable", "made if it pays")),
            default="choosable",
        ),
    ),
)

_LINES: Final = view_of(
    LINKS,
    "private_lines",
    "Private lines",
    ("id", "from_site", "to_site"),
    (
        Column(
            "max_private_gbps",
            "At most (Gbit/s)",
            "number",
            "Bandwidth that may be bought beside the link; the plan chooses one number for all blocks. 0: none.",
            default=0,
        ),
        Column("private_usd_per_gbps_hour", "Price (USD per Gbit/s and hour)", "number", default=0),
        Column(
            "private_usd_per_hour",
            "Fixed price (USD per hour)",
            "number",
            "Paid in every hour once any of it is bought.",
            default=0,
        ),
        Column("private_usd_per_gb", "Transfer price on it (USD per GB)", "number", "Empty: that of the link."),
    ),
)

LINES: Final = replace(_LINES, columns=tuple(replace(c, basic=c.kind != "key") for c in _LINES.columns))
"""Known by both ends, as links are: the id names itself."""

WORK_DATA: Final = view_of(
    WORKLOADS,
    "work_data",
    "Data of workloads",
    ("id",),
    (
        Column("datasets", "Needs datasets", "list", "Ids. It runs only where a copy of each of them is."),
        Column("result_gb_per_unit", "Results (GB per work unit)", "number", "Kept where the work runs.", default=0),
        Column("result_kept_hours", "Results kept (hours)", "number", "A month is 730 hours.", default=0),
        Column(
            "backup_sites",
            "Backup at sites",
            "list",
            "Results are also sent to the first of these that is apart from where the work runs, within residency. "
            "Each must offer by itself all attributes that the work requires. Empty: no backup.",
        ),
        Column(
            "backup_apart",
            "Backup apart by",
            "choice",
            "What results and their backup must not share. By zone: the work runs only at sites with a zone, and every "
            "backup site needs one.",
            ("site", "zone", "provider"),
            default="site",
        ),
    ),
)
