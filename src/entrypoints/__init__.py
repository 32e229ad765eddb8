"""The ways in: HTTP, the command line and jobs, with the settings and the wiring that they share."""
