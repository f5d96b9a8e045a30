using System.Collections.Frozen;
using System.CommandLine;
using JanusQ.Ledger.Cli.Console;
using JanusQ.Ledger.Testing;
using Microsoft.AspNetCore.Builder;

namespace JanusQ.Ledger.Cli.Tests;

/// <summary>Every verb that the program has, whoever added it, against a server.</summary>
public sealed class VerbTests(PostgreSqlFixture postgreSql)
{
    private const string Id = "0123456789abcdef01234567";

    /// <summary>Verbs that no server can do, each with the reason that it gives.</summary>
    private static readonly FrozenDictionary<string, string> OnNoServer = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["db migrate"] = "The role that a server has on its database may not change the schema",
        ["serve"] = "A server serves a database, not another server",
        ["demo"] = "The demo runs on a throw-away database of its own",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Verbs that need no ledger at all: they work on files, and ask nobody.</summary>
    private static readonly FrozenSet<string> OnFiles = FrozenSet.ToFrozenSet(
        ["audit keygen", "audit verify-bundle", "explain", "policy validate", "policy diff", "policy dry-run"], StringComparer.Ordinal);

    /// <summary>What every other verb is asked with, enough to be sent.</summary>
    private static readonly FrozenDictionary<string, string[]> Asked = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["lane run"] =
            ["--signals", Sample("signals.json"), "--strategy-config", Sample("strategies-first.yaml"), "--promotion-target", "paper"],
        ["lane ingest"] = [JanusqProgram.InRepository("tests", "vectors", "lane", "live-promoted")],
        ["candidate list"] = [],
        ["candidate show"] = ["cand-0123456789ab"],
        ["candidate history"] = ["cand-0123456789ab"],
        ["candidate diff"] = ["cand-0123456789ab", "cand-0123456789ab@1"],
        ["policy publish"] = ["autonomy", "--file", JanusqProgram.InRepository("config", "gate-policy.json"), "--note", "first"],
        ["policy activate"] = ["autonomy", "--note", "now"],
        ["policy approve"] = ["autonomy", "--version", "1", "--reason", "reviewed"],
        ["policy list"] = [],
        ["promote"] = ["cand-0123456789ab"],
        ["demote"] = ["cand-0123456789ab", "--target", "paper", "--reason", "r"],
        ["rollback"] = ["cand-0123456789ab", "--target", "paper", "--reason", "r"],
        ["champion show"] = [],
        ["decision show"] = [Id],
        ["decision replay"] = [Id],
        ["approve"] = ["cand-0123456789ab", "--target", "paper", "--reason", "r", "--expires-in", "7d"],
        ["revoke"] = ["cand-0123456789ab", Id, "--reason", "r"],
        ["approval list"] = ["cand-0123456789ab"],
        ["pause"] = ["cand-0123456789ab", "--reason", "r"],
        ["resume"] = ["cand-0123456789ab", "--reason", "r"],
        ["evidence clear"] = ["cand-0123456789ab", "--artifact-set", new string('a', 64), "--reason", "r"],
        ["drill record"] = ["--check", "runbook_validated", "--passed", "--performed-at", "2026-02-24T06:00:00Z"],
        ["drill list"] = [],
        ["kill-switch engage"] = ["--reason", "r"],
        ["kill-switch release"] = ["--reason", "r"],
        ["kill-switch status"] = [],
        ["audit verify"] = [],
        ["audit checkpoint"] = [],
        ["audit prove"] = ["--sequence", "1"],
        ["audit export"] = ["--all", "--file", Path.Combine(Path.GetTempPath(), $"janusq-verbs-{Environment.ProcessId}.zip")],
        ["key create"] = ["--name", "lane-1", "--role", "worker"],
        ["key list"] = [],
        ["key revoke"] = ["key-0123456789ab"],
        ["key log"] = [],
        ["db status"] = [],
        ["db assert"] = [],
        ["db rebuild"] = [],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    [Fact]
    public void every_verb_is_known_here()
    {
        var known = Asked.Keys.Concat(OnFiles).Concat(OnNoServer.Keys).Order(StringComparer.Ordinal);
        Assert.Equal(VerbsOf(JanusqCommand.Create(), "").Order(StringComparer.Ordinal), known);
    }

    [Fact]
    public async Task every_verb_that_works_on_a_ledger_asks_the_server_that_is_named()
    {
        var paths = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await using var served = await ServedLedger.StartAsync(postgreSql, before: app => app.Use((context, next) =>
        {
            paths.Enqueue(context.Request.Path);
            return next(context);
        }));
        foreach (var (verb, arguments) in Asked.OrderBy(one => one.Key, StringComparer.Ordinal))
        {
            paths.Clear();
            var (exit, code, error) = await RunAsync(verb, arguments, served.Address);
            Assert.True(!paths.IsEmpty, $"{verb}: {exit} {error}");

            // Whether the server is well it tells everybody; all else it tells nobody whose key it does not know.
            if (verb == "db status") Assert.Equal(0, exit);
            else Assert.Equal((verb, 6, "not_authenticated"), (verb, exit, code));
        }
    }

    [Fact]
    public async Task a_verb_that_works_on_no_server_says_why()
    {
        foreach (var (verb, why) in OnNoServer)
        {
            var (exit, code, error) = await RunAsync(verb, [], "http://127.0.0.1:1");
            Assert.Equal((verb, 2, "needs_database"), (verb, exit, code));
            Assert.Contains(why, error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task a_verb_that_works_on_files_does_not_care_for_a_server()
    {
        using var folder = new TemporaryFolder();
        var policy = JanusqProgram.InRepository("config", "gate-policy.json");
        var report = JanusqProgram.InRepository("tests", "vectors", "lane", "live-promoted", "expected", "gates", "gate-evaluation.json");
        (string Verb, string[] Arguments)[] calls =
        [
            ("audit keygen", ["--out", folder.At("log.key"), "--origin", "ledger.example/log"]),
            ("audit verify-bundle", [folder.At("none.zip"), "--key", folder.At("log.key.verifiers")]),
            ("explain", ["kill_switch_engaged"]),
            ("policy validate", [policy]),
            ("policy diff", [policy, policy]),
            ("policy dry-run", ["--policy", policy, "--gate-report", report]),
        ];
        Assert.Equal(OnFiles.Order(StringComparer.Ordinal), calls.Select(call => call.Verb).Order(StringComparer.Ordinal));
        foreach (var (verb, arguments) in calls)
        {
            var (exit, code, error) = await RunAsync(verb, arguments, "http://127.0.0.1:1");
            Assert.True(exit != 2 && code is not ("needs_database" or "server_unavailable" or "key_missing"), $"{verb}: {exit} {error}");
        }
    }

    private static IEnumerable<string> VerbsOf(Command command, string name) => command.Subcommands.Count == 0
        ? [name]
        : command.Subcommands.SelectMany(one => VerbsOf(one, name.Length == 0 ? one.Name : $"{name} {one.Name}"));

    private static async Task<(int Exit, string? Code, string Error)> RunAsync(string verb, string[] arguments, string server)
    {
        // verify-bundle has a --key of its own, and no server has one for it.
        string[] key = verb.StartsWith("audit ver", StringComparison.Ordinal) ? [] : ["--key", "jq_unknown"];
        var environment = new Dictionary<string, string?> { ["JANUSQ_KEY"] = key.Length == 0 ? "jq_unknown" : null };
        var answer = await JanusqProgram.RunAsync(
            environment, [.. verb.Split(' '), .. arguments, "--output", "json", "--server", server, .. key]);
        var code = answer.Output.Length > 0 && answer.Document["error"] is not null ? answer.Text("error", "code") : null;
        return (answer.ExitCode, code, answer.Error);
    }

    private static string Sample(string name) => JanusqProgram.InRepository("config", "sample", name);
}
