"""What a text is compared by: which hashes it has, and what makes no difference to them."""

import numpy as np

from app.domain.fingerprint import fingerprint, meet, required_hits

# Stored fingerprints rest on this value: whoever changes it must have them all made anew.
PINNED = (2354808086934726777,)


def prose(words: int, seed: int) -> str:
    """Return made-up text of so many words; different seeds have no phrase in common."""
    return " ".join(f"w{number}x{seed}" for number in np.random.default_rng(seed).integers(3000, size=words))


def test_hashes_are_sorted_distinct_and_the_same_in_every_process() -> None:
    hashes = fingerprint("The quick brown fox jumps over the lazy dog by the river").hashes
    assert list(hashes) == sorted(set(hashes))
    assert all(0 <= value < 2**63 for value in hashes)
    assert hashes == fingerprint("the QUICK brown fox jumps over the lazy dog by the river!").hashes
    assert hashes == PINNED


def test_a_short_text_needs_one_hash_in_common_and_long_ones_two_or_three() -> None:
    sentence = prose(25, 2)
    rain = fingerprint(sentence)
    assert required_hits(rain.words, 400) == required_hits(400, rain.words) == 1
    assert required_hits(200, 400) == required_hits(400, 200) == 2
    assert required_hits(400, 400) == 3
    assert meet(rain, fingerprint(f"{prose(400, 1)} {sentence}"))
    assert not meet(rain, fingerprint(prose(400, 1)))


def test_apostrophes_hold_a_word_together_and_dashes_part_words() -> None:
    assert fingerprint("“Don’t,” he said — twice.").words == 4
