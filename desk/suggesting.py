"""A category suggested for each new ticket from its words, and learning from what officers choose. Never applied by itself."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from msgspec import Struct

from desk.seeing import needs_in
from sop.accuracy import Accuracy
from sop.office import Category, Office
from sop.officer import Officer, Right
from sop.suggest import Counts, Reason, Suggestion, suggest, words_of
from sop.ticket import Ticket
from store import office as offices
from store import suggestions, trail
from store.db import Change, Database, View

PERIOD = timedelta(days=90)  # over which the accuracy is measured


class Suggested(Struct, frozen=True, kw_only=True):
    """What stands beside the buttons of a ticket: the category and the words that spoke for it."""

    category: Category
    score: float
    why: tuple[Reason, ...]


class Measured(Struct, frozen=True, kw_only=True):
    """How often the first choice was the suggested one, since a day: in all, and by the suggested category."""

    since: datetime
    overall: Accuracy
    by_category: Mapping[int, Accuracy]


async def catch_up(db: Database, now: datetime) -> int:
    """Suggest for the tickets in which a reporter wrote since the last time; how many were looked at."""
    done = 0
    while found := await db.read(_look):
        news, suggested = found
        await db.write(_keep, news.upto, suggested, now)
        done += len(suggested)
    return done


def _look(view: View) -> tuple[suggestions.News, dict[int, Suggestion | None]] | None:
    news = suggestions.news(view)
    if news is None:
        return None
    office = offices.current(view)
    if not office.suggests or not office.categories:
        return news, {}
    known = suggestions.vocabulary(view)
    return news, {ticket: _judge(view, office, ticket, known) for ticket in news.tickets}


def _judge(view: View, office: Office, ticket: int, vocabulary: int) -> Suggestion | None:
    heard = words_of(suggestions.said(view, ticket))
    return suggest(heard, office.categories, _counts(view, office, heard, vocabulary)) if heard else None


def _counts(view: View, office: Office, words: Mapping[str, str], vocabulary: int) -> Counts:
    """What is known of these words, merged categories counted as their target and retired ones not at all."""
    found: dict[int, dict[str, int]] = {}
    for number, word, n in suggestions.counted(view, words):
        if category := office.category(number):
            mine = found.setdefault(category.id, {})
            mine[word] = mine.get(word, 0) + n
    return Counts(
        words=found,
        totals={number: each.get(suggestions.WORDS, 0) for number, each in found.items()},
        tickets={number: each.get(suggestions.TICKETS, 0) for number, each in found.items()},
        vocabulary=vocabulary,
    )


def _keep(change: Change, upto: int, suggested: Mapping[int, Suggestion | None], now: datetime) -> None:
    for ticket, found in suggested.items():
        if found is None:
            suggestions.drop(change, ticket)
        else:
            why = [(reason.word, round(reason.weight, 3)) for reason in found.why]
            suggestions.put(change, ticket, found.category, round(found.score, 3), why, now)
        change.tell(f"ticket.{ticket}")
    suggestions.seen(change, upto)


def of_ticket(office: Office, ticket: Ticket, stored: suggestions.Stored | None) -> Suggested | None:
    """What the page shows beside the buttons, as long as nobody filed the ticket. `stored` is its row, in the dossier."""
    if stored is None or ticket.categories or not office.suggests:
        return None
    category = office.category(stored.category)
    why = tuple(Reason(word, weight) for word, weight in stored.why)
    return Suggested(category=category, score=stored.score, why=why) if category else None


def chosen(change: Change, ticket: Ticket, category: int, now: datetime) -> None:
    """An officer filed the ticket (not kept on it yet): its words speak for that category from now on."""
    if not ticket.categories:
        suggestions.chosen(change, ticket.id, category, now)
    suggestions.learn(change, category, list(words_of(suggestions.said(change, ticket.id, now))))


def taken_off(change: Change, office: Office, ticket: Ticket, category: int) -> None:
    """An officer's choice is taken back, before its row goes: what it taught is forgotten. A reporter's taught nothing."""
    for number in sorted(office.counted_as(category)):
        at = suggestions.tagged_at(change, ticket.id, number)
        if at is not None:
            suggestions.unlearn(change, number, list(words_of(suggestions.said(change, ticket.id, at))))


def measured(view: View, office: Office, now: datetime) -> Measured:
    """Merged categories count as their target, on both sides."""
    found: dict[int, Accuracy] = {}
    for each in suggestions.outcomes(view, now - PERIOD):
        suggested, taken = (office.merged.get(one, one) for one in (each.suggested, each.chosen))
        right = each.n if suggested == taken else 0
        found[suggested] = found.get(suggested, Accuracy()).plus(Accuracy(each.n, right))
    overall = Accuracy(sum(each.n for each in found.values()), sum(each.right for each in found.values()))
    return Measured(since=now - PERIOD, overall=overall, by_category=found)


def switch(change: Change, actor: Officer, on: bool, now: datetime) -> None:
    """For the whole desk. What comes while it is off is not made up for. Raises NotAllowed."""
    needs_in(actor, Right.OFFICE, None)
    if offices.current(change).suggests == on:
        return
    offices.set_setting(change, offices.SUGGESTS, on)
    offices.changed(change)
    trail.add(change, "suggestion.on" if on else "suggestion.off", now, actor=actor.id)
