"""Dutch text as numbers: letters, parts of compounds and meanings, side by side in one sparse row."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize
from sklearn.utils.validation import check_is_fitted

from features.codes import read_table
from features.dutch import CompoundSplitter, stem, words
from features.errors import FeatureError

_LEXICON_COUNT = 3  # a word of the lexicon counts as if it occurred this often, so that compounds are split by it


@lru_cache(maxsize=1)
def meanings() -> MappingProxyType[str, tuple[str, ...]]:
    """Meanings (concepts of ``lexicon.csv``) of a stem: what *poets*, *kuis* and *schoonmaak* share."""
    found: dict[str, tuple[str, ...]] = {}
    for concept, form in _forms():
        key = stem(form)
        if concept not in found.get(key, ()):
            found[key] = (*found.get(key, ()), concept)
    return MappingProxyType(found)


@lru_cache(maxsize=1)
def _forms() -> tuple[tuple[str, str], ...]:
    rows = read_table("lexicon.csv")
    return tuple((row["concept"], word) for row in rows for form in row["forms"].split("|") for word in words(form))


class DutchVectorizer(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Turn Dutch texts into rows that are near when the texts mean the same work.

    A row has three blocks, each TF-IDF with logarithmic counts and of length 1: character n-grams within
    words (they forgive spelling and inflection), stems of words and of the parts of compounds, and meanings
    from the product's lexicon of Dutch and Flemish words. A word counts less the later it stands, since a
    title or definition begins with what it is about.

    Parameters
    ----------
    char_ngrams : (int, int)
        Shortest and longest character n-gram.
    part_weight, concept_weight : float
        Weight of parts and of meanings in the inner product of two rows, letters being 1.
    half_position : float
        Number of words before a word at which its weight has fallen to a half.

    Attributes
    ----------
    vocabularies_ : tuple of transformers
        From word to letters, parts and meanings.
    idf_ : list of ndarray of shape (features of the block,)
        Inverse document frequency, ``log((1 + n) / (1 + df)) + 1``.
    n_features_ : int
        Columns of a row.
    """

    def __init__(
        self,
        char_ngrams: tuple[int, int] = (2, 5),
        part_weight: float = 0.15,
        concept_weight: float = 0.25,
        half_position: float = 8.0,
    ) -> None:
        self.char_ngrams = char_ngrams
        self.part_weight = part_weight
        self.concept_weight = concept_weight
        self.half_position = half_position

    def fit(self, X: Iterable[str], y: object = None) -> Self:  # noqa: ARG002
        """Learn words, n-grams and their frequencies from texts; raises FeatureError if they hold no word."""
        self._learn(X)
        return self

    def fit_transform(self, X: Iterable[str], y: object = None, **fit_params: object) -> sp.csr_matrix:  # noqa: ARG002
        """Fit on the texts and return their rows."""
        return self._rows(self._learn(X))

    def transform(self, X: Iterable[str]) -> sp.csr_matrix:
        """Rows of the texts, a sparse matrix (texts, n_features_); a text without any word is a row of zeros."""
        check_is_fitted(self)
        return self._rows(self._counts(_texts(X)))

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Names of the columns: ``letters ...``, ``part ...`` and ``meaning ...``."""
        check_is_fitted(self)
        blocks = zip(("letters", "part", "meaning"), self.vocabularies_, strict=True)
        return np.array([f"{kind} {name}" for kind, one in blocks for name in one.get_feature_names_out()], object)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = False
        tags.input_tags.string = True
        return tags

    def _learn(self, X: Iterable[str]) -> list[sp.csr_matrix]:
        self._check_parameters()
        texts = _texts(X)
        counts = Counter(word for text in texts for word in words(text))
        if not counts:
            raise FeatureError("the texts to learn from hold no word; expected at least one text with a word in it")
        self.splitter_ = CompoundSplitter(counts + Counter({form: _LEXICON_COUNT for _, form in _forms()}))
        distinct = sorted(counts)
        letters = CountVectorizer(
            analyzer="char_wb", ngram_range=self.char_ngrams, dtype=np.float32, lowercase=False
        ).fit(distinct)
        parts = DictVectorizer(dtype=np.float32).fit(map(self._parts, distinct))
        concepts = DictVectorizer(dtype=np.float32).fit([{concept: 1.0 for concept, _ in _forms()}])
        self.vocabularies_ = (letters, parts, concepts)
        blocks = self._counts(texts)
        self.idf_ = [_idf(block) for block in blocks]
        self.n_features_ = sum(block.shape[1] for block in blocks)
        return blocks

    def _check_parameters(self) -> None:
        low, high = self.char_ngrams
        if not 1 <= low <= high:
            raise FeatureError(f"char_ngrams {self.char_ngrams!r} must be two numbers, 1 or more, the smaller first")
        if min(self.part_weight, self.concept_weight) < 0:
            raise FeatureError("part_weight and concept_weight must be 0 or more")
        if self.half_position <= 0:
            raise FeatureError(f"half_position {self.half_position!r} must be above 0")

    def _counts(self, texts: Sequence[str]) -> list[sp.csr_matrix]:
        """Weighted counts (texts, features) per block, by way of the distinct words of these texts."""
        split = [words(text) for text in texts]
        distinct = sorted({word for text in split for word in text})
        column = {word: index for index, word in enumerate(distinct)}
        starts = np.cumsum([0, *map(len, split)])
        places = [column[word] for text in split for word in text]
        weights = [1 / (1 + at / self.half_position) for text in split for at in range(len(text))]
        shape = (len(split), len(distinct))
        rows = sp.csr_matrix((np.array(weights, np.float32), places, starts), shape=shape)
        rows.sum_duplicates()
        letters, parts, concepts = self.vocabularies_
        if not distinct:
            return [sp.csr_matrix((len(split), len(one.get_feature_names_out())), dtype=np.float32)
                    for one in self.vocabularies_]
        return [
            sp.csr_matrix(rows @ letters.transform(distinct)),
            sp.csr_matrix(rows @ parts.transform(map(self._parts, distinct))),
            sp.csr_matrix(rows @ concepts.transform(map(self._concepts, distinct))),
        ]

    def _rows(self, counts: list[sp.csr_matrix]) -> sp.csr_matrix:
        blocks = []
        for block, idf, weight in zip(counts, self.idf_, (1.0, self.part_weight, self.concept_weight), strict=True):
            scaled = block.copy()
            scaled.data = np.log1p(scaled.data) * idf[scaled.indices]
            blocks.append(normalize(scaled) * np.float32(weight**0.5))
        return sp.hstack(blocks, format="csr")

    def _parts(self, word: str) -> dict[str, float]:
        return {stem(part): 1.0 for part in (word, *self.splitter_.split(word))}

    def _concepts(self, word: str) -> dict[str, float]:
        found: dict[str, float] = {}
        for part in (word, *self.splitter_.split(word)):
            known = meanings().get(stem(part), ())
            for concept in known:  # a word of several meanings speaks less for each
                found[concept] = max(found.get(concept, 0.0), len(known) ** -0.5)
        return found


def _texts(X: Iterable[str]) -> list[str]:
    if isinstance(X, (str, bytes)):
        raise FeatureError("a single text was given; expected a sequence of texts")
    texts = list(X)
    for index, text in enumerate(texts):
        if not isinstance(text, str):
            raise FeatureError(f"text {index} is {type(text).__name__}; expected str")
    return texts


def _idf(block: sp.csr_matrix) -> NDArray[np.float32]:
    seen = np.bincount(block.indices, minlength=block.shape[1])
    return np.asarray(np.log((1 + block.shape[0]) / (1 + seen)) + 1, np.float32)
