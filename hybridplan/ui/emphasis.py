"""How the one button that matters most on a page stands out."""

from __future__ import annotations

from typing import Literal

import streamlit as st


def main_button(is_main: bool = True) -> Literal["primary", "secondary"]:
    """Button type of a page's main action.

    Streamlit writes white on the primary colour, and tabs in the primary colour on the background: on a dark
    background no colour has a contrast of 4.5 for both, so there the main button is outlined like the others.
    """
    return "primary" if is_main and st.context.theme.type != "dark" else "secondary"
