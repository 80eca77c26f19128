"""Who sends: a module each, run in a process of its own, with one line of JSON as its answer (see `race.py`)."""
