using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Policies;

/// <summary><c>janusq policy validate</c>: whether a policy document is valid, its hash and the values in use.</summary>
internal static class PolicyValidateCommand
{
    public static Command Create(GlobalOptions options)
    {
        var file = new Argument<string>("file") { Description = "Policy document, JSON." };
        var command = new Command("validate", "Validates a policy document and shows its hash and the values in use.") { file };
        command.Runs(options, async (parsed, _, cancellation) =>
        {
            var document = await EvaluationFile
                .ReadAsync(EvaluationDocuments.Policy, "file", parsed.GetRequiredValue(file), cancellation).ConfigureAwait(false);
            var policy = document.ToPolicy();
            return new Answer(Json(policy), console => Show(console, policy));
        });
        return command;
    }

    private static JsonObject Json(PolicyDocument policy) => JsonObject.Of(
        ("valid", true),
        ("policy_hash", policy.Hash),
        ("policy_version", policy.Policy.Version),
        ("values", new JsonArray(PolicyKeys.All.Select(key => JsonObject.Of(
            ("key", key.Name), ("value", policy.Policy.Show(key)), ("source", SourceOf(policy, key)), ("meaning", key.Meaning))))),
        ("unknown_keys", JsonArray.OfTexts(policy.UnknownKeys)));

    private static void Show(IAnsiConsole console, PolicyDocument policy)
    {
        console.MarkupLine($"[bold]Valid.[/] Policy {Printable.Text(policy.Policy.Version)}, hash {policy.Hash}");
        var table = new Table().Border(TableBorder.Rounded).AddColumns("key", "value", "source", "meaning");
        foreach (var key in PolicyKeys.All)
        {
            table.AddRow(
                Markup.Escape(key.Name), Printable.Value(policy.Policy.Show(key)), SourceOf(policy, key), Markup.Escape(key.Meaning));
        }

        console.Write(table);
        foreach (var unknown in policy.UnknownKeys)
            console.MarkupLine($"No rule knows the key {Printable.Text(unknown)}: it is kept and ignored.");
    }

    /// <summary><c>given</c>, <c>default</c>, or <c>floor</c> where what is given was raised to the lowest value in use.</summary>
    private static string SourceOf(PolicyDocument policy, PolicyKey key) =>
        !policy.Document.TryGet(key.Name, out var given) ? "default"
        : key.Floor is { } floor && given is JsonInteger integer && integer.Value < floor ? "floor"
        : "given";
}
