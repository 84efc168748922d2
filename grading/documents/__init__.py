"""Documents: the recap and the sheet as pages, workbook and tables. Everything here shows; nothing here reckons."""
