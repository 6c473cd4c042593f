"""Web pages for staff and reporters."""
