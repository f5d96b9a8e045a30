using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Cli.Policies;

/// <summary>A document of an evaluation from a file (gates-and-policy.md section 2). What is wrong with it names the file.</summary>
/// <param name="Path">The file, as the user named it.</param>
/// <param name="Document">What it holds.</param>
internal sealed record EvaluationFile(string Path, JsonObject Document)
{
    /// <summary>Reads a document whose top-level value must be an object.</summary>
    /// <param name="name">The document's name in refusals, one of those of <see cref="EvaluationDocuments"/>.</param>
    /// <param name="option">The option or argument that names the file.</param>
    /// <param name="path">The file, as the user named it.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="CliFailure">
    /// <c>input_unreadable</c>, <c>input_too_large</c>, <c>json_rejected</c> or <c>document_not_object</c>.
    /// </exception>
    public static async Task<EvaluationFile> ReadAsync(string name, string option, string path, CancellationToken cancellation)
    {
        var file = await InputFile.ReadAsync(option, path, cancellation).ConfigureAwait(false);
        try
        {
            return new EvaluationFile(path, EvaluationDocuments.Read(name, file.Bytes));
        }
        catch (RefusedException refused)
        {
            throw new CliFailure(ExitCode.Failed, refused.Refusal.Code, $"{option} '{path}': {refused.Refusal.Explanation}")
            {
                Details = JsonObject.Of(("file", path), ("refused", refused.Refusal.ToJson())),
            };
        }
    }

    /// <summary>Reads a document where a file is named; null without one.</summary>
    public static async Task<EvaluationFile?> TryReadAsync(string name, string option, string? path, CancellationToken cancellation) =>
        path is null ? null : await ReadAsync(name, option, path, cancellation).ConfigureAwait(false);

    /// <summary>The document as a valid policy.</summary>
    /// <exception cref="CliFailure"><c>policy_invalid</c>, with <c>keys</c> and <c>faults</c>, each fault on its own line.</exception>
    public PolicyDocument ToPolicy()
    {
        if (PolicyDocument.TryLoad(Document, out var policy, out var faults)) return policy;
        var lines = faults.Select(fault => $"  {fault}");
        throw new CliFailure(ExitCode.Failed, "policy_invalid", string.Join('\n', lines.Prepend($"The policy '{Path}' is invalid:")))
        {
            Details = JsonObject.Of(
                ("file", Path),
                ("keys", JsonArray.OfTexts(faults.Select(fault => fault.Key))),
                ("faults", new JsonArray(faults.Select(fault =>
                    JsonObject.Of(("key", fault.Key), ("found", fault.Found), ("expected", fault.Expected)))))),
        };
    }
}
