"""Fits the learned ranking to labelled questions.

usage: python3 train.py FEATURES.jsonl OUT.json [--check FEATURES.jsonl …]

FEATURES come from `npm run bench -- features`. Prints NDCG@10 (one result a file) of the rules and of the learned ranking
on repositories that it was not fitted to: eight folds by repository, and every --check file. Needs numpy and lightgbm.
"""
import argparse
import json
import math

import lightgbm
import numpy as np

RULE_SCALE = 2  # src/retrieval/learned-ranking.ts
ROUNDS = 300
SEEDS = (1,)
FOLDS = 8
PARAMETERS = dict(
    objective='lambdarank', lambdarank_truncation_level=12, learning_rate=0.03, num_leaves=6, min_data_in_leaf=80,
    feature_fraction=0.6, bagging_fraction=0.8, bagging_freq=1, lambda_l2=10, verbose=-1, num_threads=2, deterministic=True,
    force_row_wise=True,
)


def read(path):
    with open(path, encoding='utf-8') as lines:
        features = json.loads(next(lines))
        questions = [json.loads(line) for line in lines]
    for question in questions:
        question['numbers'] = np.array([row[2] for row in question['rows']], np.float64).reshape(-1, len(features))
        question['labels'] = np.array([row[1] for row in question['rows']], np.int32)
    return features, [question for question in questions if question['rows']]


def fit(features, questions, seed):
    useful = [question for question in questions if question['labels'].any()]
    numbers = np.concatenate([question['numbers'] for question in useful])
    data = lightgbm.Dataset(
        numbers, np.concatenate([question['labels'] for question in useful]), group=[len(q['labels']) for q in useful],
        init_score=RULE_SCALE * numbers[:, features.index('rules')], feature_name=[f.replace('-', '_') for f in features])
    return lightgbm.train({**PARAMETERS, 'seed': seed}, data, ROUNDS)


def ndcg(question, scores):
    best = {}
    for (path, label, _), score in zip(question['rows'], scores):
        if path not in best or score > best[path][0]:
            best[path] = (score, label)
    shown = sorted(best.values(), key=lambda item: -item[0])[:10]
    gain = sum(label / math.log2(at + 2) for at, (_, label) in enumerate(shown))
    return gain / sum(1 / math.log2(at + 2) for at in range(min(10, question['targets'])))


def report(name, features, questions, models_of):
    rules = features.index('rules')
    before = np.array([ndcg(question, question['numbers'][:, rules]) for question in questions])
    after = np.array([
        ndcg(question, RULE_SCALE * question['numbers'][:, rules] + np.mean([m.predict(question['numbers']) for m in models_of(question)], axis=0))
        for question in questions])
    gained = after - before
    print(f'{name}: {len(questions)} questions, rules {before.mean():.4f}, learned {after.mean():.4f}, '
          f'difference {gained.mean():+.4f} ± {1.96 * gained.std() / math.sqrt(len(gained)):.4f}')


def tree_of(model, index, share):
    """A tree as lists: feature, threshold, left, right and value of each node, the root first."""
    columns = {'feature': [], 'threshold': [], 'left': [], 'right': [], 'value': []}

    def add(node):
        at = len(columns['value'])
        for column in columns.values():
            column.append(0)
        if 'leaf_value' in node:
            columns['left'][at] = columns['right'][at] = at
            columns['value'][at] = round(node['leaf_value'] * share, 6)
            return at
        columns['feature'][at] = node['split_feature']
        columns['threshold'][at] = float(f"{node['threshold']:.7g}")
        columns['value'][at] = round(node['internal_value'] * share, 6)
        columns['left'][at] = add(node['left_child'])
        columns['right'][at] = add(node['right_child'])
        return at

    add(model['tree_info'][index]['tree_structure'])
    return columns


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('features')
    parser.add_argument('out')
    parser.add_argument('--check', action='append', default=[])
    options = parser.parse_args()
    features, questions = read(options.features)
    repositories = np.random.default_rng(0).permutation(sorted({question['repo'] for question in questions}))
    fold_of = {name: at % FOLDS for at, name in enumerate(repositories)}
    folds = [[fit(features, [q for q in questions if fold_of[q['repo']] != fold], SEEDS[0])] for fold in range(FOLDS)]
    report('unseen repositories', features, questions, lambda question: folds[fold_of[question['repo']]])
    models = [fit(features, questions, seed) for seed in SEEDS]
    for path in options.check:
        report(path, features, read(path)[1], lambda question: models)
    dumps = [model.dump_model() for model in models]
    trees = [tree_of(dump, at, 1 / len(SEEDS)) for dump in dumps for at in range(len(dump['tree_info']))]
    with open(options.out, 'w', encoding='utf-8') as out:
        json.dump({'features': features, 'trees': trees}, out, separators=(',', ':'))
        out.write('\n')


if __name__ == '__main__':
    main()
