"""What an attacker makes of a view token: tried as every id of every call, and in the address."""

from __future__ import annotations

LOOK_ALIKES = str.maketrans("aceopxyAEHIKMNOPTX", "асеорхуАЕНІКМΝОРТХ")
FULL_WIDTH = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})


def variants(token: str, others: list[str]) -> list[str]:
    """The token, its mutations, and ``others``; the token itself is first."""
    cut = [token[:length] for length in range(0, len(token), 2)] + [token[length:] for length in range(1, 43, 6)]
    changed = [token.upper(), token.lower(), token.swapcase(), token[::-1], token[1:] + token[0], token + token]
    marks = [":key", "//", "/..", "%00", "\0", " ", "\n", "\t", "\r\n", "=", "==", "A", "'", '"', ";", "--", "*", "%"]
    marked = [token + mark for mark in marks] + [mark + token for mark in (":", "/", " ", "\n", "\0", "../", "\ufeff")]
    looks = [token.translate(LOOK_ALIKES), token.translate(FULL_WIDTH), token[:-1] + "\u0301", "\u200b".join(token)]
    sql = [
        "' OR '1'='1", f"{token}' OR '1'='1", f"{token}' --", "'; DROP TABLE links; --",
        f"{token}'; DELETE FROM versions; --",
        "%", "_" * 43, "_" * 22, "1 UNION SELECT id FROM scenarios", f"' UNION SELECT '{token}",
    ]  # fmt: skip
    odd = ["", "\0", "null", "None", "0", "-1", "\ud800", "x" * 100_000, "A" * 43, "-" * 43, "A" * 22, "/", "{}", "[]"]
    return list(dict.fromkeys([token, *others, *cut, *changed, *marked, *looks, *sql, *odd]))
