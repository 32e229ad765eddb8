"""PDF files, set by Typst: one wheel, no packages of the system, tagged for whoever cannot see the page."""
