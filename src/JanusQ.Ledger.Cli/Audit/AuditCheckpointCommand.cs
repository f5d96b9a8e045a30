using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using JanusQ.Ledger.Core.Signals;
using JanusQ.Ledger.Log;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Audit;

/// <summary>
/// <c>janusq audit checkpoint</c>: takes every event into the log, signs what is new, has it cosigned by witnesses and hands it out. Of a
/// server it shows what was signed last.
/// </summary>
internal static class AuditCheckpointCommand
{
    private static readonly TimeSpan KeeperTimeout = TimeSpan.FromSeconds(30);

    public static Command Create(GlobalOptions options)
    {
        var publish = new Option<string[]>("--publish")
        {
            Description = "Folder that gets the checkpoint with all tiles and leaves (C2SP tlog-tiles), or an address that gets it by "
                + "POST. May be given several times.",
            DefaultValueFactory = _ => [],
        };
        var policy = new Option<string?>("--policy")
        {
            Description = "C2SP tlog-policy: its witnesses with an address are asked to cosign, and its quorum must be reached.",
        };
        var patience = new Option<string?>("--patience")
        {
            Description = "How long to wait for transactions that are still open, for instance 30s (the default).",
            DefaultValueFactory = _ => "30s",
        }.HoldingADuration();
        var keys = new LogKeyOptions();
        var command = new Command("checkpoint", "Takes every event into the transparency log and signs a checkpoint of what is new.")
        {
            publish, policy, patience,
        };
        keys.AddTo(command);
        command.Runs(options, async (parsed, terminal, cancellation) =>
        {
            var witnesses = parsed.GetValue(policy) is { } file
                ? await ReadPolicyAsync(policy.Name, file, cancellation).ConfigureAwait(false)
                : null;
            var session = await LedgerSession.OpenAsync(
                options, parsed, terminal, cancellation, server => keys.ReadAsync(parsed, terminal, server, cancellation))
                .ConfigureAwait(false);
            await using var closing = session.ConfigureAwait(false);
            if (session.RemoteLog is { } remote)
            {
                Option[] needDatabase = [publish, policy, patience, keys.Key];
                return await RemoteCheckpoint.ShowAsync(remote, parsed, keys, needDatabase, cancellation).ConfigureAwait(false);
            }

            var log = session.Ledger.Log;
            var waiting = InstantOption.DurationOf(parsed.GetValue(patience)!)!.Value;
            var caughtUp = await log.CatchUpAsync(waiting, cancellation).ConfigureAwait(false);
            if (await log.Reader.LatestCheckpointAsync(cancellation).ConfigureAwait(false) is not { } latest)
            {
                return new Answer(
                    JsonObject.Of(("status", "empty"), ("checkpoint", JsonValue.Null)),
                    console => console.WriteLine("There are no events to sign yet."));
            }

            using var http = new HttpClient { Timeout = KeeperTimeout };
            var keepers = session.Ledger.Keepers(http);
            var witnessing = witnesses is null
                ? null
                : await keepers.WitnessAsync(latest.Signed, witnesses, cancellation).ConfigureAwait(false);
            var signed = witnessing?.Checkpoint ?? latest.Signed;
            var publications = ImmutableArray.CreateBuilder<Publication>();
            foreach (var to in parsed.GetValue(publish)!)
                publications.Add(await keepers.PublishAsync(signed, to, cancellation).ConfigureAwait(false));
            return AnswerOf(caughtUp, latest, signed, witnessing, publications.ToImmutable());
        });
        return command;
    }

    private static Answer AnswerOf(
        LogCatchUp caughtUp,
        LogCheckpoint latest,
        SignedCheckpoint signed,
        Witnessing? witnessing,
        ImmutableArray<Publication> publications)
    {
        var handedOver = witnessing?.Refusal is null && publications.All(publication => publication.Refusal is null);
        return new Answer(
            JsonObject.Of(
                ("status", caughtUp.IsNew ? "signed" : "unchanged"),
                ("complete", caughtUp.IsComplete),
                ("events_taken", caughtUp.Taken),
                ("checkpoint", JsonObject.Of(
                    ("origin", signed.Checkpoint.Origin),
                    ("size", signed.Checkpoint.Size),
                    ("root", signed.Checkpoint.Root),
                    ("issued_at", Instant.Of(latest.IssuedAt).ToString()),
                    ("note", signed.ToString()))),
                ("witnesses", new JsonArray((witnessing?.Answers ?? []).Select(WitnessJson))),
                ("policy", witnessing is null ? JsonValue.Null : witnessing.Refusal is { } refusal ? refusal.Code : "satisfied"),
                ("published", new JsonArray(publications.Select(PublicationJson)))),
            console => Show(console, caughtUp, signed, witnessing, publications))
        {
            ExitCode = handedOver ? ExitCode.Done : ExitCode.Failed,
        };
    }

    private static JsonObject WitnessJson(WitnessAnswer answer) => JsonObject.Of(
        ("witness", answer.Witness.Name),
        ("verifier_key", answer.Witness.Key.ToString()),
        ("cosigned", answer.Refusal is null),
        ("refused", RefusalJson(answer.Refusal)));

    private static JsonObject PublicationJson(Publication publication) => JsonObject.Of(
        ("to", publication.To),
        ("files", publication.Files),
        ("refused", RefusalJson(publication.Refusal)));

    private static JsonValue RefusalJson(Refusal? refusal) =>
        refusal is null ? JsonValue.Null : JsonObject.Of(("code", refusal.Code), ("message", refusal.Explanation));

    private static void Show(
        IAnsiConsole console,
        LogCatchUp caughtUp,
        SignedCheckpoint signed,
        Witnessing? witnessing,
        ImmutableArray<Publication> publications)
    {
        var checkpoint = signed.Checkpoint;
        var when = caughtUp.IsNew ? "Signed" : "Nothing is new; signed before";
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{when}: {checkpoint.Size} events of {checkpoint.Origin}, root {checkpoint.Root}."));
        if (!caughtUp.IsComplete)
            console.WriteLine("A transaction that drew earlier numbers is still open: later events have to wait for it.");
        foreach (var answer in witnessing?.Answers ?? [])
        {
            console.WriteLine(answer.Refusal is { } refusal
                ? $"{answer.Witness.Name} did not cosign ({refusal.Code}): {refusal.Explanation}"
                : $"{answer.Witness.Name} cosigned.");
        }

        if (witnessing?.Refusal is { } missing) console.WriteLine($"The policy is not satisfied ({missing.Code}): {missing.Explanation}");
        foreach (var publication in publications)
        {
            console.WriteLine(publication.Refusal is { } refusal
                ? $"Not published ({refusal.Code}): {refusal.Explanation}"
                : $"Published to {publication.To}.");
        }
    }

    internal static async Task<WitnessPolicy> ReadPolicyAsync(string option, string path, CancellationToken cancellation)
    {
        var file = await InputFile.ReadAsync(option, path, cancellation).ConfigureAwait(false);
        return WitnessPolicy.TryParse(file.Bytes, out var policy, out var refusal) ? policy : throw refusal.ToFailure();
    }
}
