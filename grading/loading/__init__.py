"""Files to values: YAML, CSV and XLSX, every problem told at once with its file and line."""
