"""What everything stands on: database, inbox, jobs, files, history, texts, clock, names. Knows no web and no room."""
