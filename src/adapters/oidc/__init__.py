"""OpenID Connect: who somebody is, by the word of a provider outside."""
