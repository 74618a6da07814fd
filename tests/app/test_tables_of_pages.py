"""Tables of the pages: money with three significant digits to read, all digits in the file."""

from __future__ import annotations

import pandas as pd
import pytest

from hybridplan.ui.views import parts
from hybridplan.ui.views.parts import Column


def test_a_table_is_rounded_to_read_and_exact_in_its_file(monkeypatch: pytest.MonkeyPatch) -> None:
    shown, taken = list[pd.DataFrame](), dict[str, pd.DataFrame]()
    monkeypatch.setattr(parts.st, "dataframe", lambda frame, **_: shown.append(frame))
    monkeypatch.setattr(parts, "download_table", lambda frame, name: taken.update({name: frame}))
    rows = pd.DataFrame({"name": ["Chat"], "cost": [1234.5678], "units": [98765.4321], "hours": [8736.25], "left": [1]})
    columns = {
        "name": Column("Workload"),
        "cost": Column("Cost (USD)", "money"),
        "units": Column("Work (units)", "amount"),
        "hours": Column("Hours", "localized"),
    }
    parts.table(rows, columns, "costs")
    assert shown[0].iloc[0].tolist() == ["Chat", 1230.0, 98770.0, 8736.25]
    assert taken["costs"].iloc[0].to_dict() == {
        "Workload": "Chat",
        "Cost (USD)": 1234.5678,
        "Work (units)": 98765.4321,
        "Hours": 8736.25,
    }
