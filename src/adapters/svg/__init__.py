"""Pictures as SVG, written by hand: no library, no script, no style sheet, nothing fetched."""
