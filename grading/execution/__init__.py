"""Running a candidate's notebook: in a sandbox, its test cells in another process than its own cells."""
