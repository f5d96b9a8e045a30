namespace JanusQ.Ledger.Client;

/// <summary>
/// How often and how soon a request is sent again, with the same content, where the server is busy (429, 503) or the connection fails.
/// </summary>
public sealed record LedgerRetries
{
    /// <summary>Every request is sent once.</summary>
    public static readonly LedgerRetries None = new() { Attempts = 1 };

    /// <summary>How often a request is sent at most, the first time included.</summary>
    public int Attempts { get; init; } = 8;

    /// <summary>The first pause at most; every further one may be twice as long.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A pause at most, unless the server asks for a longer one.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause that the server may ask for (<c>Retry-After</c>); where it asks for more, the request fails.</summary>
    public TimeSpan LongestAskedFor { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The pause after an attempt that failed; none where it was the last.</summary>
    /// <param name="attempt">Its number, from 1.</param>
    /// <param name="askedFor">What the server asks for, or none.</param>
    /// <param name="luck">From 0 to 1: clients that failed together do not come again together.</param>
    internal TimeSpan? PauseAfter(int attempt, TimeSpan? askedFor, double luck)
    {
        if (attempt >= Attempts || askedFor > LongestAskedFor) return null;
        var most = Math.Min(LongestPause.TotalMilliseconds, FirstPause.TotalMilliseconds * Math.Pow(2, attempt - 1));
        var pause = TimeSpan.FromMilliseconds(most * (0.5 + (luck / 2)));
        return askedFor > pause ? askedFor : pause;
    }
}
