"""English questions said in Chinese through a glossary, word for word."""
import csv

STOP = set("""a about all also an and any are as at be been being but by can could did do does doing done each for from get
got had has have having he her him his how i if in into is it its itself just like may me might more most must my no nor of
off on once only or our out own per same shall she should so some such t than that the their them then there these they
this those through to too under until up us very via was we were what when where which while who whom whose why will with
would you your s""".split())
ENDINGS = [('ies', 'y'), ('ied', 'y'), ('es', ''), ('s', ''), ('ed', ''), ('ed', 'e'), ('ing', ''), ('ing', 'e'), ('er', ''), ('er', 'e')]
MIN_KNOWN = 0.7
KEPT_ENGLISH = 0.15
MAX_WORDS = 12


def chinese_words(term):
    """As src/text/model-words.ts: characters, then pairs of neighbours."""
    return list(term) + [term[at:at + 2] for at in range(len(term) - 1)]


class Glossary:
    def __init__(self, path):
        with open(path, encoding='utf-8') as table:
            self.rows = [(row['chinese'], row['english'].split('|')) for row in csv.DictReader(table, delimiter='\t')]
        self.terms = {}
        for chinese, english in self.rows:
            for rank, term in enumerate(english):
                self.terms.setdefault(tuple(term.replace('-', ' ').split()), []).append((chinese, 1 / (1 + rank)))

    def spoken(self, question, random):
        """The question in Chinese, now and then with a word left in English; None where too much of it is unknown."""
        words = [word for word in question if word not in STOP]
        if len(words) < 2 or len(words) > MAX_WORDS or any(ord(word[0]) > 127 for word in words):
            return None
        said, known, at = [], 0, 0
        while at < len(words):
            length, found = self.find(words, at)
            if found is None or random.random() < KEPT_ENGLISH:
                said += words[at:at + length]
            else:
                weights = [weight for _, weight in found]
                total = sum(weights)
                said += chinese_words(found[random.choice(len(found), p=[weight / total for weight in weights])][0])
            known += length if found is not None else 0
            at += length
        return list(dict.fromkeys(said)) if known >= MIN_KNOWN * len(words) else None

    def find(self, words, at):
        pair = self.terms.get(tuple(words[at:at + 2])) if at + 1 < len(words) else None
        if pair is not None:
            return 2, pair
        word = words[at]
        for form in [word] + [word[:-len(end)] + rest for end, rest in ENDINGS if word.endswith(end) and len(word) > len(end) + 2]:
            found = self.terms.get((form,))
            if found is not None:
                return 1, found
        return 1, None

    def as_repository(self):
        """Every term as a question, its English words as the block that answers it."""
        blocks = []
        for chinese, english in self.rows:
            words = list(dict.fromkeys(word for term in english for word in term.replace('-', ' ').split()))
            blocks.append([[], [[words, [1] * len(words), [('glossary', chinese_words(chinese))]]]])
        return blocks
