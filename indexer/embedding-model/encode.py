"""Vocabulary and training arrays from the pairs that extract.ts wrote.

usage: python3 encode.py PAIRS OUT.npz [--rows N]

Words that occur in at least two repositories become entries, the most frequent first (words of questions count three
times); whatever is left is cut into the longest entries it begins with. A share of the English questions is said again in
Chinese, word for word, through a glossary (code-switching, as in Qin et al. 2020, "CoSDA-ML"). Needs numpy and zstandard.
"""
import argparse
import csv
import io
import json
import os
import zlib
from collections import Counter

import numpy as np
import zstandard

from chinese import Glossary

KINDS = ['doc', 'doc2', 'name', 'test', 'commit', 'readme', 'mention', 'header', 'chinese', 'glossary']
MAX_TOKENS = 80
MAX_QUESTION = 24
MIN_PIECE = 3
MAX_PLAIN_BLOCKS = 2500
MAX_REPEATS = 3
HERE = os.path.dirname(os.path.abspath(__file__))


def read_lines(path):
    with open(path, 'rb') as raw:
        reader = zstandard.ZstdDecompressor().stream_reader(raw)
        for line in io.TextIOWrapper(reader, 'utf-8'):
            if line.strip():
                yield json.loads(line)


def read_repository(path, glossary):
    """Files of a repository: [path words, [[words, counts, [(kind, words)]]]]; questions said too often are dropped."""
    files, said = [], Counter()
    random = np.random.default_rng(zlib.crc32(os.path.basename(path).encode()))
    for row in read_lines(path):
        if row[0] == 'f':
            files.append([row[1].split(), []])
        elif row[0] == 'b':
            files[-1][1].append([row[1].split(), row[2], []])
        elif said[row[2]] < MAX_REPEATS:
            said[row[2]] += 1
            question = row[2].split()
            files[-1][1][-1][2].append((row[1], question))
            chinese = glossary.spoken(question, random)
            if chinese:
                files[-1][1][-1][2].append(('chinese', chinese))
    plain = sum(1 for _, blocks in files for block in blocks if is_plain(block))
    if plain > MAX_PLAIN_BLOCKS:
        drop = iter(np.random.default_rng(len(files)).random(plain) > MAX_PLAIN_BLOCKS / plain)
        for file in files:
            file[1] = [block for block in file[1] if not is_plain(block) or not next(drop)]
    return files


def is_plain(block):
    """True for a block of which only names tell, its own or its test's."""
    return bool(block[2]) and all(kind in ('name', 'test', 'chinese') for kind, _ in block[2])


def make_vocabulary(repositories, rows):
    counts, spread = Counter(), Counter()
    for files in repositories:
        own = Counter()
        for path, blocks in files:
            own.update(path)
            for words, _, questions in blocks:
                own.update(words)
                for _, question in questions:
                    for word in question:
                        own[word] += 3
        counts.update(own)
        spread.update(own.keys())
    ranked = sorted((word for word in counts if spread[word] >= 2), key=lambda word: (-counts[word], word))
    return ranked[:rows], counts


class Encoder:
    """Turns words into entries, 1-based; 0 is padding."""

    def __init__(self, entries):
        self.ids = {word: index + 1 for index, word in enumerate(entries)}
        self.cache = {}

    def word(self, word):
        found = self.ids.get(word)
        if found is not None:
            return (found,)
        if word not in self.cache:
            self.cache[word] = tuple(self.pieces(word))
        return self.cache[word]

    def pieces(self, word):
        at = 0
        while at + MIN_PIECE <= len(word):
            for end in range(len(word), at + MIN_PIECE - 1, -1):
                found = self.ids.get(word[at:end])
                if found is not None:
                    yield found
                    at = end
                    break
            else:
                at += 1

    def bag(self, words, limit):
        ids = [found for word in words for found in self.word(word)]
        return list(dict.fromkeys(ids))[:limit]

    def counted(self, words, counts):
        total = {}
        for word, count in zip(words, counts):
            for found in self.word(word):
                total[found] = total.get(found, 0) + count
        return list(total.items())[:MAX_TOKENS]


def ragged(rows, dtype):
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=offsets[1:])
    return offsets, np.fromiter((value for row in rows for value in row), dtype, count=int(offsets[-1]))


def encode(repositories, encoder):
    block_ids, block_counts, block_file, block_repo = [], [], [], []
    paths, questions, kinds, blocks_of = [], [], [], []
    for repo, files in enumerate(repositories):
        for path, blocks in files:
            if not any(block[2] for block in blocks):
                continue
            paths.append(encoder.bag(path, MAX_QUESTION))
            for words, counts, asked in blocks:
                bag = encoder.counted(words, counts)
                block_ids.append([entry for entry, _ in bag])
                block_counts.append([min(count, 255) for _, count in bag])
                block_file.append(len(paths) - 1)
                block_repo.append(repo)
                for kind, question in asked:
                    ids = encoder.bag(question, MAX_QUESTION)
                    if len(ids) > 1 and bag:
                        questions.append(ids)
                        kinds.append(KINDS.index(kind))
                        blocks_of.append(len(block_ids) - 1)
    block_offsets, block_flat = ragged(block_ids, np.uint16)
    path_offsets, path_flat = ragged(paths, np.uint16)
    question_offsets, question_flat = ragged(questions, np.uint16)
    return {
        'block_offsets': block_offsets, 'block_ids': block_flat, 'block_counts': ragged(block_counts, np.uint8)[1],
        'block_file': np.array(block_file, np.int32), 'block_repo': np.array(block_repo, np.int16),
        'path_offsets': path_offsets, 'path_ids': path_flat,
        'question_offsets': question_offsets, 'question_ids': question_flat,
        'question_kind': np.array(kinds, np.uint8), 'question_block': np.array(blocks_of, np.int32),
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('pairs')
    parser.add_argument('out')
    parser.add_argument('--rows', type=int, default=40000)
    options = parser.parse_args()
    with open(os.path.join(HERE, 'repositories.tsv'), encoding='utf-8') as table:
        training = [row['repository'] for row in csv.DictReader(table, delimiter='\t') if row['role'] == 'training']
    glossary = Glossary(os.path.join(HERE, 'glossary.zh.tsv'))
    files = [os.path.join(options.pairs, name.replace('/', '+') + '.jsonl.zst') for name in training]
    repositories = [read_repository(file, glossary) for file in files] + [glossary.as_repository()]
    entries, counts = make_vocabulary(repositories, options.rows)
    arrays = encode(repositories, Encoder(entries))
    frequency = np.array([0] + [counts[word] for word in entries], np.float64)
    np.savez_compressed(options.out, entries=np.array(entries), frequency=frequency, **arrays)
    print(f'{len(training)} repositories, {len(entries)} entries, {len(arrays["block_file"])} blocks, '
          f'{len(arrays["question_kind"])} questions', np.bincount(arrays['question_kind'], minlength=len(KINDS)))


if __name__ == '__main__':
    main()
