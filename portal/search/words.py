"""Words as the search compares them: folded, without endings, compounds taken apart.

„Bücher“, „Buecher“ and „bücher“ are one word, „betreuen“ and „Betreuung“ have one stem, and so have
„Patin“, „Paten“ and „Pat:innen“.
"""

import re
import unicodedata
from collections.abc import Container, Iterator
from functools import lru_cache

from snowballstemmer import stemmer

FILLERS = frozenset(
    # German
    "aber als alle am an anderen andere andern auch auf aus bei beim bin bitte da das dass dem den "
    "der des die dort du ein eine einem einen einer es etwas finden für fuer geben gern gerne gibt "
    "habe haben hier hilfe helfen ich ihr im in irgendwas irgendwie ist ja jemand kann kannst können "
    "konnen machen man mehr mein meine mich mir mit möchte mochte nach neu nicht nur ob oder sein "
    "sich sie sind so stuttgart stuttgarter suche suchen tun über uber um und uns viel vom von vor "
    "war was wer werden wie will wir wird wo würde wurde zu zum zur zwischen "
    # English
    "a an and any at by can do find for from help how i in is like me my of on or some that the there "
    "to want we what where with would you "
    # Ukrainian, Russian
    "в у з із і й та на для до хочу як де допомога допомогти допомагати "
    "с и к по как где помощь помочь помогать я "
    # Arabic, Persian, Turkish
    "في من على إلى مع و أريد أين مساعدة به در با از برای و می‌خواهم کمک کجا "
    "ve ile için bir istiyorum nerede yardım".split()
)
"""Words that say nothing about what is looked for, in the languages of the synonyms."""

LINKS = ("", "s", "es", "n", "en", "er", "e")
"""What may stand between the parts of a German compound."""
SHORTEST = 3
"""Parts of compounds are at least this long, in letters."""

_stemmers = {
    name: stemmer(language)
    for name, language in (("LATIN", "german"), ("CYRILLIC", "russian"), ("ARABIC", "arabic"))
}
"""Script → the stemmer for its words. Russian endings also fit most Ukrainian words."""


@lru_cache(maxsize=50_000)
def fold(text: str) -> str:
    """Small letters without accents; „ae“, „oe“, „ue“ become „a“, „o“, „u“, but not in „neue“."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"(?<![aeiouq])([aou])e", r"\1", plain)


def words(text: str) -> list[str]:
    """The words of ``text``, folded. „WillkommensPaten“ is one word, „Pat:innen“ and „Pat*innen“, too."""
    return [folded for folded, _typed in spelt(text)]


def spelt(text: str) -> list[tuple[str, str]]:
    """The words of ``text``, each folded and as it was typed."""
    joined = re.sub(r"(?<=\w)[:*_·](?=innen\b|in\b)", "", text)
    return [(fold(word), word) for word in re.findall(r"[^\W_]+", joined)]


def all_words(text: str) -> list[str]:
    """The same, and the parts of words with capitals inside: „WillkommensPaten“ is also „Paten“."""
    inside = re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])", " ", text)
    return words(text) if inside == text else list(dict.fromkeys(words(text) + words(inside)))


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """``word`` (folded) without its endings. Words in scripts without a stemmer stay as they are."""
    for ending in ("innen", "in"):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            word = word.removesuffix(ending) + "en"
            break
    own = _stemmers.get(unicodedata.name(word[0], "").partition(" ")[0]) if word else None
    found: str = own.stemWord(word) if own else word
    return found.removesuffix("ung") if len(found) > 5 else found


def parts(word: str, known: Container[str]) -> list[str]:
    """The stems of which ``word`` is put together, or nothing; ``known`` holds the stems there are."""
    for at in range(len(word) - SHORTEST, SHORTEST - 1, -1):
        right = stem(word[at:])
        if right not in known:
            continue
        for left in _without_link(word[:at]):
            if stem(left) in known:
                return [stem(left), right]
            if further := parts(left, known):
                return [*further, right]
    return []


def _without_link(word: str) -> Iterator[str]:
    for link in LINKS:
        if word.endswith(link) and len(word) - len(link) >= SHORTEST:
            yield word.removesuffix(link) if link else word


def misspelt(word: str, other: str) -> bool:
    """Whether ``word`` and ``other`` differ by one typing error, by two in words of eight letters and more."""
    allowed = 2 if len(word) >= 8 else 1
    if len(word) < 4 or abs(len(word) - len(other)) > allowed or word[0] != other[0]:
        return False
    return distance(word, other, allowed) <= allowed


def distance(one: str, two: str, most: int) -> int:
    """Letters to add, leave out, change or swap with the next; more than ``most`` is ``most + 1``."""
    before, row = list(range(len(two) + 1)), list(range(len(two) + 1))
    last: list[int] = []
    for i, a in enumerate(one, 1):
        last, before, row = before, row, [i]
        for j, b in enumerate(two, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == two[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
