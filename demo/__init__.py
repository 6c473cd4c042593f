"""Counterparties on loopback: Telegram, Twilio and a mailbox, with a memory of their own."""
