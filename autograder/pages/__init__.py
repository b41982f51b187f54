"""Shows verdicts: feedback pages, the class report, tables in a terminal."""
