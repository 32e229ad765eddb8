"""How far the code is from the bare limit of the same machine, measured in the same run."""
