using System.Globalization;
using System.Text;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Core.Bundles;

/// <summary>
/// <c>report.html</c>: the timeline and the verdicts for people. It follows from the events alone, byte for byte, and has no scripts, no
/// outside resources and no clock. The report of a whole ledger shows the verdicts only.
/// </summary>
/// <remarks>For one reader of events; holds the report in memory.</remarks>
public sealed class BundleReport
{
    private const string Style =
        "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#111}"
        + "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ccc;padding:.3rem "
        + ".5rem;text-align:left;vertical-align:top}"
        + "code{font-size:.9em;overflow-wrap:anywhere}.promote{color:#060}.deny,.hold{color:#900}";

    private static readonly string[] Told =
    [
        "target", "candidate_id", "run_id", "evaluation_id", "decision_id", "approval_id", "action", "approved_mode", "path", "check",
        "passed", "reason", "why", "note", "error_code", "message", "version",
    ];

    private readonly BundleScope _scope;
    private readonly StringBuilder _verdicts = new();
    private readonly StringBuilder _timeline = new();
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    /// <summary>An empty report.</summary>
    public BundleReport(BundleScope scope) => _scope = scope;

    /// <summary>Whether the report reads the data of events of a type: those of others need not be parsed for it.</summary>
    public bool Reads(string type) => !_scope.IsWhole || IsDecision(type);

    /// <summary>Takes the next event.</summary>
    /// <param name="index">Index of its leaf.</param>
    /// <param name="leaf">Its leaf.</param>
    /// <param name="data">Its data where <see cref="Reads"/> says so, else anything.</param>
    public void Take(long index, LogLeaf leaf, JsonObject? data)
    {
        ArgumentNullException.ThrowIfNull(leaf);
        _counts[leaf.Type] = _counts.GetValueOrDefault(leaf.Type) + 1;
        if (data is null || !Reads(leaf.Type)) return;
        if (IsDecision(leaf.Type)) AppendVerdict(index, leaf, data);
        if (!_scope.IsWhole) AppendEvent(index, leaf, data);
    }

    /// <summary>The report as UTF-8.</summary>
    /// <param name="checkpoint">The checkpoint of the bundle.</param>
    public byte[] ToBytes(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var title = _scope.IsWhole ? "The whole ledger"
            : _scope.DecisionId is { } decision ? $"Decision {decision} of {_scope.CandidateId}"
            : $"Candidate {_scope.CandidateId}";
        var page = new StringBuilder(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" ")
            .Append("content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>").Append(Escaped(title))
            .Append("</title>\n<style>").Append(Style).Append("</style>\n</head>\n<body>\n<h1>").Append(Escaped(title)).Append("</h1>\n")
            .Append(
                "<p>This page is a reading aid. What counts are the files beside it, and the verdict of whoever verifies them with "
                + "a key of ")
            .Append("their own.</p>\n<table>\n");
        Row(page, "Log", checkpoint.Origin);
        Row(page, "Tree size", checkpoint.Size.ToString(CultureInfo.InvariantCulture));
        Row(page, "Root", checkpoint.Root.ToString());
        if (_scope.Until is { } until) Row(page, "As signed until", until.ToString());
        foreach (var (type, count) in _counts) Row(page, type, count.ToString(CultureInfo.InvariantCulture));
        page.Append("</table>\n<h2>Verdicts</h2>\n");
        if (_verdicts.Length == 0) page.Append("<p>There are no decisions.</p>\n");
        else
        {
            page.Append(
                "<table>\n<tr><th>Log index</th><th>When</th><th>Decision</th><th>Target</th><th>Verdict</th><th>Reasons</th></tr>\n")
                .Append(_verdicts).Append("</table>\n");
        }

        if (!_scope.IsWhole)
        {
            page.Append(
                "<h2>Timeline</h2>\n<table>\n<tr><th>Log index</th><th>When</th><th>Stream</th><th>Event</th><th>Who</th>"
                + "<th>What</th></tr>\n")
                .Append(_timeline).Append("</table>\n");
        }

        return Encoding.UTF8.GetBytes(page.Append("</body>\n</html>\n").ToString());
    }

    private static bool IsDecision(string type) => type is "promotion_decided";

    private void AppendVerdict(long index, LogLeaf leaf, JsonObject data)
    {
        var action = Text(data["action"]);
        _verdicts.Append("<tr><td>").Append(index.ToString(CultureInfo.InvariantCulture)).Append("</td><td>")
            .Append(Escaped(leaf.Timestamp.ToString())).Append("</td><td><code>").Append(Escaped(Text(data["decision_id"])))
            .Append("</code><br><code>").Append(Escaped(leaf.Stream)).Append("</code></td><td>").Append(Escaped(Text(data["target"])))
            .Append("</td><td class=\"").Append(action is "promote" or "deny" or "hold" ? action : "other").Append("\">")
            .Append(Escaped(action)).Append("</td><td>");
        if (data["reasons"] is JsonArray { Count: > 0 } reasons)
            _verdicts.AppendJoin("<br>", reasons.Elements.Select(reason => Escaped(Text(reason))));
        _verdicts.Append("</td></tr>\n");
    }

    private void AppendEvent(long index, LogLeaf leaf, JsonObject data)
    {
        _timeline.Append("<tr><td>").Append(index.ToString(CultureInfo.InvariantCulture)).Append("</td><td>")
            .Append(Escaped(leaf.Timestamp.ToString())).Append("</td><td><code>").Append(Escaped(leaf.Stream)).Append("</code></td><td>")
            .Append(Escaped(leaf.Type)).Append("</td><td>").Append(Escaped(leaf.Actor)).Append("</td><td>");
        var told = Told.Where(data.Has).Select(name => $"{name} <code>{Escaped(Text(data[name]))}</code>");
        _timeline.AppendJoin("<br>", told).Append("</td></tr>\n");
    }

    private static void Row(StringBuilder page, string name, string value) =>
        page.Append("<tr><th>").Append(Escaped(name)).Append("</th><td><code>").Append(Escaped(value)).Append("</code></td></tr>\n");

    private static string Text(JsonValue? value) => value is JsonText text ? text.Value : value?.ToString() ?? "";

    private static string Escaped(string text)
    {
        var isPaired = LogText.CanBeEncoded(text);
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),

                // What could turn a line around or hide a part of it is shown by its number.
                _ when char.IsControl(c) || IsFormat(c) || (!isPaired && char.IsSurrogate(c)) =>
                    escaped.Append(CultureInfo.InvariantCulture, $"[U+{(int)c:X4}]"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    private static bool IsFormat(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.Format;
}
