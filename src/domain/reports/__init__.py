"""Reports: what is known, put together for somebody to read, print and hand on. Deep is what a report says and when."""
