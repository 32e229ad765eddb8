"""What the domain asks of the world, as small Protocols; the suites that any adapter must pass are in contracts.

What holds for each of them, unless it says otherwise:

- One adapter serves a whole process, and many tasks of one event loop call it at once. Only a unit of work, and the
  stores that hang on it, belong to one task.
- What is not ``async`` answers at once, without the disk or the network; what is may raise Unavailable.
- Moments are aware and in UTC, sizes are in bytes, hashes are SHA-256 in 64 small hexadecimal digits.
- Nothing is tried again inside, and a call that is cancelled leaves nothing half done.
- Arguments come checked by the domain; texts of people may hold any letter, hashes and names of files are not trusted.
"""
