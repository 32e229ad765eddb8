"""What the person whose data it is may demand: to have it, to have it gone, to say what it may be used for."""
