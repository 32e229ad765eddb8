"""Papers of higherstudy on a WebDAV server: an adapter of the port ``higherstudy.ports.files``."""
