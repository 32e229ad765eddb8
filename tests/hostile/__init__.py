"""Files as somebody would make them who wants a parser to fall over: the same ones each time, by their number."""
