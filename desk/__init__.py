"""Acts: load, decide, save. The only room that writes."""
