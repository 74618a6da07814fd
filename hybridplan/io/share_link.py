"""Share links: a whole scenario inside one web address, read by any installation, kept by no server.

The payload of ``?z=`` is base64url of a deflated JSON text behind its checksum (the first 8 bytes of its sha256). The
text is ``{"v": 1, "base": id, "sha256": hash, "patch": merge patch}`` (RFC 7396) on a bundled scenario where that is
shorter, else ``{"v": 1, "full": document}``. Inputs only: a result never travels, it is solved again where it opens.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import json
import zlib
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from hybridplan.domain import Scenario, parse
from hybridplan.errors import InvalidInput, Issue
from hybridplan.io import catalogue, strict_json
from hybridplan.io.merge_patch import apply_patch, make_patch, same

Document = dict[str, Any]

VERSION: Final = 1
MAX_URL_CHARS: Final = 8000
"""Of the whole address: servers and proxies refuse longer ones."""
WARN_URL_CHARS: Final = 2000
"""Mail and chat programs cut longer addresses."""
MAX_DECODED_BYTES: Final = 2**20
_CHECKSUM_BYTES: Final = 8
_LARGEST_EXACT_WHOLE: Final = 2**53

_WORDS: Final = (
    "schema_version name description lesson horizon blocks time_zone label start periods period_hours weight "
    "demand_factor price_factor sites kind private public edge provider region jurisdiction pue "
    "electricity_usd_per_kwh grid_carbon_g_per_kwh attributes rates_source rates_date notes pools site sku unit "
    "accelerator accelerator-hours purchase_option owned reserved on_demand interruptible capacity_accelerators "
    "price_usd_per_accelerator_hour discount_share price_includes_energy owned_cost sunk avoidable busy_kw idle_kw "
    "held_back_share efficiency interruptions_per_hour accelerators_per_node up_share price_source price_date "
    "workloads training inference batch data origin_site flexibility rigid deferrable demand_units_per_hour windows "
    "block end volume_units parallel_limit_accelerators must_serve unserved_usd_per_unit throughput "
    "units_per_accelerator_hour service_ms accelerators_per_replica is_estimate source as_of latency_objective_ms "
    "ingress_gb_per_unit egress_gb_per_unit interruptible_share_cap checkpoint_hours checkpoint_interval_hours "
    "restart_hours allowed_jurisdictions required_attributes allowed_sites denied_sites route_cost_usd_per_unit "
    "model demand_source demand_date links from_site to_site round_trip_ms usd_per_gb gbps commitments pool "
    "accelerators fee_usd_per_accelerator_hour policy budget usd per year owned_first carbon_usd_per_tonne "
    "provider_discount_share finance interest_rate life_years salvage_share display_currency code units_per_usd"
)
_LATEST_WORDS: Final = (
    "zone required_link_attributes promise_form recovery_minutes latency_after_failure_ms availability_objective_share "
    "provider_share_of min_providers max_providers provider_counts_from_accelerator_hours provider_fixed_usd_per_hour "
    "failures_per_year repair_hours"
)
_BESIDE_LATEST: Final = (
    "promised_share dedicated shared cold rented_usd accelerator_hours contingencies record link spot group "
    "encryption_at_rest encryption_in_use encryption_in_transit dedicated_tenancy audit_iso27001 audit_soc2 audit_c5 "
    "audit_pci_dss"
)
"""Words that come with the latest ones, and say nothing about how new a document is."""
_LATER_WORDS: Final = (
    "rates_usd_per_accelerator_hour max_new_usd_per_hour min_new_usd_per_hour spend_commitments "
    "max_new_accelerators min_new_accelerators term_years upfront_share starts ends expansions max_accelerators "
    "min_accelerators capex_usd_per_accelerator staff_usd_per_accelerator_year space_usd_per_accelerator_year "
    "lead_time_blocks price_tiers tier_form graduated volume tier_basis from_quantity "
    "usd_per_accelerator_hour retires rack_units_per_accelerator rack_units_limit it_power_limit_kw "
    "storage_usd_per_gb_month usd_per_hour max_private_gbps private_usd_per_gbps_hour private_usd_per_hour "
    "private_usd_per_gb datasets home_site size_gb change_gb_per_hour copies state present planned choosable "
    "min_copies copies_apart relay_sites first_copy_gbps result_gb_per_unit result_kept_hours backup_sites "
    "backup_apart"
)
"""Words that came later, and the latest ones. They stand before the others: what a link repeats is found by its
distance from the end, so that older links still read what they read then. Further words go before these."""


def _words(text: str) -> bytes:
    return "".join(f'"{word}":' for word in text.split()).encode()


_FIRST_DICTIONARY: Final = _words(_WORDS) + b'{"v":1,"full":{"schema_version":1,'
_LATER_DICTIONARY: Final = _words(_LATER_WORDS) + _FIRST_DICTIONARY
_DICTIONARY: Final = _words(_BESIDE_LATEST) + _words(_LATEST_WORDS) + _LATER_DICTIONARY
"""Preset dictionary of the deflater: field names cost a few bits. Part of version 1: a word that is changed, removed or
added anywhere but at the beginning breaks its links."""


def pack(scenario: Scenario | Document, base: str | None = None) -> str:
    """The payload of a share link; the shorter of full inputs and changes to the bundled scenario ``base``.

    ``base`` is the id of a bundled scenario; None tries each. ``unpack`` gives the same document back (1 and 1.0
    are the same). Raises :class:`InvalidInput` for values that JSON cannot hold.
    """
    document = _compact(scenario.to_dict() if isinstance(scenario, Scenario) else scenario)
    bodies: list[Document] = [{"v": VERSION, "full": document}]
    for key in _bases() if base is None else [base]:
        found = _base(key)
        if found is None:
            continue
        patch = make_patch(found[0], document)
        if same(apply_patch(found[0], patch), document):
            bodies.append({"v": VERSION, "base": key, "sha256": found[1], "patch": patch})
    return min((_encode(body) for body in bodies), key=len)


def unpack(payload: str) -> tuple[Document | None, list[Issue]]:
    """The document inside a payload, or None with one issue in words. Never raises, whatever the text.

    The document is plain JSON values, not yet checked as a scenario: give it to ``domain.parse``.
    """
    try:
        return _open(_decode(payload)), []
    except _Fault as fault:
        return None, [Issue("link", str(fault), mend=fault.mend)]


class _Fault(ValueError):
    def __init__(self, message: str, mend: str = "Ask for the link again, or for the scenario file.") -> None:
        super().__init__(message)
        self.mend = mend


def _encode(body: Document) -> str:
    try:
        text = json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    except (TypeError, ValueError) as error:
        raise InvalidInput([Issue("scenario", "holds a value that a link cannot carry")]) from error
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, _words_for(text))
    deflated = deflater.compress(text) + deflater.flush()
    return base64.urlsafe_b64encode(_checksum(deflated) + deflated).rstrip(b"=").decode()


def _words_for(text: bytes) -> bytes:
    """The dictionary to write with: what uses no later field also opens where the later words are not known yet."""
    for words, dictionary in ((_LATEST_WORDS, _DICTIONARY), (_LATER_WORDS, _LATER_DICTIONARY)):
        if any(b'"%s":' % word.encode() in text for word in words.split()):
            return dictionary
    return _FIRST_DICTIONARY


def _decode(payload: str) -> Document:
    if len(payload) > MAX_URL_CHARS:
        raise _Fault(f"it is longer than {MAX_URL_CHARS} characters")
    damaged = _Fault("it is damaged or cut off")
    try:
        data = payload.encode("ascii")
        packed = base64.b64decode(data + b"=" * (-len(data) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise damaged from error
    checksum, deflated = packed[:_CHECKSUM_BYTES], packed[_CHECKSUM_BYTES:]
    # Two spellings of the same bytes (bits left over in the last character) would be two links to the same thing.
    if checksum != _checksum(deflated) or base64.urlsafe_b64encode(packed).rstrip(b"=") != data:
        raise damaged
    inflater = zlib.decompressobj(-15, _DICTIONARY)
    try:
        text = inflater.decompress(deflated, MAX_DECODED_BYTES)
    except zlib.error as error:
        raise damaged from error
    if inflater.unconsumed_tail:
        raise _Fault("it unpacks to more than 1 MiB")
    if not inflater.eof or inflater.unused_data:
        raise damaged
    try:
        body = strict_json.loads(text.decode("utf-8"))
    except (UnicodeDecodeError, strict_json.JsonFault) as error:
        raise damaged from error
    if not isinstance(body, dict):
        raise damaged
    return body


def _open(body: Document) -> Document:
    version = body.get("v")
    if isinstance(version, int) and not isinstance(version, bool) and version > VERSION:
        raise _Fault("it was made by a newer version of hybridplan", "Update hybridplan, or ask for the scenario file.")
    if version != VERSION or isinstance(version, bool):
        raise _Fault("it names no version that we know")
    match body:
        case {"full": dict() as document, **rest} if set(rest) == {"v"}:
            return document
        case {"base": str() as key, "sha256": str() as sha256, "patch": dict() as patch, **rest} if set(rest) == {"v"}:
            return _patched(key, sha256, patch)
    raise _Fault("it does not hold a scenario")


def _patched(key: str, sha256: str, patch: Document) -> Document:
    found = _base(key)
    if found is None or found[1] != sha256:
        raise _Fault(f"it builds on the bundled scenario {key[:80]!r} as another version of hybridplan had it")
    return copy.deepcopy(apply_patch(found[0], patch))  # the base is shared by all who open it


def _checksum(deflated: bytes) -> bytes:
    return hashlib.sha256(deflated).digest()[:_CHECKSUM_BYTES]


def _compact(value: Any) -> Any:
    """The same values with whole floats written as integers (1570.0 as 1570), which the reader accepts alike."""
    if isinstance(value, dict):
        return {key: _compact(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_compact(inner) for inner in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_EXACT_WHOLE:
        return int(value)
    return value


def _bases() -> list[str]:
    try:
        return list(catalogue.scenario_paths())
    except InvalidInput:
        return []


def _base(key: str) -> tuple[Document, str] | None:
    """Document and content hash of a bundled scenario; None where there is none of that id, or it is not valid."""
    if key not in _bases():
        return None
    path = catalogue.scenario_paths()[key]
    return _read_base(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _read_base(path: Path, _changed: int) -> tuple[Document, str] | None:
    scenario, _ = parse(strict_json.loads(path.read_text(encoding="utf-8")))
    return None if scenario is None else (_compact(scenario.to_dict()), scenario.content_hash)
