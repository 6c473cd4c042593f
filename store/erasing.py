"""Words, names and addresses leave their rows, whose ids, times and decisions stay.

Files are only noted here: `erased_file` holds the places of those that nothing refers to any more, and they leave the disk
after COMMIT. What a template or a publication still refers to stays there.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from hashlib import sha256

from msgspec import Struct

from store import search
from store.db import Change, Row, View
from store.retention import listed

WISHES = "langganan"  # of keys: mail addresses that asked for announcements and have not said yes yet
GONE = "erased"  # of an address: its state, and before its number in place of its value


class Content(Struct, frozen=True, kw_only=True):
    """How much a ticket, with those joined to it, holds. `size` in bytes."""

    messages: int
    notes: int
    revisions: int
    files: int
    size: int
    letters: int


def content(view: View, tickets: Collection[int]) -> Content:
    those = listed(tickets)
    row = view.one(
        f"""
        SELECT (SELECT count(*) FROM message WHERE ticket_id IN ({those}) AND direction <> 'note') AS messages,
               (SELECT count(*) FROM message WHERE ticket_id IN ({those}) AND direction = 'note') AS notes,
               (SELECT count(*) FROM revision r JOIN message m ON m.id = r.message_id
                 WHERE m.ticket_id IN ({those})) AS revisions,
               (SELECT count(*) FROM attachment a JOIN message m ON m.id = a.message_id
                 WHERE m.ticket_id IN ({those})) AS files,
               (SELECT CAST(coalesce(sum(a.size), 0) AS BIGINT) FROM attachment a JOIN message m ON m.id = a.message_id
                 WHERE m.ticket_id IN ({those})) AS size,
               (SELECT count(*) FROM outbox o JOIN message m ON m.id = o.message_id
                 WHERE m.ticket_id IN ({those})) AS letters
        """
    )
    assert row is not None
    return Content(**row)


def words(change: Change, tickets: Collection[int], *, rule: str, at: datetime) -> None:
    """Erase all that was said in these tickets. The caller has checked that they are closed and nothing is under way."""
    those = listed(tickets)
    said = change.all(f"SELECT id, author_id FROM message WHERE ticket_id IN ({those}) ORDER BY id")
    for each in said:
        search.forget(change, each["id"])
    _letters(change, those, at)
    _drafts(change, those, said)
    _files(change, those)
    _parked(change, those)
    change.run(
        f"DELETE FROM revision WHERE message_id IN (SELECT id FROM message WHERE ticket_id IN ({those}))"
    )
    change.run(
        f"""
        UPDATE message SET text = '', quoted = '', subject = '', album = '', payload_json = :none, external_id = NULL,
                           salt = ''
         WHERE ticket_id IN ({those})
        """,
        none={},
    )
    change.run(f"UPDATE visit SET reason = '' WHERE case_kind = 'ticket' AND case_id IN ({those})")
    change.run(f"UPDATE rating SET words = '' WHERE ticket_id IN ({those})")
    change.run(f"UPDATE suggestion SET why_json = :none WHERE ticket_id IN ({those})", none=[])
    _talks(change, those)
    _joined(change, those)
    change.run(
        f"""
        UPDATE ticket SET subject = '', name = '', unread = :no, erased_at = :at, erased_rule = :rule
         WHERE id IN ({those})
        """,
        no=False,
        at=at,
        rule=rule,
    )


def _letters(change: Change, those: str, at: datetime) -> None:
    """What was sent keeps its state and times; a dead letter is settled and a call called off: nothing is left to say."""
    rows = change.all(
        f"""
        SELECT o.id, o.channel, o.recipient FROM outbox o JOIN message m ON m.id = o.message_id
         WHERE m.ticket_id IN ({those})
        UNION ALL
        SELECT id, channel, recipient FROM outbox WHERE ticket_id IN ({those}) AND message_id IS NULL
        """
    )
    for row in rows:
        change.run(
            """
            UPDATE outbox SET body_json = :body, error = '',
                   settled_at = CASE WHEN state IN ('failed', 'unknown') THEN coalesce(settled_at, :at)
                                     ELSE settled_at END,
                   state = CASE WHEN channel = 'counter' AND kind = 'answer' AND state = 'sent' THEN 'withdrawn'
                                ELSE state END
             WHERE id = :id
            """,
            body={"id": 0, "channel": row["channel"], "to": row["recipient"]},
            at=at,
            id=row["id"],
        )


def _drafts(change: Change, those: str, said: Sequence[Row]) -> None:
    """What was written and not sent, and what taking an answer back would have needed."""
    for table in ("draft", "prepared"):
        rows = change.all(f"SELECT files_json FROM {table} WHERE ticket_id IN ({those})")
        _note(change, [each["path"] for row in rows for each in row["files_json"] or () if each.get("path")])
        change.run(f"DELETE FROM {table} WHERE ticket_id IN ({those})")
    change.run(f"DELETE FROM form WHERE ticket_id IN ({those})")
    change.run(f"DELETE FROM case_link WHERE ticket_id IN ({those})")
    for row in said:
        if row["author_id"]:
            change.run(
                "DELETE FROM seen WHERE source = :source AND key = :key",
                source=f"officer.{row['author_id']}",
                key=f"undo.{row['id']}",
            )


def _files(change: Change, those: str) -> None:
    rows = change.all(
        f"""
        SELECT a.path, a.thumbnail FROM attachment a JOIN message m ON m.id = a.message_id WHERE m.ticket_id IN ({those})
        """
    )
    change.run(
        f"DELETE FROM attachment WHERE message_id IN (SELECT id FROM message WHERE ticket_id IN ({those}))"
    )
    _note(change, [each for row in rows for each in (row["path"], row["thumbnail"]) if len(each) > 1])


def let_go(change: Change, paths: Sequence[str]) -> None:
    """Files that nothing of ours refers to any more leave the disk soon; one that something else refers to stays."""
    _note(change, paths)


def _note(change: Change, paths: Sequence[str]) -> None:
    for path in paths:
        change.run("INSERT INTO erased_file (path) VALUES (:path) ON CONFLICT DO NOTHING", path=path)
    if paths:
        change.tell("erased")


def _parked(change: Change, those: str) -> None:
    """The raw form of a message that could not be read at first."""
    change.run(f"UPDATE parked SET raw = :none, incoming_json = NULL WHERE ticket_id IN ({those})", none=b"")


def _talks(change: Change, those: str) -> None:
    """A conversation goes on with another ticket; of this one it remembers nothing."""
    for row in change.all(
        f"SELECT id, thread_json FROM conversation WHERE ticket_id IN ({those}) ORDER BY id"
    ):
        thread = {name: value for name, value in row["thread_json"].items() if name != "subject"}
        change.run(
            "UPDATE conversation SET ticket_id = NULL, dialog_json = :none, thread_json = :thread WHERE id = :id",
            none={},
            thread=thread,
            id=row["id"],
        )


def _joined(change: Change, those: str) -> None:
    """How a joined ticket stood before is kept with it, its subject and name among the rest."""
    rows = change.all(f"SELECT id, before_json FROM merge WHERE from_ticket IN ({those}) ORDER BY id")
    for row in rows:
        before = row["before_json"]
        bare = {**before, "ticket": {**before["ticket"], "subject": "", "name": ""}}
        change.run("UPDATE merge SET before_json = :bare WHERE id = :id", bare=bare, id=row["id"])


def left(view: View, contact: int) -> bool:
    """Whether the person has a ticket with words yet."""
    row = view.one(
        "SELECT min(id) AS id FROM ticket WHERE contact_id = :contact AND erased_at IS NULL", contact=contact
    )
    return row is not None and row["id"] is not None


def claims(change: Change, contact: int) -> None:
    """What the person stated of themselves goes with the last of their words; by their address they are known still."""
    change.run("DELETE FROM claim WHERE contact_id = :contact", contact=contact)
    change.run("UPDATE contact SET name = '', proof = 'none' WHERE id = :contact", contact=contact)
    change.run(
        "UPDATE address_move SET conversations_json = :none, undone_at = coalesce(undone_at, moved_at)"
        " WHERE from_contact = :contact OR to_contact = :contact",
        none={"conversations": [], "claims": []},
        contact=contact,
    )


def person(change: Change, contact: int, *, at: datetime) -> None:
    """Name, claims, addresses and links: whoever writes from there again is a stranger."""
    claims(change, contact)
    addresses = change.all(
        "SELECT id, channel, value FROM address WHERE contact_id = :contact ORDER BY id", contact=contact
    )
    talks = change.all(
        "SELECT id, channel, token FROM conversation WHERE contact_id = :contact ORDER BY id", contact=contact
    )
    _sent_to(change, addresses, talks)
    for each in talks:
        change.run(
            """
            UPDATE conversation SET key = :key, token = :token, ticket_id = NULL, look_at = NULL, dialog_json = :none,
                                    thread_json = :none
             WHERE id = :id
            """,
            key=f"{GONE}:{each['id']}",
            token=_unlike(each["token"]),
            none={},
            id=each["id"],
        )
    for each in addresses:
        _address(change, each)
    for row in change.all(
        "SELECT id, token FROM ticket WHERE contact_id = :contact ORDER BY id", contact=contact
    ):
        change.run(
            "UPDATE ticket SET token = :token WHERE id = :id", token=_unlike(row["token"]), id=row["id"]
        )
    change.run("DELETE FROM subscription WHERE contact_id = :contact", contact=contact)
    change.run("UPDATE contact SET erased_at = :at WHERE id = :contact", at=at, contact=contact)


def _unlike(token: str) -> str:
    """A link that was given out leads nowhere, and nobody can guess the new one."""
    return sha256(f"{GONE}\n{token}".encode()).hexdigest()


def _sent_to(change: Change, addresses: Sequence[Row], talks: Sequence[Row]) -> None:
    """The outbox, announcements' recipients and raw forms, wherever one of the addresses stands."""
    those = listed(each["id"] for each in talks)
    change.run(
        f"DELETE FROM outbox WHERE conversation_id IN ({those}) AND ticket_id IS NULL AND message_id IS NULL"
    )
    rows = change.all(f"SELECT id, channel FROM outbox WHERE conversation_id IN ({those})")
    for address in addresses:
        to, channel = address["value"], address["channel"]
        rows += change.all(
            "SELECT id, channel FROM outbox WHERE channel = :channel AND recipient = :to",
            channel=channel,
            to=to,
        )
    for row in {each["id"]: each for each in rows}.values():
        to = f"{GONE}:{row['id']}"
        change.run(
            """
            UPDATE outbox SET recipient = :to, line = :line, external_id = NULL, error = '', body_json = :body,
                              state = CASE WHEN state = 'queued' THEN 'withdrawn' ELSE state END
             WHERE id = :id
            """,
            to=to,
            line=f"{row['channel']}:{to}",
            body={"id": 0, "channel": row["channel"], "to": to},
            id=row["id"],
        )


def _address(change: Change, address: Row) -> None:
    named = {"channel": address["channel"], "value": address["value"]}
    for row in change.all("SELECT key, answer_json FROM seen WHERE source = :wishes", wishes=WISHES):
        if (row["answer_json"] or {}).get("address") == address["value"]:
            change.run(
                "DELETE FROM seen WHERE source = :wishes AND key = :key", wishes=WISHES, key=row["key"]
            )
    change.run("DELETE FROM subscription WHERE channel = :channel AND address = :value", **named)
    for row in change.all("SELECT id FROM recipient WHERE channel = :channel AND address = :value", **named):
        change.run(
            "UPDATE recipient SET address = :gone, external_id = '' WHERE id = :id",
            gone=f"{GONE}:{row['id']}",
            id=row["id"],
        )
    held = change.all(
        "SELECT id, incoming_json FROM parked WHERE channel = :channel", channel=address["channel"]
    )
    for row in held:
        if (row["incoming_json"] or {}).get("sender") == address["value"]:
            change.run(
                """
                UPDATE parked SET raw = :none, incoming_json = NULL,
                                  state = CASE WHEN state = 'parked' THEN 'dropped' ELSE state END
                 WHERE id = :id
                """,
                none=b"",
                id=row["id"],
            )
    change.run(
        "UPDATE address SET value = :gone, state = :state, wrote_at = NULL, confirmed_at = NULL WHERE id = :id",
        gone=f"{GONE}:{address['id']}",
        state=GONE,
        id=address["id"],
    )


def waiting_files(view: View, after: str, most: int) -> list[str]:
    """Places of files that were erased and may still lie on the disk, those behind the place `after`."""
    rows = view.all(
        "SELECT path FROM erased_file WHERE path > :after ORDER BY path LIMIT :most", after=after, most=most
    )
    return [row["path"] for row in rows]


def referred(view: View, path: str) -> bool:
    """Whether a row refers to the file yet: another ticket's answer, a reply template, a publication, or the request for
    one that is being written in chat."""
    row = view.one(
        """
        SELECT (SELECT count(*) FROM attachment WHERE path = :path AND path <> '')
             + (SELECT count(*) FROM template_file WHERE path = :path)
             + (SELECT count(*) FROM publication_file WHERE path = :path AND removed_at IS NULL)
             + (SELECT count(*) FROM memory
                 WHERE name LIKE 'humas.talk.%' AND CAST(value_json AS TEXT) LIKE '%' || :path || '%') AS n
        """,
        path=path,
    )
    return bool(row and row["n"])


def file_gone(change: Change, path: str) -> None:
    change.run("DELETE FROM erased_file WHERE path = :path", path=path)


def is_gone(view: View, contact: int) -> bool:
    row = view.one("SELECT erased_at FROM contact WHERE id = :contact", contact=contact)
    return row is not None and row["erased_at"] is not None
