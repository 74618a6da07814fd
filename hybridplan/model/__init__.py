"""The optimisation model: one small file per cost term and limit, compiled by CVXPY."""
