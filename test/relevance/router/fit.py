"""Fits the router's decision to labelled messages.

usage: python3 fit.py SIGNALS.jsonl ROUTING_FOLDER [--by author|project] [--check] [--errors] [--without SIGNAL …]

SIGNALS come from `npm run bench -- router --out`. Two logistic models, one on top of the other, both with a quadratic penalty:
wording-model.json weighs short runs of words, and its log-odds are one of the signals that route-model.json weighs. Prints how
good they are on messages of each author, or with `--by project` of each project, when they have seen nothing of that author or
project (the wording of a message that the upper model is fitted to comes from a model that has not seen the message's project
either), and what other thresholds would give. `--check` writes nothing. Needs numpy and scipy.
"""
import argparse
import json
import math

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

WORDING_PENALTY = 1.5
SIGNAL_PENALTY = 1.0
EXAMPLE_WEIGHT = 0.75  # of a message that belongs to no project
FEWEST = 2  # messages that have a run of words
LEAST = 0.02  # weights below it are left out
THRESHOLD = 0.9  # log-odds; where few general messages of authors left out are retrieved for
SURE_ODDS = 3  # log-odds at which an earlier message counts in full, as in query-router.ts


def read(path):
    with open(path, encoding='utf-8') as lines:
        names = json.loads(next(lines))
        return names, [json.loads(line) for line in lines]


def logistic(numbers, labels, penalty, weights=None):
    """Weights and bias, the bias last and free of penalty."""
    count = numbers.shape[1]
    weights = np.ones(len(labels)) if weights is None else weights

    def loss(at):
        odds = numbers @ at[:-1] + at[-1]
        likely = 1 / (1 + np.exp(-odds))
        value = (weights * (np.logaddexp(0, odds) - labels * odds)).sum() + penalty / 2 * (at[:-1] ** 2).sum()
        slope = weights * (likely - labels)
        return value, np.append(numbers.T @ slope + penalty * at[:-1], slope.sum())

    return minimize(loss, np.zeros(count + 1), jac=True, method='L-BFGS-B', options={'maxiter': 2000}).x


class Wording:
    """The model of runs of words, fitted to some of the messages."""

    def __init__(self, messages, labels):
        counts = {}
        for message in messages:
            for gram in message['grams']:
                counts[gram] = counts.get(gram, 0) + 1
        self.places = {gram: at for at, gram in enumerate(sorted(gram for gram, n in counts.items() if n >= FEWEST))}
        weights = np.array([1.0 if 'project' in message else EXAMPLE_WEIGHT for message in messages])
        self.weights = logistic(self.matrix(messages), labels, WORDING_PENALTY, weights)

    def matrix(self, messages):
        cells = [(row, self.places[gram]) for row, message in enumerate(messages) for gram in message['grams'] if gram in self.places]
        rows, columns = zip(*cells) if cells else ((), ())
        return csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(messages), len(self.places)))

    def score(self, messages):
        return np.clip(self.matrix(messages) @ self.weights[:-1] + self.weights[-1], -8, 8)


class Fitting:
    def __init__(self, names, lines, without):
        self.names = names
        self.examples = [line for line in lines if 'project' not in line]
        # Rules decide without signals: nothing is to be learned from these.
        self.ruled = [line for line in lines if 'project' in line and not any(line['signals'])]
        self.messages = [line for line in lines if 'project' in line and any(line['signals'])]
        self.projects = np.array([message['project'] for message in self.messages])
        self.authors = np.array([message['author'] for message in self.messages])
        self.labels = labels_of(self.messages)
        self.signals = np.array([message['signals'] for message in self.messages], np.float64)
        for name in without:
            self.signals[:, names.index(name)] = 0
        self.models = {}

    def wording(self, left_out):
        """A model of wording that has not seen the projects and authors left out."""
        key = frozenset(left_out)
        if key not in self.models:
            seen = [message for message in self.messages + self.examples if not key & {message.get('project'), message['author']}]
            self.models[key] = Wording(seen, labels_of(seen))
        return self.models[key]

    def numbers(self, left_out, model):
        """The signals of all messages: wording and history by models that have not seen the message's project."""
        numbers = self.signals.copy()
        for project in set(self.projects):
            own = np.flatnonzero(self.projects == project)
            seen = [at for at in own if not left_out & {project, self.messages[at]['author']}]
            unseen = [at for at in own if at not in set(seen)]
            if seen:
                self.read(numbers, seen, self.wording({*left_out, project}), model)
            if unseen:
                self.read(numbers, unseen, self.wording(left_out), model)
        return numbers

    def read(self, numbers, places, wording, model):
        numbers[places, 0] = wording.score([self.messages[at] for at in places])
        for at in places:
            past = self.messages[at]['past']
            if model is not None and past:
                self.remember(numbers[at], self.history(past, wording, model))

    def history(self, past, wording, model):
        """Whether the messages before are about the project, on average, -1 to 1."""
        about, judged = 0, []
        for message, score in zip(past, wording.score(past)):
            signals = np.array(message['signals'], np.float64)
            signals[0] = score
            self.remember(signals, about)
            judged.append(min(1, max(-1, (signals @ model[:-1] + model[-1] - THRESHOLD) / SURE_ODDS)))
            about = sum(judged) / len(judged)
        return about

    def remember(self, signals, about):
        signals[self.names.index('history')] = about
        for at, name in enumerate(self.names):
            if name.startswith('history-'):
                signals[at] = signals[self.names.index(name.removeprefix('history-'))] * about

    def fit(self, left_out):
        """The upper model, a few times: what was said before is judged by the one before."""
        seen = np.array([not left_out & {message['project'], message['author']} for message in self.messages])
        model = None
        for _ in range(3):
            numbers = self.numbers(left_out, model)
            model = logistic(numbers[seen], self.labels[seen], SIGNAL_PENALTY)
        return model, self.numbers(left_out, model)

    def left_out_odds(self, by):
        """Log-odds of each message by models that have seen nothing of its author or project."""
        odds = np.zeros(len(self.messages))
        groups = self.authors if by == 'author' else self.projects
        for group in sorted(set(groups)):
            model, numbers = self.fit({group})
            odds[groups == group] = (numbers @ model[:-1] + model[-1])[groups == group]
        return odds


def labels_of(messages):
    return np.array([message['label'] == 'project' for message in messages], np.float64)


class Result:
    """Decisions at a threshold, with the messages that rules decide."""

    def __init__(self, fitting, odds, threshold):
        self.messages = fitting.messages + fitting.ruled
        by_rule = np.zeros(len(fitting.ruled), bool)
        files = np.array([message['signals'][fitting.names.index('paths')] > 0 for message in fitting.messages])
        self.retrieves = np.append((odds >= threshold) | files, by_rule)
        self.labels = labels_of(self.messages)

    def line(self, some=None):
        some = np.ones(len(self.messages), bool) if some is None else some
        found = self.retrieves[some & (self.labels == 1)]
        wrong = self.retrieves[some & (self.labels == 0)]
        hit, general = (found.mean() if len(found) else 1.0), (wrong.mean() if len(wrong) else 0.0)
        width = math.sqrt(hit * (1 - hit) / max(1, len(found)) + general * (1 - general) / max(1, len(wrong))) * 1.96 / 2
        return f'balanced accuracy {(hit + 1 - general) / 2:.4f} ± {width:.3f}, general retrieved {general:.3f}, project missed {1 - hit:.3f}'

    def by(self, key):
        for value in sorted({key(message) for message in self.messages}):
            yield value, self.line(np.array([key(message) == value for message in self.messages]))


def show(fitting, odds, errors):
    result = Result(fitting, odds, THRESHOLD)
    print(f'threshold {THRESHOLD}: {result.line()}')
    for name, key in (('author', lambda m: m['author']), ('project', lambda m: m['project']), ('language', lambda m: m['language']), ('kind', lambda m: f"{m['label']} {m['kind']}")):
        print(f'by {name}:')
        for value, line in result.by(key):
            print(f'  {value:20} {line}')
    print('other thresholds:')
    for other in np.arange(-0.5, 2.01, 0.25):
        print(f'  {other:+.2f} {Result(fitting, odds, other).line()}')
    if errors:
        for message, odd, wrong in zip(fitting.messages, odds, (result.retrieves != (result.labels == 1))):
            if wrong:
                signals = [f'{n}={v:.1f}' for n, v in zip(fitting.names[1:], message['signals'][1:]) if v]
                print(f"{odd:+.2f} {message['project']} {message['label']} {message['kind']} {message['question'][:110]!r} {signals}")


def write(fitting, folder):
    seen = fitting.messages + fitting.examples
    wording = Wording(seen, labels_of(seen))
    path = f'{folder}/wording-model.json'
    with open(path, encoding='utf-8') as before:
        everyday = json.load(before)['everyday']
    kept = {gram: round(float(wording.weights[at]), 2) for gram, at in wording.places.items() if abs(wording.weights[at]) >= LEAST}
    dump(path, {'everyday': everyday, 'bias': round(float(wording.weights[-1]), 3), 'grams': list(kept), 'weights': list(kept.values())})
    model, _ = fitting.fit(set())
    for name, weight in sorted(zip(fitting.names, model), key=lambda item: item[1]):
        print(f'  {name:20} {weight:+.2f}')
    weights = [round(float(weight), 3) for weight in model]
    dump(f'{folder}/route-model.json', {'signals': fitting.names, 'weights': weights[:-1], 'bias': weights[-1], 'threshold': THRESHOLD})


def dump(path, value):
    with open(path, 'w', encoding='utf-8') as out:
        json.dump(value, out, ensure_ascii=False)
        out.write('\n')


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('signals')
    parser.add_argument('folder')
    parser.add_argument('--by', choices=['author', 'project'], default='author')
    parser.add_argument('--check', action='store_true')
    parser.add_argument('--errors', action='store_true')
    parser.add_argument('--without', nargs='*', default=[])
    given = parser.parse_args()
    fitting = Fitting(*read(given.signals), given.without)
    odds = fitting.left_out_odds(given.by)
    show(fitting, odds, given.errors)
    if not given.check:
        write(fitting, given.folder)


if __name__ == '__main__':
    main()
