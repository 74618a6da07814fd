"""Files as vendors export them: every line ends as a row or as a rejected line with its reason.

The files are not part of the repository; without them these tests skip. Figures are counted here from the files by
other means (csv and arithmetic), not taken from a run of the importer.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from hybridplan.io.importing import ImportOptions, ImportResult, Kind, import_file

PRICES = (
    "anycloud-catalog/azure_gpu_vms_2026-05-20.csv",
    "anycloud-catalog/gcp_gpu_and_hosts_2026-05-20.csv",
    "anycloud-catalog/gcp_all_vms_2026-05-20.csv.gz",
    "anycloud-catalog/lambda_vms_2026-05-20.csv",
    "aws-gpu/aws_gpu_prices_2026-01-21.csv",
    "aws-gpu/aws_p4_p5_p6_2026-01-21.json",
    "anyblob/aws_instances_export.csv",
    "karpenter/azure_gpu_on_demand_2026-06-18.csv",
    "karpenter/aws_us-east-1_on_demand_2026-07-20.csv",
    "fsdl-cloud-gpus/cloud-gpus.csv",
    "spot-advisor/spot_advisor_gpu.csv",
    "spot-advisor/spot_advisor_gpu.json",
    "opencost/pricing_schema.csv",
    "focus/focus_1.0_sample_to_2024-09-20.csv.gz",
)
NO_PRICES = (
    "opencost/pricing_schema_region.csv",
    "opencost/default_prices_aws.json",
    "opencost/default_prices_gcp.json",
    "opencost/default_prices_azure.json",
    "finops-toolkit/PricingUnits.csv",
    "finops-toolkit/Regions.csv",
    "gcp-machine-types/acceleratortyperegion.csv",
    "spot-traces/availability__1-node__aws-02-15-2023__us-west-2a_v100_1.json",
    "spot-traces/availability__1-node__aws-02-15-2023__us-east-1a_v100_1.json",
    "spot-traces/availability__1-node__aws-10-26-2022__us-west-2b_v100_8.json",
    "spot-traces/availability__16-node__aws-08-27-2023__us-west-2a_v100_1.json",
    "spot-traces/preemption__1-node__gcp-04-30-2023__us-central1-a_c3-88.json",
    "focus-spec/commitment_discount_purchase_scenario_3.csv",
    "focus-spec/commitment_discount_usage_scenario_3.csv",
    "focus-spec/one_hundred_percent_utilization_with_commitment_discount_flexibility_with_2_resources.csv",
    "focus-spec/simple_saas_agreements_b.csv",
    "vendor-exports/aws_cur_anonymised_2023-11.csv.gz",
    "vendor-exports/azure_billing_export_template.csv",
    "vendor-exports/azure_headers_PayAsYouGo.csv",
    "vendor-exports/azure_headers_EnterpriseCamel.csv",
)
"""Nothing in them is the hourly price of a known accelerator: every line is refused with its reason."""
TRACES = (
    "azure-llm-2023/code_requests.csv.gz",
    "azure-llm-2023/code_per_minute.csv",
    "azure-llm-2023/conv_requests_first_half.csv.gz",
    "azure-llm-2023/conv_per_minute_first_half.csv",
    "servegen/m-large_10min_week1.csv",
    "servegen/m-mid_10min_week1.csv",
    "servegen/deepseek-r1_10min_day1.csv",
    *(f"servegen/raw/m-large_client-{n}_rate.csv.gz" for n in (0, 1, 2, 10, 147)),
    "mooncake/conversation_trace_first_6000.jsonl.gz",
    "mooncake/conversation_per_minute.csv",
    "alibaba-genai-2026/qps.csv.gz",
    "alibaba-genai-2026/lora_request_trace.csv.gz",
    "alibaba-gpu-2025/disaggregated_DLRM_trace.csv.gz",
    "alibaba-gpu-2023/openb_pod_list_default.csv.gz",
    "alibaba-gpu-2023/openb_pod_list_gpuspec33_first_1000.csv",
    "helios-artifact/philly_node_sequence_2017-10_11_10min.csv.gz",
    "helios-artifact/earth_vc6YE_gpu_sequence_2020-05_10min.csv.gz",
)
NO_TRACES = ("helios-artifact/helios_cluster_summary.csv", "acme/cluster_summary.csv")
LINKS = (
    "skyplane/latency_2022-04.csv",
    "skyplane/egress_cost_2022-05.csv",
    "skyplane/aws_transfer_costs.csv",
    "skyplane/throughput_2022-01.csv.gz",
    "ibm-cloud/inter_region_latency_2026-08-16.csv",
    "ibm-cloud/inter_zone_latency_2026-08-16.csv",
)
RATES = (
    "gcp-region-carbon/region_carbon_2023.csv",
    "gcp-region-carbon/region_carbon_2024.csv",
    "gsf-real-time-cloud/cloud_region_metadata_2023_2024.csv",
    "ccf/grid-emissions-factors-aws.csv",
    "ccf/grid-emissions-factors-gcp.csv",
    "codecarbon/cloud_impact.csv",
    "opendc/carbon_DE_2022_hourly.csv.gz",
    "carbonscaler/us-cal-ciso_2020-01.csv",
)
WITH_ROWS: list[tuple[Kind, str]] = [
    *(("prices", name) for name in PRICES),
    *(("trace", name) for name in TRACES),
    *(("links", name) for name in LINKS),
    *(("sites", name) for name in RATES),
    ("pools", "alibaba-gpu-2023/openb_node_list_gpu_node.csv"),
]
WITHOUT_ROWS: list[tuple[Kind, str]] = [
    *(("prices", name) for name in NO_PRICES),
    *(("trace", name) for name in NO_TRACES),
]


def read(folder: Path, name: str, kind: Kind, **options: Any) -> ImportResult:
    path = folder / name
    return import_file(path.read_bytes(), path.name, kind, ImportOptions(**options))


def lines(folder: Path, name: str) -> list[list[str]]:
    """Header and lines of a CSV file, by the csv module alone."""
    data = (folder / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8-sig")
    return [row for row in csv.reader(io.StringIO(text)) if row]


def data_lines(folder: Path, name: str) -> int:
    """Data lines as a person would count them: CSV lines below the header, records of JSON."""
    if name.endswith(".jsonl.gz"):
        return gzip.decompress((folder / name).read_bytes()).count(b"\n")
    if name.endswith(".json"):
        value = json.loads((folder / name).read_bytes())
        if isinstance(value, list):
            return len(value)
        if "spot_advisor" in value:
            return sum(len(types) for systems in value["spot_advisor"].values() for types in systems.values())
        if "data" in value:
            return len(value["data"])
        return len(value.keys() - {"provider", "description"})
    return len(lines(folder, name)) - (0 if "/raw/" in name else 1)


@pytest.mark.parametrize(("kind", "name"), WITH_ROWS, ids=lambda value: str(value))
def test_every_line_is_accepted_or_rejected_with_a_reason(real_data: Path, kind: Kind, name: str) -> None:
    result = read(real_data, name, kind)
    assert result.rows
    assert result.lines_read == data_lines(real_data, name)
    assert result.lines_accepted + result.lines_rejected == result.lines_read
    assert all(reject.reason for reject in result.rejected)


@pytest.mark.parametrize(("kind", "name"), WITHOUT_ROWS, ids=lambda value: str(value))
def test_files_without_anything_usable_are_refused_line_by_line(real_data: Path, kind: Kind, name: str) -> None:
    result = read(real_data, name, kind)
    assert result.rows == []
    assert result.lines_rejected == result.lines_read == data_lines(real_data, name)
    assert all(reject.reason for reject in result.rejected)


@pytest.mark.parametrize("name", PRICES)
def test_no_accepted_price_is_zero_a_placeholder_or_far_above_its_median(real_data: Path, name: str) -> None:
    rows = read(real_data, name, "prices").rows
    groups: dict[tuple[str, str], list[float]] = {}
    for row in rows:
        groups.setdefault((row["sku"], row["purchase_option"]), []).append(row["price_usd_per_accelerator_hour"])
        assert set(row) >= {"provider", "region", "sku", "purchase_option", "instance_type", "source", "as_of"}
        assert row["provider"] != "unknown"
        assert row["price_usd_per_accelerator_hour"] != 700
    for prices in groups.values():
        assert min(prices) > 0
        assert max(prices) <= 10 * median(prices)


def test_all_over_wide_azure_lines_keep_their_price_and_region(real_data: Path) -> None:
    """433 lines end in ``V1,V2`` without quotes; fields 6 (Price), 7 (SpotPrice) and 8 (Region) are in their place."""
    name = "anycloud-catalog/azure_gpu_vms_2026-05-20.csv"
    wide = [row for row in lines(real_data, name) if len(row) == 11]
    assert len(wide) == 433
    result = read(real_data, name, "prices")
    assert result.lines_rejected == 0
    found = {
        (row["instance_type"], row["region"], row["purchase_option"]): row["price_usd_per_accelerator_hour"]
        for row in result.rows
    }
    for row in wide:
        count = float(row[2])
        assert found[row[0], row[8], "on_demand"] == pytest.approx(float(row[6]) / count)
        if row[7]:
            assert found[row[0], row[8], "interruptible"] == pytest.approx(float(row[7]) / count)


def test_a_google_instance_costs_its_host_and_its_accelerators(real_data: Path) -> None:
    """asia-east1-c: a3-highgpu-8g at 10.95381 and 8 H100 at 90.74744 make 101.70125, so 12.71265625 per H100."""
    rows = read(real_data, "anycloud-catalog/gcp_gpu_and_hosts_2026-05-20.csv", "prices").rows
    found = [
        row["price_usd_per_accelerator_hour"]
        for row in rows
        if (row["instance_type"], row["zone"], row["purchase_option"]) == ("a3-highgpu-8g", "asia-east1-c", "on_demand")
    ]
    assert found == [pytest.approx((10.95381 + 90.74744) / 8)]


def test_google_hosts_at_0_take_their_accelerators_out(real_data: Path) -> None:
    """a4 hosts are priced 0, so no sum with a B200 is a price."""
    result = read(real_data, "anycloud-catalog/gcp_gpu_and_hosts_2026-05-20.csv", "prices")
    assert not [row for row in result.rows if row["sku"] == "B200"]
    assert [reject for reject in result.rejected if "a4-highgpu-8g" in reject.reason]


def test_every_gpu_of_the_node_list_is_in_a_pool_and_unknown_codes_are_named(real_data: Path) -> None:
    """1,213 nodes with 6,212 GPUs; G2 and G3 are codes that nobody explained."""
    name = "alibaba-gpu-2023/openb_node_list_gpu_node.csv"
    result = read(real_data, name, "pools")
    assert sum(row["capacity_accelerators"] for row in result.rows) == 6212
    assert {"G2", "G3"} <= set(result.unknown_skus)
    aliased = read(real_data, name, "pools", aliases={"G2": "A10", "G3": "A100-80GB", "P100": "P100"})
    assert aliased.unknown_skus == {}
    assert sum(row["capacity_accelerators"] for row in aliased.rows) == 6212


@pytest.mark.parametrize("name", ["code", "conv"])
def test_requests_and_their_sums_by_minute_tell_nearly_the_same_demand(real_data: Path, name: str) -> None:
    """Two files of one trace: they differ by how much of the first and of the last minute is covered."""
    ending = "" if name == "code" else "_first_half"
    requests = read(real_data, f"azure-llm-2023/{name}_requests{ending}.csv.gz", "trace").rows
    minutes = read(real_data, f"azure-llm-2023/{name}_per_minute{ending}.csv", "trace").rows
    assert [row["period_start"] for row in requests] == [row["period_start"] for row in minutes]
    assert [row["value"] for row in requests] == pytest.approx([row["value"] for row in minutes], rel=0.08)


@pytest.mark.parametrize("unit", ["input_tokens", "output_tokens", "tokens", "requests"])
def test_the_unit_of_a_trace_is_a_choice(real_data: Path, unit: str) -> None:
    """The per-minute file of a whole hour: its sums are the hour."""
    name = "mooncake/conversation_per_minute.csv"
    header, *rows = lines(real_data, name)
    columns = ["input_tokens", "output_tokens"] if unit == "tokens" else [unit]
    total = sum(float(row[header.index(column)]) for row in rows for column in columns)
    result = read(real_data, name, "trace", unit=unit)
    covered = (float(rows[-1][0]) + 1) / 60
    assert [row["value"] for row in result.rows] == [pytest.approx(total / covered)]
    assert result.rows[0]["unit"] == f"{unit} per hour"


def test_rates_by_ten_minutes_become_hours(real_data: Path) -> None:
    """First hour of the service: mean of six windows x 3,600 requests."""
    name = "servegen/m-large_10min_week1.csv"
    rates = [float(row[1]) for row in lines(real_data, name)[1:7]]
    rows = read(real_data, name, "trace").rows
    assert len(rows) == 168
    assert rows[0]["value"] == pytest.approx(sum(rates) / 6 * 3600)


def test_a_headerless_rate_file_loses_no_line(real_data: Path) -> None:
    name = "servegen/raw/m-large_client-0_rate.csv.gz"
    rates = [float(row[1]) for row in lines(real_data, name)]
    rows = read(real_data, name, "trace").rows
    assert sum(row["value"] for row in rows) == pytest.approx(sum(rates) / 6 * 3600)


def test_pods_hold_what_they_ask_for_as_long_as_they_run(real_data: Path) -> None:
    """Accelerator-hours by pod (share x time) and by hour are the same, but for the unfinished last hour."""
    name = "alibaba-gpu-2023/openb_pod_list_default.csv.gz"
    header, *rows = lines(real_data, name)
    at = {column: header.index(column) for column in header}
    total = sum(
        float(row[at["num_gpu"]])
        * float(row[at["gpu_milli"]])
        / 1000
        * (float(row[at["deletion_time"]]) - float(row[at["scheduled_time"]]))
        / 3600
        for row in rows
        if row[at["scheduled_time"]]
    )
    found = sum(row["value"] for row in read(real_data, name, "trace").rows)
    assert found == pytest.approx(total, rel=2e-3)


def test_a_short_trace_is_refused_until_it_is_said_how_it_goes_on(real_data: Path) -> None:
    name = "azure-llm-2023/code_requests.csv.gz"
    refused = read(real_data, name, "trace", hours=24)
    assert refused.rows == []
    assert refused.lines_rejected == refused.lines_read
    assert any("22 of 24 periods are missing" in reject.reason for reject in refused.rejected)
    first, second = (row["value"] for row in read(real_data, name, "trace").rows)
    for choice, expected in {
        "repeat": [first, second] * 12,
        "scale": [first] * 12 + [second] * 12,
        "pad": [first, second] + [0.0] * 22,
    }.items():
        rows = read(real_data, name, "trace", hours=24, short_trace=choice).rows
        assert [row["value"] for row in rows] == pytest.approx(expected)


def test_the_matrix_of_cities_gives_a_link_per_filled_cell(real_data: Path) -> None:
    name = "ibm-cloud/inter_region_latency_2026-08-16.csv"
    header, *rows = lines(real_data, name)
    filled = {
        (row[0], city): float(cell) for row in rows for city, cell in zip(header[1:], row[1:], strict=True) if cell
    }
    result = read(real_data, name, "links")
    found = {(row["from_site"], row["to_site"]): row["round_trip_ms"] for row in result.rows}
    assert found == {(a.replace(" ", "-"), b.replace(" ", "-")): ms for (a, b), ms in filled.items()}


def test_each_pair_of_regions_gets_one_link_and_the_premium_tier_goes_first(real_data: Path) -> None:
    name = "skyplane/latency_2022-04.csv"
    header, *rows = lines(real_data, name)
    at = {column: header.index(column) for column in header}
    premium = {
        (row[at["src_region"]], row[at["dst_region"]]): float(row[at["avg_rtt"]])
        for row in rows
        if row[at["src_tier"]] == row[at["dst_tier"]] == "PREMIUM"
    }
    found = {(row["from_site"], row["to_site"]): row["round_trip_ms"] for row in read(real_data, name, "links").rows}
    pairs = {(row[at["src_region"]], row[at["dst_region"]]) for row in rows}
    assert set(found) == {pair for pair in pairs if pair[0] != pair[1]}
    for pair, milliseconds in premium.items():
        if pair in found:
            assert found[pair] == pytest.approx(milliseconds)


def test_tonnes_become_grams(real_data: Path) -> None:
    """us-east-1: 0.000415755 t per kWh = 415.755 g."""
    rows = read(real_data, "ccf/grid-emissions-factors-aws.csv", "sites").rows
    assert next(row for row in rows if row["region"] == "us-east-1")["grid_carbon_g_per_kwh"] == pytest.approx(415.755)


def test_an_hourly_carbon_signal_becomes_its_mean(real_data: Path) -> None:
    name = "opendc/carbon_DE_2022_hourly.csv.gz"
    values = [float(row[1]) for row in lines(real_data, name)[1:]]
    rows = read(real_data, name, "sites", region="DE").rows
    assert [row["grid_carbon_g_per_kwh"] for row in rows] == [pytest.approx(sum(values) / len(values))]


def test_every_file_that_is_there_is_read_without_an_exception(real_data: Path) -> None:
    for path in sorted(real_data.rglob("*")):
        if path.is_file():
            result = import_file(path.read_bytes(), path.name, "workloads")
            assert not result.rows
            assert result.rejected, path.name
