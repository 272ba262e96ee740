"""How well repeats are found: `python -m tests.evaluation.repeats [--plot]`, on the shared data.

Law: thresholds are tuned on one half of the texts; every figure but the curves is from the other half.
"""

import argparse
import csv
import gzip
import json
import time
from collections.abc import Sequence

import numpy as np

from app.domain.fingerprint import fingerprint
from app.domain.likeness import DEFAULT
from tests.evaluation.curve import svg
from tests.evaluation.edits import EDITS, TRAPS
from tests.evaluation.repeats_families import print_families
from tests.evaluation.repeats_scores import Query, Score, curves, doubted, queries, score
from tests.evaluation.repeats_texts import ROOT, Archive, Half, halves, say, shared_folder

PLOT = ROOT / "docs" / "duplicates.svg"


def print_scores(scores: dict[str, Score]) -> Score:
    """Print one row for each kind of edit and one for all; return the sum."""
    print(f"{'kind of edit':46} {'links':>5} {'cand.R':>6} {'P':>6} {'R':>6} {'F1':>6} wrong  kinds found")
    total = Score()
    for counts in scores.values():
        total += counts
    for name, counts in [*scores.items(), ("all", total)]:
        kinds = " ".join(f"{kind} {count}" for kind, count in counts.kinds.most_common())
        print(
            f"{name:46} {counts.wanted:5} {counts.candidates / max(1, counts.wanted):6.3f} "
            f"{counts.precision:6.3f} {counts.recall:6.3f} {counts.f1:6.3f} {counts.wrong:5}  {kinds}"
        )
    print()
    return total


def print_reuters() -> None:
    """Print how many of the given Reuters pairs are found, looked up in an archive of all items before."""
    items = {}
    with gzip.open(shared_folder() / "reuters21578.jsonl.gz", "rt", encoding="utf-8") as lines:
        for record in map(json.loads, lines):
            items[str(record["id"])] = record["text"]
    archive, place_of, linked = Archive(), {}, set()
    for name, text in items.items():
        a = fingerprint(text)
        place = place_of[name] = len(archive.prints)
        linked |= {(int(other), place) for other, _ in archive.likenesses(a)}
        archive.add(a)
    with (shared_folder() / "reuters21578-near-duplicate-pairs.tsv").open(encoding="utf-8") as lines:
        pairs = list(csv.DictReader(lines, delimiter="\t"))
    for low, high in ((0.5, 1.1), (0.35, 0.5), (0.2, 0.35)):
        inside = [
            tuple(sorted((place_of[pair["id_a"]], place_of[pair["id_b"]])))
            for pair in pairs
            if low <= float(pair["jaccard5"]) < high
        ]
        found = sum(pair in linked for pair in inside)
        print(f"Reuters pairs of Jaccard {low:.2f} to {min(high, 1):.2f}: {found} of {len(inside)} found")
    print()


def print_doubtful(asked: Sequence[Query], most: int = 50) -> None:
    """Print the most doubtful links that fold, and how many of them and of the others are false."""
    links = doubted(asked, DEFAULT)
    false = [sum(not link.right for link in part) for part in (links[:most], links[most:])]
    print(
        f"The {most} most doubtful of {len(links)} folding links, {false[0]} of them false; of the others {false[1]}:"
    )
    for link in links[:most]:
        of = link.measures
        print(
            f"  {link.doubt:.2f} {'right' if link.right else 'FALSE'} {link.kind.value:8} {link.edit:32} "
            f"Jaccard {of.jaccard:.2f}, {of.shared} of {of.words} in {of.other_shared} of {of.other_words}, "
            f"own runs {of.own} and {of.other_own}"
        )
    print()


def print_cost(half: Half) -> None:
    """Print rows a word, and CPU time for texts of about 500 words against the archive of this half."""
    prints = half.archive.prints
    rows = sum(len(each.hashes) for each in prints) / sum(each.words for each in prints)
    bodies = [text.body for text in half.texts if 450 <= len(text.body.split()) <= 550]
    started = time.process_time()
    asked = [fingerprint(body) for body in bodies]
    printed = time.process_time()
    for a in asked:
        list(half.archive.likenesses(a))
    done = time.process_time()
    print(f"{rows:.4f} rows a word; {len(bodies)} texts of about 500 words, CPU ms each:")
    print(f"fingerprint {1e3 * (printed - started) / len(bodies):.2f}", end=", ")
    print(f"candidates and comparisons {1e3 * (done - printed) / len(bodies):.2f}\n")


def main() -> None:
    """Print the evaluation; with --plot also write the curves of the half that was tuned on."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plot", action="store_true", help=f"write the curves to {PLOT.relative_to(ROOT)}")
    plot = parser.parse_args().plot
    chance = np.random.default_rng(20251021)
    tuned, reported, fresh = halves(chance)
    say("edits on the half to tune on")
    asked = queries(tuned, (*EDITS, *TRAPS), chance)
    if plot:
        PLOT.write_text(svg(curves(asked), low=0.9), encoding="utf-8")
        say(f"curves in {PLOT}")
    say("edits on the half to report")
    edited = queries(reported, EDITS, chance)
    print_scores(score(edited, DEFAULT))
    print("What must not be folded (passages in common are right, a folding link is wrong):")
    trapped = queries(reported, TRAPS, chance)
    print_scores(score(trapped, DEFAULT))
    print_doubtful([*edited, *trapped])
    say("edits of texts that neither half has")
    print("AllSides texts that neither half has:")
    print_scores(score(queries(fresh, EDITS, chance), DEFAULT))
    say("Reuters")
    print_reuters()
    print_cost(reported)
    say("families")
    print_families(reported, chance)


if __name__ == "__main__":
    main()
