"""How a plan is found: the model in words beside its formulas, and the three readings of the reference case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hybridplan.analysis.wording import say

_FORMULAS: Final = (
    (
        "objective",
        r"\min \;\sum_{\text{terms}} \text{cost} \;+\; \sum_{w} \pi_w \Bigl(\sum_t g_t h_t\, u_{w,t}"
        r" + \sum_i g_i\, u_{w,i}\Bigr)",
    ),
    ("rigid", r"\sum_{k \in w} e_k\, y_{k,t} + u_{w,t} = D_{w,t}"),
    ("deferrable", r"\sum_{t \in i} h_t \sum_{k \in w} e_k\, y_{k,t} + u_{w,i} = V_{w,i}"),
    ("capacity", r"\sum_{k \in p} a_{k,t} \le (1 - \eta_p)\, n_{p,t}, \qquad n_{p,t} \le s_{p,t}\, K_p"),
    (
        "latency",
        r"y_{k,t} \le c_k\, a_{k,t}, \qquad c_k = \max\Bigl\{\rho \le \rho_w :\;"
        r" r_k + \kappa_w(\rho)\, \frac{s_k}{1 - \rho} \le T_w \Bigr\}",
    ),
    (
        "waiting",
        r"\sum_{k \in w} e_k \Bigl[ r_k y_{k,t} + s_k \Bigl( y_{k,t} + \frac{y_{k,t}^2}{a_{k,t} - y_{k,t}} \Bigr)"
        r"\Bigr] \le T_w \sum_{k \in w} e_k\, y_{k,t}",
    ),
    (
        "elastic",
        r"\sum_{k \in p} a_{k,t} \le (1 - \eta_p) \min_{0 \le \ell \le L_p} n_{p,t-\ell}, \qquad"
        r" n_{p,t} - n_{p,t-1} \le R_p h_t, \qquad \sigma_{p,t} \ge n_{p,t} - n_{p,t-1}",
    ),
    ("whole", r"n_{p,t} \in m_p \mathbb{Z}, \qquad a_{k,t} \in b_k \mathbb{Z}"),
    (
        "after",
        r"\nu_w \sum_{\tau \le t} h_\tau \sum_{k \in w} e_k\, y_{k,\tau} \le"
        r" \sum_{\tau < t} h_\tau \sum_{k \in v} e_k\, y_{k,\tau}",
    ),
    ("scaling", r"x_{k,t} \le f_k(y_{k,t})"),
    ("link", r"\sum_{k \to \ell} d_k\, e_k\, y_{k,t} \le 450\, B_\ell"),
    (
        "promise",
        r"\begin{gathered} \sum_{k \in R_f} e_k\, \bigl(y_{k,t} + c^f_k\, \mathit{sb}_{k,t}\bigr)"
        r" \ge q_w (D_{w,t} - u_{w,t}) \\ \text{or}\quad"
        r" \sum_{k \in R_f} e_k\, c^f_k\, a^f_{k,t} \ge q_w (D_{w,t} - u_{w,t}) \end{gathered}",
    ),
    (
        "room",
        r"\sum_{k \in p \cap R_f} \bigl(a_{k,t} + \mathit{sb}_{k,t} + a^f_{k,t}\bigr) \le n_{p,t} + \text{extra}_p",
    ),
    ("bound", r"z \;\ge\; b^\top \lambda + \sum_j \min_{l_j \le x_j \le m_j} \bigl(c_j - (A^\top \lambda)_j\bigr) x_j"),
)


@dataclass(frozen=True)
class Reading:
    """One reading of the reference case: private and public units per hour, and cost in USD, worked out by hand."""

    case: str
    """Name of the published case that solves it."""
    name: str
    private: float
    public: float
    cost_usd: float
    why: str


_READINGS: Final = (
    ("avoidable", "Reference, owned cost avoidable", 0.0, 150.0, 45.0),
    ("sunk", "Reference, owned cost sunk", 100.0, 50.0, 65.0),
    ("owned_first", "Reference, owned first", 100.0, 50.0, 65.0),
)


def overview() -> str:
    """The model in one paragraph."""
    return say("method.overview")


def formulation() -> list[tuple[str, str]]:
    """Pairs of words and LaTeX, in the order in which they are read."""
    return [(say(f"method.{code}"), formula) for code, formula in _FORMULAS]


def solution() -> list[str]:
    """What is done with the model, and what is checked afterwards."""
    return [say(f"method.{code}") for code in ("solver", "audit", "prices", "baselines", "nodes")]


def readings() -> list[Reading]:
    """The reference case (private 100 at 0.5 USD, public 200 at 0.3 USD, demand 150, one hour), read thrice."""
    return [
        Reading(case, say(f"reading.{code}"), private, public, usd, say(f"reading.{code}_why"))
        for code, case, private, public, usd in _READINGS
    ]


def reading_notes() -> list[str]:
    """Why the readings differ, and what is wrong in the text that the case comes from."""
    return [say(f"reading.{code}") for code in ("differ", "source", "split")]
