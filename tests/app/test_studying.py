"""A study on a page: asked for, followed, cancelled, and shown only for the inputs that it belongs to."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from hybridplan.domain import Scenario
from hybridplan.io import catalogue, scenario_json


def page() -> None:
    """A page with one field and two places: one with a button, one that asks at once where the box is ticked."""
    import streamlit as st

    from hybridplan.domain import require
    from hybridplan.io import catalogue, scenario_json
    from hybridplan.ui import studying

    path = catalogue.data_dir() / "scenarios" / "reference_avoidable.json"
    document = scenario_json.load(path).to_dict()
    document["pools"]["public"]["price_usd_per_accelerator_hour"] = st.number_input("Price", value=0.3)
    if st.checkbox("At once"):
        plan = studying.run("what_if", require(document), key="slider", label="Again", at_once=True)
    else:
        show: Any = lambda found: st.write(f"so far {found}")  # noqa: E731
        plan = studying.run("what_if", require(document), {}, key="study", label="Work it out", draw_partial=show)
    st.write("nothing" if plan is None else f"result {plan.objective_usd:.3f}")


@pytest.fixture
def study(pool: Any) -> AppTest:
    return AppTest.from_function(page, default_timeout=60).run()


def scenario_of_another_study() -> Scenario:
    return scenario_json.load(catalogue.data_dir() / "scenarios" / "reference_sunk.json")


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def labels(app: AppTest) -> list[str]:
    return [button.label for button in app.button]


def says(app: AppTest) -> str:
    return "\n".join(element.value for element in [*app.markdown, *app.caption, *app.info, *app.error])


def test_the_button_gives_the_result_and_goes(study: AppTest) -> None:
    """150 accelerators for one hour; rented at 0.30 USD they cost less than owned ones: 150 x 0.30 = 45 USD."""
    assert "nothing" in says(study)
    press(study, "Work it out")
    assert "result 45.000" in says(study)
    assert labels(study) == []


def test_other_inputs_show_no_result_until_they_are_asked_for(study: AppTest, pool: Any) -> None:
    press(study, "Work it out")
    study.number_input[0].set_value(0.2).run()
    assert "nothing" in says(study)
    study.number_input[0].set_value(0.3).run()
    assert "result 45.000" in says(study)
    assert len(pool.submitted) == 1


def test_progress_with_the_result_so_far_and_its_end(study: AppTest, pool: Any) -> None:
    pool.is_slow, pool.partial = True, "half"
    press(study, "Work it out")
    assert labels(study) == ["Cancel"]
    assert "so far half" in says(study)
    assert "Working" in says(study)
    pool.finish()
    study.run()
    assert "result 45.000" in says(study)
    assert "so far" not in says(study)


def test_cancel_keeps_what_was_shown_and_offers_to_begin_again(study: AppTest, pool: Any) -> None:
    pool.is_slow, pool.partial = True, "half"
    press(study, "Work it out")
    press(study, "Cancel")
    assert "Cancelled" in says(study)
    assert "so far half" in says(study)
    assert labels(study) == ["Work it out"]
    pool.is_slow = False
    press(study, "Work it out")
    assert "result 45.000" in says(study)


def test_a_study_of_inputs_that_changed_is_given_up(study: AppTest, pool: Any) -> None:
    pool.is_slow, pool.partial = True, "half"
    press(study, "Work it out")
    study.number_input[0].set_value(0.2).run()
    assert pool.cancelled
    assert labels(study) == ["Work it out"]
    assert "so far" not in says(study)
    assert "Cancelled" not in says(study)


def test_a_study_that_another_solve_overtook_says_so(study: AppTest, pool: Any) -> None:
    pool.is_slow = True
    press(study, "Work it out")
    pool.submit(scenario_of_another_study(), pool.visitor)
    study.run()
    assert "only one runs at a time" in says(study)
    assert labels(study) == ["Work it out"]


def test_a_failure_is_told_and_can_be_tried_again(study: AppTest, pool: Any) -> None:
    pool.failure = "It broke *here*."
    press(study, "Work it out")
    assert "It broke" in says(study)
    assert labels(study) == ["Work it out"]


def test_at_once_asks_without_a_button_and_only_once_for_the_same_inputs(study: AppTest, pool: Any) -> None:
    study.checkbox[0].check().run()
    assert "result 45.000" in says(study)
    study.number_input[0].set_value(0.2).run()
    assert "result 30.000" in says(study)
    pool.failure = "It broke."
    study.number_input[0].set_value(0.25).run()
    asked = len(pool.submitted)
    study.run()
    assert len(pool.submitted) == asked
    assert labels(study) == ["Again"]
