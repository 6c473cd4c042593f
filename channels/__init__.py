"""What providers say, in the desk's words; each provider lives in a file of its own."""
