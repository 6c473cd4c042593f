"""The rules of the office as pure functions: no clock, no network, no SQL."""
