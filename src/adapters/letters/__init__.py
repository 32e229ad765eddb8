"""Letters as versioned files: Jinja over a small Markdown, from which the text and the page are made."""
