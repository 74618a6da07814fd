"""``hybridplan schema`` and ``hybridplan scenarios``."""

from __future__ import annotations

from hybridplan.cli.output import Format, print_json


def print_schema() -> None:
    """Print the JSON Schema of a scenario file."""
    from hybridplan.io import scenario_json

    print_json(scenario_json.json_schema())


def print_scenarios(output: Format) -> None:
    """Print id, name, description and path of each bundled scenario."""
    from hybridplan.io import catalogue, scenario_json

    rows = []
    for scenario_id, path in catalogue.scenario_paths().items():
        scenario = scenario_json.load(path)
        rows.append({"id": scenario_id, "name": scenario.name, "description": scenario.description, "path": str(path)})
    if output is Format.JSON:
        print_json(rows)
        return
    for row in rows:
        print(f"{row['id']}: {row['name']}\n  {row['description']}\n  {row['path']}\n")
