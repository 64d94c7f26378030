"""Trains the built-in embedding model: token vectors, pooled.

usage: python3 train.py ARRAYS.npz OUT.npz [--seed N] [--passes N] …

A chunk is the sum of its distinct tokens' vectors, each times 1 + ln(count) and a learned weight; a question the plain
sum with another learned weight; both scaled to length 1. Loss: InfoNCE (van den Oord et al. 2018) both ways within
batches made of groups from one repository, averaged over the first 256, 128 and 64 dimensions (Matryoshka
representations, Kusupati et al. 2022). Runs on a GPU where there is one. Needs numpy and torch.
"""
import argparse
import math
import time

import numpy as np
import torch
import torch.nn.functional as functional

KIND_WEIGHTS = {
    'doc': 1.0, 'doc2': 0.6, 'name': 0.5, 'test': 0.25, 'commit': 1.0, 'readme': 1.0, 'mention': 1.0, 'header': 1.0,
    'chinese': 0.3, 'glossary': 1.0,
}


def parse():
    parser = argparse.ArgumentParser()
    parser.add_argument('arrays')
    parser.add_argument('out')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--passes', type=float, default=4)
    parser.add_argument('--batch', type=int, default=8192)
    parser.add_argument('--group', type=int, default=512)
    parser.add_argument('--dimensions', type=int, default=256)
    parser.add_argument('--temperature', type=float, default=0.09)
    parser.add_argument('--rate', type=float, default=0.02)
    parser.add_argument('--path', type=float, default=0.5, help='share of chunks that carry their path words')
    parser.add_argument('--neighbour', type=float, default=0.1, help='share of chunks joined with the next block')
    parser.add_argument('--drop', type=float, default=0.15, help='share of chunk tokens left out')
    parser.add_argument('--name-weight', type=float, default=KIND_WEIGHTS['name'])
    parser.add_argument('--chinese-weight', type=float, default=KIND_WEIGHTS['chinese'])
    parser.add_argument('--test-weight', type=float, default=KIND_WEIGHTS['test'])
    return parser.parse_args()


class Bags:
    """Ragged rows of tokens on the device."""

    def __init__(self, offsets, ids, counts, device):
        self.offsets = torch.tensor(offsets, device=device)
        self.ids = torch.tensor(ids.astype(np.int32), device=device)
        weights = np.ones(len(ids), np.float32) if counts is None else 1 + np.log(counts.astype(np.float32))
        self.weights = torch.tensor(weights, device=device)

    def take(self, rows):
        """Tokens and weights of rows, flat, with the position of the row that each belongs to."""
        start, size = self.offsets[rows], self.offsets[rows + 1] - self.offsets[rows]
        owner = torch.repeat_interleave(torch.arange(len(rows), device=rows.device), size)
        first = torch.cumsum(size, 0) - size
        flat = start[owner] + torch.arange(len(owner), device=rows.device) - first[owner]
        return self.ids[flat].long(), self.weights[flat], owner


def pooled(table, parts, count):
    """Weighted sums of table rows by owner; `parts` are results of Bags.take."""
    ids = torch.cat([part[0] for part in parts])
    weights = torch.cat([part[1] for part in parts])
    owner = torch.cat([part[2] for part in parts])
    order = torch.argsort(owner, stable=True)
    ids, weights, owner = ids[order], weights[order], owner[order]
    offsets = torch.searchsorted(owner, torch.arange(count, device=owner.device))
    return functional.embedding_bag(ids, table, offsets, mode='sum', per_sample_weights=weights)


def dropped(part, share):
    keep = torch.rand(len(part[0]), device=part[0].device) >= share
    return part[0][keep], part[1][keep], part[2][keep]


def picked(part, chosen):
    keep = chosen[part[2]]
    return part[0][keep], part[1][keep], part[2][keep]


def batches(kinds, repos, options, random):
    """Question numbers for each step: groups of one repository, weighted by kind."""
    names = list(KIND_WEIGHTS)
    weights = dict(KIND_WEIGHTS, name=options.name_weight, test=options.test_weight, chinese=options.chinese_weight)
    keep = random.random(len(kinds)) < np.array([weights[names[kind]] for kind in kinds])
    order = random.permutation(np.flatnonzero(keep))
    order = order[np.argsort(repos[order], kind='stable')]
    borders = np.flatnonzero(np.diff(repos[order])) + 1
    groups = [group[at:at + options.group] for group in np.split(order, borders) for at in range(0, len(group), options.group)]
    groups = [groups[index] for index in random.permutation(len(groups))]
    flat = np.concatenate(groups)
    return [flat[at:at + options.batch] for at in range(0, len(flat) - options.batch // 2, options.batch)]


def loss_of(question, chunk, mask, options):
    losses = []
    target = torch.arange(len(question), device=question.device)
    for dimensions in (options.dimensions, options.dimensions // 2, options.dimensions // 4):
        left = functional.normalize(question[:, :dimensions], dim=1)
        right = functional.normalize(chunk[:, :dimensions], dim=1)
        logits = (left @ right.T / options.temperature).masked_fill(mask, -1e4)
        losses.append(functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target))
    return sum(losses) / (2 * len(losses))


def train(arrays, options):
    device = 'cuda' if torch.cuda.is_available() else 'cpu'
    torch.manual_seed(options.seed)
    random = np.random.default_rng(options.seed)
    blocks = Bags(arrays['block_offsets'], arrays['block_ids'], arrays['block_counts'], device)
    paths = Bags(arrays['path_offsets'], arrays['path_ids'], None, device)
    questions = Bags(arrays['question_offsets'], arrays['question_ids'], None, device)
    block_file = torch.tensor(arrays['block_file'].astype(np.int64), device=device)
    question_block = torch.tensor(arrays['question_block'].astype(np.int64), device=device)
    has_next = torch.zeros(len(block_file), dtype=torch.bool, device=device)
    has_next[:-1] = block_file[:-1] == block_file[1:]
    has_path = torch.tensor(np.diff(arrays['path_offsets']) > 0, device=device)
    share = arrays['frequency'] / arrays['frequency'].sum()
    inverse = torch.tensor(np.log(1e-3 / (1e-3 + share)), dtype=torch.float32, device=device)
    vectors = torch.nn.Parameter(torch.randn(len(share), options.dimensions, device=device) * 0.1)
    question_weight, chunk_weight = (torch.nn.Parameter(inverse.clone()) for _ in range(2))
    optimizer = torch.optim.AdamW([vectors, question_weight, chunk_weight], lr=options.rate, weight_decay=0.01)
    repos = arrays['block_repo'][arrays['question_block']]
    steps = []
    while True:
        one_pass = batches(arrays['question_kind'], repos, options, random)
        wanted = int(options.passes * len(one_pass)) if not steps else wanted
        steps += one_pass[:wanted - len(steps)]
        if len(steps) >= wanted:
            break
    started = time.time()
    for step, numbers in enumerate(steps):
        rate = min((step + 1) / 50, 0.5 * (1 + math.cos(math.pi * step / len(steps))))
        for group in optimizer.param_groups:
            group['lr'] = options.rate * rate
        asked = torch.tensor(numbers, device=device)
        own = question_block[asked]
        count = len(asked)
        joined = (torch.rand(count, device=device) < options.neighbour) & has_next[own]
        named = (torch.rand(count, device=device) < options.path) & has_path[block_file[own]]
        parts = [
            dropped(blocks.take(own), options.drop),
            picked(dropped(blocks.take(torch.where(joined, own + 1, own)), options.drop), joined),
            picked(paths.take(block_file[own]), named),
        ]
        chunk = pooled(vectors * chunk_weight.exp()[:, None], parts, count)
        question = pooled(vectors * question_weight.exp()[:, None], [dropped(questions.take(asked), options.drop / 2)], count)
        file = block_file[own]
        mask = (file[:, None] == file[None, :]) & ~torch.eye(count, dtype=torch.bool, device=device)
        loss = loss_of(question, chunk, mask, options)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        if step % 100 == 0 or step + 1 == len(steps):
            print(f'step {step + 1}/{len(steps)} loss {loss.item():.4f} {time.time() - started:.0f} s', flush=True)
    return {
        'vectors': vectors.detach().cpu().numpy(),
        'question_weight': question_weight.detach().exp().cpu().numpy(),
        'chunk_weight': chunk_weight.detach().exp().cpu().numpy(),
    }


def main():
    options = parse()
    arrays = dict(np.load(options.arrays))
    trained = train(arrays, options)
    np.savez(options.out, entries=arrays['entries'], **trained)


if __name__ == '__main__':
    main()
