"""Measurements and soak tests: ratios side by side in one run, never asserted in a timed test."""
