"""The command line: plans and verdicts without a server, and a client of one."""
