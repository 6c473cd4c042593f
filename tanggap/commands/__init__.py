"""One file a command; `tanggap/cli.py` says how to add one."""
