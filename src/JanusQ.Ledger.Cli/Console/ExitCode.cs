namespace JanusQ.Ledger.Cli.Console;

/// <summary>What the program ends with (ledger.md section 7). Part of its contract.</summary>
public enum ExitCode
{
    /// <summary>Done; a denial is a done decision.</summary>
    Done = 0,

    /// <summary>Failed: bad input, no database, an error.</summary>
    Failed = 1,

    /// <summary>The command line is not understood.</summary>
    Usage = 2,

    /// <summary>What was asked for does not exist.</summary>
    NotFound = 3,

    /// <summary>What was submitted contradicts what is recorded.</summary>
    Conflict = 4,

    /// <summary>Something stored is not what it must be.</summary>
    IntegrityViolation = 5,

    /// <summary>The actor may not do this.</summary>
    NotAuthorised = 6,

    /// <summary>Denied, where <c>--fail-on-deny</c> was given.</summary>
    Denied = 10,

    /// <summary>Interrupted by the user.</summary>
    Interrupted = 130,
}
