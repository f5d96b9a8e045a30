using System.Globalization;
using JanusQ.Ledger.Audit;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Cli.Remote;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;
using Spectre.Console;

namespace JanusQ.Ledger.Cli.Audit;

/// <summary>The report of an audit, for programs and for people: from its document, whoever made it.</summary>
internal static class AuditView
{
    /// <summary>The answer.</summary>
    /// <exception cref="CliFailure"><c>server_answer_unusable</c>: it has no status.</exception>
    public static Answer Of(JsonObject report)
    {
        var status = RemoteDocuments.Text(report, "status");
        if (status is not (AuditReport.Verified or AuditReport.Violated)) throw RemoteDocuments.Unexpected("status");
        var isClean = status == AuditReport.Verified;
        return new Answer(report, console => Show(console, report, isClean))
        {
            ExitCode = isClean ? ExitCode.Done : ExitCode.IntegrityViolation,
        };
    }

    private static void Show(IAnsiConsole console, JsonObject report, bool isClean)
    {
        void Say(FormattableString text) => console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
        var counts = RemoteDocuments.Object(report, "counts");
        long Count(string member) => RemoteDocuments.Integer(counts, member);
        var since = RemoteDocuments.Integer(report, "since");
        if (since > 0) Say($"Only what is behind {since:N0} leaves was verified.");
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"(a) {Count("events"):N0} events, {Count("leaves"):N0} leaves, {Count("tiles"):N0} tiles, "
            + $"{Count("checkpoints"):N0} checkpoints, {Count("cosignatures"):N0} cosignatures"));
        Say($"(b) {Count("events_behind"):N0} events not in the log yet, {Count("leaves_unsigned"):N0} in it and not signed yet");
        Say($"(c) {Count("references"):N0} hashes in events, {Count("contents"):N0} documents of {Count("content_bytes"):N0} bytes");
        Say($"(d) {Count("artifacts"):N0} Janus artifacts");
        Say($"(e) {Count("decisions"):N0} decisions derived again");
        Say($"(f) {Count("projections"):N0} projections made again");
        Say($"(g) {Count("place_changes"):N0} changes of places");
        if (report["deep"] is JsonObject deep) ShowDeep(console, deep);
        if (report["checkpoint"] is JsonObject signed)
        {
            var (size, origin, root) = (
                RemoteDocuments.Integer(signed, "size"), RemoteDocuments.Text(signed, "origin"), RemoteDocuments.Text(signed, "root"));
            Say($"Signed: {size:N0} events of {origin}, root {root}.");
        }

        var witnesses = RemoteDocuments.TextsOf(report, "cosigned_by").ToArray();
        if (witnesses.Length > 0) Say($"Cosigned, as the policy asks: {string.Join(", ", witnesses.Select(HintOf))}.");
        if (isClean)
        {
            Say($"Everything is as it must be.");
            return;
        }

        var findings = RemoteDocuments.ObjectsOf(report, "findings").ToArray();
        foreach (var finding in findings) console.WriteLine(AuditFinding.TextOf(finding) ?? throw RemoteDocuments.Unexpected("findings"));
        ShowMore(
            console,
            RemoteDocuments.Object(report, "finding_counts"),
            code => findings.Count(one => RemoteDocuments.Text(one, "code") == code),
            out var all);
        Say($"{all:N0} findings.");
    }

    private static void ShowDeep(IAnsiConsole console, JsonObject deep)
    {
        long Count(string member) => RemoteDocuments.Integer(deep, member);
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"(h) {Count("evaluations_reproduced"):N0} evaluations run again with the same files, "
            + $"{Count("evaluations_different"):N0} with others, {Count("evaluations_not_run"):N0} not run"));
        var left = RemoteDocuments.ObjectsOf(deep, "not_run").ToArray();
        foreach (var one in left)
        {
            string Text(string member) => RemoteDocuments.Text(one, member);
            console.WriteLine(
                $"evaluation {Text("evaluation_id")} in {Text("stream")} was not run again, {Text("reason")}: {Text("explanation")}");
        }

        ShowMore(
            console,
            RemoteDocuments.Object(deep, "not_run_counts"),
            reason => left.Count(one => RemoteDocuments.Text(one, "reason") == reason),
            out _);
    }

    /// <summary>Of each name how many more there are than are listed.</summary>
    private static void ShowMore(IAnsiConsole console, JsonObject counts, Func<string, int> listed, out long all)
    {
        all = 0;
        foreach (var (name, _) in counts.Members)
        {
            var count = RemoteDocuments.Integer(counts, name);
            all += count;
            if (count - listed(name) is var more and > 0)
                console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {more:N0} more"));
        }
    }

    private static string HintOf(string verifierKey) =>
        VerifierKey.TryParse(verifierKey, out var key, out _) ? key.Hint : throw RemoteDocuments.Unexpected("cosigned_by");
}
