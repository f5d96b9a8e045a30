using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Policies;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Policies;

/// <summary>
/// <c>janusq policy publish</c>, <c>activate</c>, <c>approve</c> and <c>list</c>: the policies that decisions may rest on.
/// </summary>
internal static class PolicyBookCommands
{
    public static Command Publish(GlobalOptions options)
    {
        var name = NameArgument();
        var file = new Option<string>("--file") { Description = "Policy document, JSON.", Required = true };
        var note = NoteOption();
        var command = new Command("publish", "Gives a valid policy document the next version of a name.") { name, file, note };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var document = await InputFile.ReadAsync(file.Name, parsed.GetRequiredValue(file), cancellation).ConfigureAwait(false);
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var publish = new PublishPolicy
            {
                Name = parsed.GetRequiredValue(name),
                By = session.As(Roles.Operator),
                Document = document.Bytes,
                Note = parsed.GetRequiredValue(note),
            };
            var recording = await session.Commands.SendAsync(publish, cancellation).ConfigureAwait(false);
            return ToAnswer(recording, "is published", "is this document already");
        });
        return command;
    }

    public static Command Activate(GlobalOptions options)
    {
        var name = NameArgument();
        var version = VersionOption(required: false);
        var note = NoteOption();
        var command = new Command(
            "activate", "Makes a version the one that decisions may rest on. What enables live needs an approval by another actor.")
        {
            name, version, note,
        };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var activate = new ActivatePolicy
            {
                Name = parsed.GetRequiredValue(name),
                By = session.As(Roles.Operator),
                Version = parsed.GetValue(version),
                Note = parsed.GetRequiredValue(note),
            };
            return ToAnswer(
                await session.Commands.SendAsync(activate, cancellation).ConfigureAwait(false), "is active", "is active already");
        });
        return command;
    }

    public static Command Approve(GlobalOptions options)
    {
        var name = NameArgument();
        var version = VersionOption(required: true);
        var reason = new Option<string>("--reason") { Description = "Why, for people.", Required = true };
        var command = new Command("approve", "Agrees to the activation of a version that enables live; needs --role approver.")
        {
            name,
            version,
            reason,
        };
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var approve = new ApprovePolicyActivation
            {
                Name = parsed.GetRequiredValue(name),
                By = session.As(Roles.Operator),
                Version = parsed.GetValue(version)!.Value,
                Reason = parsed.GetRequiredValue(reason),
            };
            return ToAnswer(
                await session.Commands.SendAsync(approve, cancellation).ConfigureAwait(false), "may be activated", "is approved already");
        });
        return command;
    }

    public static Command List(GlobalOptions options)
    {
        var command = new Command("list", "Lists published policies with their versions, the active one marked.");
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var session = await LedgerSession.OpenAsync(options, parsed, terminal, cancellation).ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            var books = await session.Questions.PoliciesAsync(cancellation).ConfigureAwait(false);
            return new Answer(PolicyBookDocument.Of(books), console => Show(console, books));
        });
        return command;
    }

    private static Answer ToAnswer(PolicyRecording recording, string done, string already)
    {
        var (name, policy) = (recording.Name, recording.Policy);
        var version = policy?.Version.ToString(CultureInfo.InvariantCulture);
        return recording.ToAnswer(
            $"Recorded: version {version} of {name} {done}.",
            $"Nothing changed: version {version} of {name} {already}.",
            ("name", name),
            ("policy", policy is null ? JsonValue.Null : PolicyBookDocument.Of(policy, recording.IsActive)));
    }

    private static void Show(IAnsiConsole console, IReadOnlyList<PolicyBook> books)
    {
        if (books.Count == 0)
        {
            console.WriteLine("No policy is published.");
            return;
        }

        var table = new Table().Border(TableBorder.Rounded).AddColumns(
            "name", "version", "label", "active", "live", "hash", "published", "by", "note");
        foreach (var book in books)
        {
            foreach (var policy in book.Versions)
            {
                table.AddRow(
                    Markup.Escape(book.Name),
                    policy.Version.ToString(CultureInfo.InvariantCulture),
                    Printable.Text(policy.PolicyVersion),
                    book.ActiveVersion == policy.Version ? $"since {book.ActiveSince}" : "",
                    policy.EnablesLive
                        ? $"enabled{(policy.ActivationApprovedBy is { } by ? $", approved by {Printable.Text(by)}" : "")}"
                        : "",
                    policy.PolicySha256.ToString()[..16] + "…",
                    policy.PublishedAt.ToString(),
                    Printable.Text(policy.PublishedBy),
                    Printable.Text(policy.Note));
            }
        }

        console.Write(table);
    }

    private static Argument<string> NameArgument() => new("name") { Description = "The name of the policy: a-z, 0-9 and -." };

    private static Option<string> NoteOption() => new("--note") { Description = "What for, for people.", Required = true };

    private static Option<int?> VersionOption(bool required)
    {
        var version = new Option<int?>("--version")
        {
            Description = required ? "The version." : "The version. Without it the latest.",
            Required = required,
        };
        version.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1) result.AddError("--version counts from 1.");
        });
        return version;
    }
}
