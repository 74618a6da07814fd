"""Templates of sentences on data, copies and results; see :mod:`hybridplan.analysis.wording`."""

from __future__ import annotations

from typing import Final

DATASETS: Final[dict[str, str]] = {
    "copy.home": "at home",
    "copy.present": "there already",
    "copy.planned": "planned",
    "copy.chosen": "chosen by the plan",
    "copy.left": "possible, not made",
    "data.copies": "{name} ({size} GB) lives in {home}; copies: {parts}.",
    "data.copy": "{site} ({state})",
    "data.no_copies": "{name} ({size} GB) lives in {home}, and nowhere else.",
    "data.cost": "Keeping it costs {storage} over {span}, and moving it {transfer}.",
    "data.left": "A copy of {name} might be made at {sites}; the plan gains nothing by it.",
    "data.first": "The first copy of {name} at {site} is there after {hours}; work there that needs it waits until "
    "then.",
    "data.unused": "No work uses the copy of {name} at {site}.",
    "data.sync": "{rate} GB per hour keep the copy of {name} at {site} up to date, over {path}.",
    "data.way": "{link} ({share} of its bandwidth)",
    "data.way_free": "{link}",
    "data.split": "{link} ({part} of the data)",
    "data.residency": "Residency of {name}: only {allowed}; every copy stands there.",
    "data.residency_broken": "Residency of {name}: only {allowed}, but there is a copy in {places}.",
    "data.anywhere": "No residency is set for {name}: its copies are in {places}.",
    "data.apart": "{name} must be at {least} {domains} or more; it is at {count}: {places}.",
    "data.none": "No dataset and no results that are kept.",
    "result.kept": "Results of {name} at {site}: {gb} GB lie there in the mean{backup}. Storage costs {usd} over "
    "{span}.",
    "result.backup": ", with a backup at {site}",
    "result.backup_zone": ", with a backup at {site}, in another zone",
    "result.backup_provider": ", with a backup at {site}, of another provider",
    "result.no_backup": ", without a backup",
    "limit.copies": "Needing one copy fewer of {name} would save {usd} over {span}.",
    "limit.copy_needed": "Letting one more accelerator work without its copy ({record}) would save {usd} over {span}.",
    "limit.sync": "Sending one copy fewer of {name} would save {usd} over {span}.",
    "limit_name.copies": "Least number of copies",
    "limit_name.copy_needed": "A copy where the work runs",
    "limit_name.sync": "Data on its way to a copy",
}
