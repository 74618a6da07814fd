"""Share links: what is packed is unpacked exactly; anything else gives one sentence and no traceback."""

from __future__ import annotations

import base64
import contextlib
import copy
import hashlib
import json
import zlib
from typing import Any

import pytest
from full_estate import full_estate
from full_resilience import full_resilience
from hypothesis import example, given
from hypothesis import strategies as st

from hybridplan.domain import parse, require
from hybridplan.errors import InvalidInput
from hybridplan.io import catalogue, share_link, strict_json
from hybridplan.io.merge_patch import apply_patch, make_patch, same

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
DOCUMENTS = st.dictionaries(TEXTS, VALUES, max_size=5)


def bundled(key: str) -> dict[str, Any]:
    return json.loads(catalogue.scenario_paths()[key].read_text(encoding="utf-8"))


def payload_of(text: bytes) -> str:
    """A payload with a right checksum around any text."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, share_link._DICTIONARY)
    return signed(deflater.compress(text) + deflater.flush())


def signed(deflated: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(deflated).digest()[:8] + deflated).rstrip(b"=").decode()


def refusal(payload: str) -> str:
    document, issues = share_link.unpack(payload)
    assert document is None
    assert len(issues) == 1
    assert "Traceback" not in str(issues[0])
    return issues[0].message


@given(DOCUMENTS)
def test_unpack_undoes_pack(document: dict[str, Any]) -> None:
    unpacked, issues = share_link.unpack(share_link.pack(document))
    assert issues == []
    assert same(unpacked, document)


@pytest.mark.parametrize("key", sorted(catalogue.scenario_paths()))
def test_every_bundled_scenario_keeps_its_content_hash(key: str) -> None:
    scenario = require(bundled(key))
    for base in (None, "no such base"):
        payload = share_link.pack(scenario, base)
        if len(payload) > share_link.MAX_URL_CHARS:
            assert base is not None  # in full, without its base, the demo is too long for a link
            continue
        document, _ = share_link.unpack(payload)
        again, issues = parse(document)
        assert again is not None, issues
        assert again.content_hash == scenario.content_hash


@given(st.data())
def test_an_edited_demo_keeps_its_content_hash(data: st.DataObject) -> None:
    """An owned pool gets another capacity, and a copy of it is added."""
    document = copy.deepcopy(require(bundled("demo")).to_dict())
    owned = [key for key, pool in document["pools"].items() if pool["purchase_option"] == "owned"]
    pool = data.draw(st.sampled_from(owned))
    document["pools"][pool]["capacity_accelerators"] = data.draw(st.floats(1, 500))
    document["pools"]["added"] = copy.deepcopy(document["pools"][pool])
    before = require(document)
    unpacked, _ = share_link.unpack(share_link.pack(before))
    after, _ = parse(unpacked)
    assert after is not None
    assert after.content_hash == before.content_hash


def test_a_small_change_to_a_bundled_scenario_makes_a_short_link() -> None:
    document = require(bundled("demo")).to_dict()
    document["name"] = "Changed"
    payload = share_link.pack(document)
    assert len(payload) < 300
    unpacked, _ = share_link.unpack(payload)
    assert unpacked == document


def test_a_null_that_no_merge_patch_can_say_travels_in_full() -> None:
    """RFC 7396 cannot set a field to null: null deletes. So the full document is sent, and the null arrives."""
    document = bundled("reference_sunk") | {"description": None}
    unpacked, _ = share_link.unpack(share_link.pack(document, "reference_sunk"))
    assert unpacked == document


def test_a_changed_base_is_not_patched_silently(monkeypatch: pytest.MonkeyPatch) -> None:
    payload = share_link.pack(require(bundled("demo")), "demo")
    original = share_link._base

    def other_version(key: str) -> tuple[dict[str, Any], str] | None:
        found = original(key)
        return found and (found[0], "0" * 64)

    monkeypatch.setattr(share_link, "_base", other_version)
    assert "another version" in refusal(payload)


def test_unpacking_twice_gives_documents_that_share_nothing() -> None:
    payload = share_link.pack(require(bundled("demo")), "demo")
    one, _ = share_link.unpack(payload)
    other, _ = share_link.unpack(payload)
    assert one is not None
    one["pools"].clear()
    assert other is not None
    assert other["pools"]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), {1, 2}, "\ud800"])
def test_what_json_cannot_hold_is_an_input_error(value: object) -> None:
    with pytest.raises(InvalidInput, match="cannot carry"):
        share_link.pack({"x": value})


GOOD = share_link.pack({"name": "x", "profile": [1.5, 2, 3] * 20})


@given(st.integers(0, len(GOOD) - 1), st.sampled_from("Aa0-_=.\u00e9 "))
def test_a_changed_character_is_noticed(position: int, character: str) -> None:
    changed = GOOD[:position] + character + GOOD[position + 1 :]
    if changed != GOOD:
        assert "damaged" in refusal(changed)


@pytest.mark.parametrize("length", range(0, len(GOOD), 3))
def test_a_cut_link_is_noticed(length: int) -> None:
    assert "damaged" in refusal(GOOD[:length])


@pytest.mark.parametrize("tail", ["A", "AAAA", "=", "==", " ", "\n", GOOD])
def test_a_tail_is_noticed(tail: str) -> None:
    assert "damaged" in refusal(GOOD + tail)


def test_a_bomb_is_stopped_at_the_limit() -> None:
    """5 MB of zeros deflate to about 5 kB; no more than 1 MiB is ever unpacked."""
    assert "1 MiB" in refusal(payload_of(b'{"v":1,"full":{"x":"' + b"0" * 5_000_000 + b'"}}'))


def test_a_long_payload_is_not_even_decoded() -> None:
    assert "8000" in refusal("A" * 8001)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"null",
        b'{"v":1,"full":' + b'{"a":' * 1000 + b"1" + b"}" * 1001,
        b'{"v":1,"full":{"a":NaN}}',
        b'{"v":1,"full":{"a":Infinity}}',
        b'{"v":1,"full":{"a":1e999}}',
        b'{"v":1,"full":{"a":' + b"9" * 5000 + b"}}",
        b'{"v":1,"full":{"a":1,"a":2}}',
        b'{"v":1,"full":{"a":"\\ud800"}}',
        b'{"v":1,"full":{"a":"\xff"}}',
        b'{"v":1,"full":{}} ',
        b'{"v":1,"full":{}}x',
        b'{"v":1}',
        b'{"v":1,"full":[]}',
        b'{"v":1,"full":{},"result":{"objective_usd":1}}',
        b'{"v":1,"base":"demo","sha256":"x"}',
        b'{"v":1,"base":"../../../etc/passwd","sha256":"x","patch":{}}',
        b'{"v":1,"base":["demo"],"sha256":"x","patch":{}}',
        b'{"v":true,"full":{}}',
        b'{"v":"1","full":{}}',
        b'{"v":0,"full":{}}',
        b'{"full":{}}',
    ],
)
def test_hostile_content_with_a_right_checksum_is_refused_in_one_sentence(text: bytes) -> None:
    if text == b'{"v":1,"full":{}} ':
        assert share_link.unpack(payload_of(text)) == ({}, [])
    else:
        refusal(payload_of(text))


@pytest.mark.parametrize("version", [2, 99, 10**15])
def test_a_newer_link_says_so(version: int) -> None:
    assert "newer version" in refusal(payload_of(json.dumps({"v": version, "anything": 1}).encode()))


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda b: base64.urlsafe_b64encode(b).decode()))
@example("")
@example("\ud800")
def test_any_text_gives_one_sentence(text: str) -> None:
    refusal(text)


@given(st.binary(max_size=400))
def test_any_bytes_behind_a_right_checksum_give_a_document_or_one_sentence(content: bytes) -> None:
    refusal(signed(content))
    document, issues = share_link.unpack(payload_of(content))
    assert (document is None) == (len(issues) == 1)


@given(VALUES, VALUES)
def test_a_patch_says_what_changed_or_is_seen_not_to(before: Any, after: Any) -> None:
    """Where neither document holds a null, a merge patch always works."""
    made = apply_patch(before, make_patch(before, after))
    if "None" not in repr((before, after)):
        assert same(made, after)


def test_the_examples_of_rfc_7396() -> None:
    """Appendix A of the RFC, where original + patch = result."""
    for original, patch, result in [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ]:
        assert apply_patch(original, patch) == result


def test_true_is_not_one() -> None:
    assert not same({"a": [True]}, {"a": [1]})
    assert same({"a": [1]}, {"a": [1.0]})


@given(st.text(max_size=200))
def test_strict_json_raises_nothing_but_its_own_fault(text: str) -> None:
    with contextlib.suppress(strict_json.JsonFault):
        strict_json.loads(text)


def first_words() -> bytes:
    """The words that the first links were made with: the end of those of today."""
    return share_link._DICTIONARY[share_link._DICTIONARY.index(b'"schema_version":"name":') :]


def test_words_may_only_be_added_before_those_of_the_first_links() -> None:
    """Repeats are found by their distance from the end of the words: these bytes are part of every link ever sent."""
    digest = "4ddff84db61f538d6d7e95c0c6be8e03ac2b3df11337cc349eb052ec2b5c38c1"
    assert hashlib.sha256(first_words()).hexdigest() == digest


def deflated_with(words: bytes, body: dict[str, Any]) -> bytes:
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, words)
    return deflater.compress(json.dumps(body).encode()) + deflater.flush()


def test_a_link_that_was_made_with_the_first_words_still_opens() -> None:
    payload = signed(deflated_with(first_words(), {"v": 1, "full": bundled("reference_sunk") | {"name": "older"}}))
    opened, issues = share_link.unpack(payload)
    assert issues == []
    assert opened == bundled("reference_sunk") | {"name": "older"}


def test_a_link_without_later_fields_opens_with_the_first_words_alone() -> None:
    """An installation that is not updated yet reads it; with later fields it would refuse the scenario anyway."""
    packed = base64.urlsafe_b64decode(share_link.pack(bundled("reference_sunk"), "none") + "===")
    inflater = zlib.decompressobj(-15, first_words())
    assert json.loads(inflater.decompress(packed[8:]))["full"]["name"] == bundled("reference_sunk")["name"]


def later_words() -> bytes:
    """The words of links with purchases and data: likewise the end of those of today."""
    return share_link._DICTIONARY[share_link._DICTIONARY.index(b'"rates_usd_per_accelerator_hour":') :]


def test_words_may_only_be_added_before_those_of_later_links() -> None:
    digest = "c2f8cfe9f88f2febaee1b8aa2997cbaf20756e7557988b34ce89f3484c78721b"
    assert hashlib.sha256(later_words()).hexdigest() == digest


def test_links_with_purchases_open_with_the_words_of_then_and_those_of_then_open_today() -> None:
    packed = base64.urlsafe_b64decode(share_link.pack(full_estate(), "none") + "===")
    inflater = zlib.decompressobj(-15, later_words())
    assert json.loads(inflater.decompress(packed[8:]))["full"]["name"] == full_estate()["name"]
    payload = signed(deflated_with(later_words(), {"v": 1, "full": full_estate()}))
    assert share_link.unpack(payload) == (full_estate(), [])


def test_failures_and_promises_come_back_and_are_short() -> None:
    document = full_resilience()
    payload = share_link.pack(document, "none")
    unpacked, issues = share_link.unpack(payload)
    assert issues == []
    assert require(unpacked).content_hash == require(document).content_hash
    assert len(payload) < len(signed(deflated_with(later_words(), {"v": 1, "full": document})))


def test_an_estate_with_later_fields_comes_back_and_is_short() -> None:
    """Without words for them the same payload would be longer."""
    document = full_estate()
    payload = share_link.pack(document, "none")
    unpacked, issues = share_link.unpack(payload)
    assert issues == []
    assert require(unpacked).content_hash == require(document).content_hash
    assert len(payload) < len(signed(deflated_with(first_words(), {"v": 1, "full": document})))
