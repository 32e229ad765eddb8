"""The technologies that carry out what the ports ask for, one folder each; they do not know one another."""
