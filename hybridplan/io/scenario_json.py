"""Scenario files: JSON with ``schema_version``, read strictly and written exactly."""

from __future__ import annotations

import codecs
import json
from pathlib import Path
from typing import Any, Final

from hybridplan.domain import Scenario, parse
from hybridplan.errors import InvalidInput, Issue
from hybridplan.io import strict_json
from hybridplan.settings import MAX_UPLOAD_MB

_FILE: Final = "file"
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read(text: str | bytes) -> tuple[Scenario | None, list[Issue]]:
    """The scenario in a file's content and every issue, warnings included; None where there is an error.

    Never raises for content: a file that is too large, not UTF-8 (or UTF-16 with its mark), not JSON, nested too deep,
    with a key given twice, NaN, a number of too many digits or half a character gives one issue that says so.
    """
    document, issues = read_document(text)
    if issues:
        return None, issues
    return parse(document)


def read_document(text: str | bytes) -> tuple[Any, list[Issue]]:
    """The plain JSON values of a scenario file, not yet checked as a scenario; issues where it is no such JSON."""
    decoded = _decode(text)
    if isinstance(decoded, Issue):
        return None, [decoded]
    try:
        value = strict_json.loads(decoded)
    except strict_json.JsonFault as fault:
        return None, [_fault(str(fault), "Open a scenario that hybridplan saved, or correct the file.")]
    if not isinstance(value, dict):
        return None, [_fault("it holds no scenario record", "A scenario file begins with { and names its fields.")]
    return value, []


def load(path: str | Path) -> Scenario:
    """The scenario in the file at ``path``. Raises :class:`InvalidInput` with every error."""
    scenario, issues = read(bytes_of(path))
    if scenario is None:
        raise InvalidInput(issue for issue in issues if issue.severity == "error")
    return scenario


def bytes_of(path: str | Path) -> bytes:
    """The content of a file. Raises :class:`InvalidInput` where it cannot be read."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise InvalidInput([Issue(Path(path).name, f"cannot be read ({reason})", mend="Check the path.")]) from error


def dump(scenario: Scenario) -> str:
    """The scenario as file text (UTF-8, indent 2): what :func:`read` reads back has the same content hash."""
    return json.dumps(scenario.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scenario file, with the meaning of each field that its name does not say."""
    schema = Scenario.model_json_schema(mode="validation")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "hybridplan scenario",
        **{key: value for key, value in schema.items() if key not in {"title", "description"}},
        "description": "All inputs of a plan: records by id, units in field names, money in USD, times with offset.",
    }


def _decode(text: str | bytes) -> str | Issue:
    limit = MAX_UPLOAD_MB.read()
    size = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "surrogatepass"))
    if size > limit * 1e6:
        return Issue(_FILE, "is too large", f"{size / 1e6:.1f}", "MB", f"Files up to {limit:g} MB are read.")
    if isinstance(text, bytes):
        encoding = "utf-16" if text[:2] in _UTF16_MARKS else "utf-8-sig"
        try:
            text = text.decode(encoding)
        except UnicodeDecodeError as error:
            return _fault(
                f"it is not {encoding.upper().removesuffix('-SIG')} text (byte {error.start})", "Save it as UTF-8."
            )
    if not text.strip():
        return _fault("it is empty", "Open a scenario that hybridplan saved.")
    return text.removeprefix("\ufeff")


def _fault(what: str, mend: str) -> Issue:
    return Issue(_FILE, f"cannot be read as a scenario: {what}", mend=mend)
