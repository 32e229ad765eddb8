"""Where everything is put together: each use case over the ports, and the ports over adapters."""
