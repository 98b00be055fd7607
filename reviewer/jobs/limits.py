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
