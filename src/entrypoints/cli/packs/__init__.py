"""Commands about rule packs on a server."""
