"""Words that every concept uses: ids, errors, events, money, times and sources. Shallow by intent."""
