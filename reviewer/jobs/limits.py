"""What the system can forbid a process; where it cannot, the job's own caps must do."""


def limit_memory(size: int) -> None:
    """Limit the address space of this process to ``size`` bytes. Windows has no such limit and is left alone."""
    try:
        import resource
    except ImportError:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    if hard == resource.RLIM_INFINITY or hard >= size:
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))


def widen_pipe(descriptor: int) -> None:
    """Let a pipe hold 1 MB, where the system can: a batch then goes through in a few steps instead of dozens.

    Each step waits for the receiver, whose other threads are at work as well. Elsewhere the pipe stays as it is.
    """
    try:
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_SETPIPE_SZ, 1 << 20)
    except (ImportError, AttributeError, OSError):  # another system, or more than this user may have
        return
