"""The parts of a ticket's dossier: one SELECT of one shape for each, to be put together into one statement."""

SHAPE = """
SELECT '' AS part, CAST(NULL AS BIGINT) AS i, CAST(NULL AS BIGINT) AS j, CAST(NULL AS BIGINT) AS k,
       CAST(NULL AS BIGINT) AS l, CAST(NULL AS BIGINT) AS m, CAST(NULL AS BIGINT) AS n,
       CAST(NULL AS TEXT) AS p, CAST(NULL AS TEXT) AS q, CAST(NULL AS TEXT) AS r, CAST(NULL AS TEXT) AS s,
       CAST(NULL AS TEXT) AS t, CAST(NULL AS TEXT) AS u,
       {moment} AS x_at, {moment} AS y_at, {moment} AS z_at
 WHERE 1 = 0
"""
PARTS = (
    """
    SELECT 'talk', NULL, NULL, NULL, NULL, NULL, NULL, c.channel, a.state, NULL, NULL, NULL, NULL,
           c.last_in_at, NULL, NULL
      FROM conversation c JOIN address a ON a.id = c.address_id WHERE c.id = :conversation
    """,
    """
    SELECT 'address', id, contact_id, NULL, NULL, NULL, NULL, channel, value, state, NULL, NULL, NULL,
           wrote_at, confirmed_at, NULL
      FROM address WHERE contact_id = :contact AND state <> 'erased'
    """,
    """
    SELECT 'claim', id, by_officer, NULL, NULL, NULL, NULL, kind, value, level, how, NULL, NULL, stated_at, NULL, NULL
      FROM claim WHERE contact_id = :contact
    """,
    """
    SELECT 'other', o.id, o.unit_id, o.holder_id, o.merged_into, NULL, NULL, o.status, o.subject, NULL, NULL, NULL, NULL,
           o.opened_at, o.erased_at, NULL
      FROM (SELECT id, unit_id, holder_id, merged_into, status, subject, opened_at, erased_at FROM ticket
             WHERE contact_id = :contact AND id <> :ticket ORDER BY id DESC LIMIT :others) AS o
    """,
    """
    SELECT 'visit', id, unit_id, holder_id, deputy_of, round, by_officer, step, lane, decision, code, reason, kind,
           opened_at, due_at, closed_at
      FROM visit WHERE case_kind = 'ticket' AND case_id = :ticket AND kind = 'step'
    """,
    """
    SELECT 'event', e.id, NULL, NULL, NULL, NULL, NULL, e.kind, e.body, NULL, NULL, NULL, NULL, NULL, NULL, NULL
      FROM (SELECT id, kind, body FROM audit
             WHERE case_kind = 'ticket' AND case_id = :ticket ORDER BY id DESC LIMIT :events) AS e
    """,
    """
    SELECT 'newest', max(id), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
      FROM message
     WHERE ticket_id IN ({own}) AND automatic = :no AND withdrawn_at IS NULL
       AND (author_id IS NULL OR author_id <> :officer)
    """,
    """
    SELECT 'revision', v.message_id, v.n, NULL, NULL, NULL, NULL, v.text, NULL, NULL, NULL, NULL, NULL,
           v.written_at, NULL, NULL
      FROM (SELECT v.message_id, v.n, v.text, v.written_at FROM revision v JOIN message h ON h.id = v.message_id
             WHERE h.ticket_id IN ({scope}) AND h.id < :before ORDER BY v.message_id DESC, v.n DESC LIMIT :files) AS v
    """,
    """
    SELECT 'draft', template_id, read_to, conversation_id, NULL, NULL, NULL, kind, text, CAST(files_json AS TEXT),
           NULL, NULL, NULL, saved_at, NULL, NULL
      FROM draft WHERE ticket_id = :ticket AND officer_id = :officer
    """,
    """
    SELECT 'suggestion', category_id, NULL, NULL, NULL, NULL, NULL, CAST(why_json AS TEXT), CAST(score AS TEXT),
           NULL, NULL, NULL, NULL, NULL, NULL, NULL
      FROM suggestion WHERE ticket_id = :ticket
    """,
    """
    SELECT 'way', w.id, NULL, NULL, NULL, NULL, NULL, w.channel, w.value, w.state, NULL, NULL, NULL,
           w.last_in_at, w.wrote_at, w.confirmed_at
      FROM (SELECT v.id, v.channel, v.last_in_at, d.value, d.state, d.wrote_at, d.confirmed_at
              FROM conversation v JOIN address d ON d.id = v.address_id
             WHERE v.contact_id = :contact ORDER BY v.id DESC LIMIT :others) AS w
    """,
    """
    SELECT 'late', min(id), NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
      FROM provider_template
     WHERE purpose = 'late_answer' AND state = 'approved' AND active = :yes
    """,
    """
    SELECT 'watching', officer_id, CASE WHEN typing THEN 1 ELSE 0 END, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
           NULL, NULL, NULL, seen_at, NULL, NULL
      FROM watching WHERE ticket_id = :ticket AND officer_id <> :officer AND seen_at > :lately
    """,
    """
    SELECT 'prepared', id, officer_id, CASE WHEN at_once THEN 1 ELSE 0 END, CASE WHEN then_close THEN 1 ELSE 0 END,
           NULL, NULL, text, NULL, NULL, NULL, NULL, NULL, written_at, send_at, NULL
      FROM prepared WHERE ticket_id = :ticket AND done_at IS NULL
    """,
    """
    SELECT 'file', f.id, f.message_id, f.size, f.attempts, LENGTH(f.thumbnail), NULL, f.kind, f.name, f.content_type, f.state,
           f.error, f.path, NULL, NULL, NULL
      FROM (SELECT f.* FROM attachment f JOIN message g ON g.id = f.message_id
             WHERE g.ticket_id IN ({scope}) AND g.id < :before ORDER BY f.id DESC LIMIT :files) AS f
    """,
    """
    SELECT 'officer', o.id, w.unit_id, w.deputy_of, w.id, NULL, NULL, o.login, o.name, o.title, o.language, w.lane,
           w.role, NULL, NULL, NULL
      FROM officer o LEFT JOIN seat w
        ON w.officer_id = o.id AND w.from_at <= :now AND (w.until_at IS NULL OR w.until_at > :now)
     WHERE o.active = :yes
    """,
)
COUNTERS = """
    SELECT 'counter', n, NULL, NULL, NULL, NULL, NULL, name, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
      FROM counter WHERE name IN ({names})
    """
MOMENT = {"sqlite": "CAST(NULL AS TEXT)", "postgresql": "CAST(NULL AS TIMESTAMPTZ)"}
