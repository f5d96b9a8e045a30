using System.CommandLine;
using JanusQ.Ledger.Core.Signals;

namespace JanusQ.Ledger.Cli.Candidates;

/// <summary><c>--version</c> and <c>--at</c>: the point in a candidate's past that is asked about. At most one of them is given.</summary>
internal sealed class PastOptions
{
    private readonly Option<long?> _version = new("--version") { Description = "As of this version of its stream: after so many events." };

    private readonly Option<string?> _at = new("--at") { Description = "As of this instant, for instance 2026-02-25T06:00:00Z." };

    public PastOptions()
    {
        _version.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<long?>() is < 1) result.AddError("--version counts events from 1.");
        });
        _at.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string?>() is { } text && !Instant.TryParse(text, out _))
                result.AddError($"--at '{text}' is not a timestamp such as 2026-02-25T06:00:00Z.");
        });
    }

    /// <summary>The option <c>--version</c>.</summary>
    public Option VersionOption => _version;

    public void AddTo(Command command)
    {
        command.Options.Add(_version);
        command.Options.Add(_at);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_version) is not null && result.GetValue(_at) is not null)
                result.AddError("--version and --at exclude each other.");
        });
    }

    public long? Version(ParseResult parsed) => parsed.GetValue(_version);

    public Instant? At(ParseResult parsed) => parsed.GetValue(_at) is { } text ? Instant.Parse(text) : null;
}
