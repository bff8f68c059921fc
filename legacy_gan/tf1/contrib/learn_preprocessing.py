"""tf.contrib.learn.preprocessing: words to numbers.

Source: the interface of tf.contrib.learn.preprocessing in TensorFlow 1.15.5.
"""

import collections
import pickle
import re

import numpy as np

from legacy_gan.tf1.namespace import refusal

__all__ = ["CategoricalVocabulary", "VocabularyProcessor", "tokenizer"]

__getattr__ = refusal("tf.contrib.learn.preprocessing")

# A run of capitals, a capitalised word before another one, or any word.
_TOKEN = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|[\'\w\-]+", re.UNICODE)


def tokenizer(iterator):
    """Yields the list of words of each document."""
    for value in iterator:
        yield _TOKEN.findall(value)


class CategoricalVocabulary:
    """Gives words numbers in the order they come; 0 is the unknown word."""

    def __init__(self, unknown_token="<UNK>", support_reverse=True):
        self._words, self._numbers = [unknown_token], {unknown_token: 0}
        self._counts, self._frozen = collections.Counter(), False
        self._reverses = support_reverse

    @property
    def _mapping(self):  # a private name that listings read
        return self._numbers

    def __len__(self):
        return len(self._words)

    def freeze(self, freeze=True):
        """From now on a new word is unknown."""
        self._frozen = freeze

    def get(self, category):
        """Returns the number of a word; a new one is added unless the vocabulary is frozen."""
        if category not in self._numbers:
            if self._frozen:
                return 0
            self._numbers[category] = len(self._words)
            self._words.append(category)
        return self._numbers[category]

    def add(self, category, count=1):
        """Counts a word."""
        if self.get(category) > 0:
            self._counts[category] += count

    def trim(self, min_frequency, max_frequency=-1):
        """Keeps the words counted more than min_frequency times, the most frequent first.

        With max_frequency only those counted fewer times than that.
        """
        ordered = sorted(self._counts.items(), key=lambda entry: entry[0])
        ordered.sort(key=lambda entry: -entry[1])
        kept = [(word, count) for word, count in ordered if count > min_frequency and not (0 < max_frequency <= count)]
        self._words = [self._words[0]] + [word for word, _ in kept]
        self._numbers = {word: number for number, word in enumerate(self._words)}
        self._counts = collections.Counter(dict(kept))

    def reverse(self, class_id):
        """Returns the word of a number."""
        if not self._reverses:
            raise ValueError("CategoricalVocabulary: made without support_reverse")
        return self._words[class_id]


class VocabularyProcessor:
    """Turns documents into rows of word numbers, zeros after their end.

    Args:
      max_document_length: int, the length of a row; longer documents are cut.
      min_frequency: int; words counted at most so often are unknown.
      vocabulary: CategoricalVocabulary, None for a new one.
      tokenizer_fn: function of an iterator of documents that yields lists of words.
    """

    def __init__(self, max_document_length, min_frequency=0, vocabulary=None, tokenizer_fn=None):
        self.max_document_length, self.min_frequency = max_document_length, min_frequency
        self.vocabulary_ = vocabulary or CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents, unused_y=None):
        """Learns the words of the documents; returns itself."""
        for tokens in self._tokenizer(raw_documents):
            for token in tokens:
                self.vocabulary_.add(token)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(self, raw_documents, unused_y=None):
        """Learns the words, then yields the rows."""
        self.fit(raw_documents)
        return self.transform(raw_documents)

    def transform(self, raw_documents):
        """Yields a row, int64 [max_document_length], for each document."""
        for tokens in self._tokenizer(raw_documents):
            row = np.zeros(self.max_document_length, np.int64)
            for place, token in enumerate(tokens[: self.max_document_length]):
                row[place] = self.vocabulary_.get(token)
            yield row

    def reverse(self, documents):
        """Yields the words of each row, with a space between."""
        for row in documents:
            yield " ".join(self.vocabulary_.reverse(number) for number in row)

    def save(self, filename):
        """Writes it to a file."""
        with open(filename, "wb") as f:
            f.write(pickle.dumps(self))

    @classmethod
    def restore(cls, filename):
        """Reads it from a file of one's own: it is a pickle, which can run code."""
        with open(filename, "rb") as f:
            return pickle.loads(f.read())
