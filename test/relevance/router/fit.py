"""Fits the router's decision to labelled messages.

usage: python3 fit.py SIGNALS.jsonl OUT.json

SIGNALS come from `npm run bench -- router --out`. Logistic regression with a quadratic penalty; prints the balanced accuracy
on each project when fitted to the others. Needs numpy.
"""
import json
import sys

import numpy as np

PENALTY = 0.002
STEPS = 3000
RATE = 0.3


def read(path):
    with open(path, encoding='utf-8') as lines:
        names = json.loads(next(lines))
        messages = [json.loads(line) for line in lines]
    return names, [message for message in messages if any(message['signals'])]


def fit(numbers, labels):
    numbers = np.hstack([numbers, np.ones((len(numbers), 1))])
    weights = np.zeros(numbers.shape[1])
    kept = np.append(np.ones(numbers.shape[1] - 1), 0)
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-numbers @ weights))
        weights -= RATE * (numbers.T @ (likely - labels) / len(labels) + PENALTY * kept * weights)
    return weights


def balanced(weights, numbers, labels):
    decided = numbers @ weights[:-1] + weights[-1] >= 0
    return (decided[labels == 1].mean() + (~decided[labels == 0]).mean()) / 2


def main():
    names, messages = read(sys.argv[1])
    numbers = np.array([message['signals'] for message in messages], np.float64)
    labels = np.array([message['label'] == 'project' for message in messages], np.float64)
    projects = np.array([message['project'] for message in messages])
    for project in sorted(set(projects)):
        own = projects == project
        print(f'{project}: {balanced(fit(numbers[~own], labels[~own]), numbers[own], labels[own]):.4f}')
    weights = fit(numbers, labels)
    print(f'fitted to all: {balanced(weights, numbers, labels):.4f}')
    for name, weight in sorted(zip(names, weights), key=lambda item: item[1]):
        print(f'  {name} {weight:+.2f}')
    model = {'signals': names, 'weights': [round(float(weight), 3) for weight in weights[:-1]], 'bias': round(float(weights[-1]), 3)}
    with open(sys.argv[2], 'w', encoding='utf-8') as out:
        json.dump(model, out, indent=2)
        out.write('\n')
    if '--errors' in sys.argv:
        for message, likely in zip(messages, numbers @ weights[:-1] + weights[-1]):
            if (likely >= 0) != (message['label'] == 'project'):
                print(f"{likely:+.2f} {message['label']} {message['kind']} {message['question'][:110]!r} {[f'{n}={v:.1f}' for n, v in zip(names, message['signals']) if v]}")


if __name__ == '__main__':
    main()
