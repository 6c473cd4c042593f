"""How near a typed word is to one that we know: letters missing, doubled, swapped or another. Pure."""

from functools import lru_cache

SHORT = 6  # letters of a word below which another letter makes another word: "batu" is not "baru"
LONG = 9  # from here two slips are forgiven
SHORTEST = 4  # a shorter word is known in its listed forms alone: "top" is not "stop"
TOO_FAR = 99


def near(line: str, phrases: tuple[str, ...]) -> str:
    """The phrase that these words were meant to be, word by word; "" where none is near."""
    words = line.split(" ")
    best, found = TOO_FAR, ""
    for meant in _by_length(phrases).get(len(words), ()):
        far = 0
        for typed, word in zip(words, meant, strict=True):
            far += slips(typed, word)
            if far >= best:
                break
        else:
            best, found = far, " ".join(meant)
    return found


@lru_cache(maxsize=16)
def _by_length(phrases: tuple[str, ...]) -> dict[int, list[list[str]]]:
    """Phrases of one word, of two: each as its words."""
    found: dict[int, list[list[str]]] = {}
    for phrase in phrases:
        words = phrase.split(" ")
        found.setdefault(len(words), []).append(words)
    return found


def slips(typed: str, word: str) -> int:
    """How many slips of the finger lie between them; TOO_FAR where it is another word."""
    if typed == word:
        return 0
    most = 2 if len(word) >= LONG else 1
    if len(word) < SHORTEST or abs(len(typed) - len(word)) > most:
        return TOO_FAR
    if len(set(word).difference(typed)) > most:
        return TOO_FAR  # a slip brings back one letter that is not there, no more
    far = _distance(typed, word, other_letter=1 if len(word) >= SHORT else 2)
    return far if far <= most else TOO_FAR


def _distance(typed: str, word: str, *, other_letter: int) -> int:
    """Letters left out, put in or swapped with their neighbour count one each, another letter as given."""
    before: list[int] = []
    above = list(range(len(word) + 1))
    for i, letter in enumerate(typed, 1):
        row = [i]
        for j, other in enumerate(word, 1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other) * other_letter)
            if i > 1 and j > 1 and letter == word[j - 2] and typed[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, above = above, row
    return above[-1]
