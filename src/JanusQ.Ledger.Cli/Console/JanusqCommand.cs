using System.CommandLine;
using JanusQ.Ledger.Cli.Access;
using JanusQ.Ledger.Cli.Audit;
using JanusQ.Ledger.Cli.Candidates;
using JanusQ.Ledger.Cli.Database;
using JanusQ.Ledger.Cli.Decisions;
using JanusQ.Ledger.Cli.Demo;
using JanusQ.Ledger.Cli.Lane;
using JanusQ.Ledger.Cli.Operators;
using JanusQ.Ledger.Cli.Policies;
using JanusQ.Ledger.Cli.Promotions;
using JanusQ.Ledger.Cli.Server;

namespace JanusQ.Ledger.Cli.Console;

/// <summary>The whole command line: every verb.</summary>
internal static class JanusqCommand
{
    public static RootCommand Create()
    {
        var options = new GlobalOptions();
        var root = new RootCommand(
            "The system of record for promoting trading strategies: evidence in, verdict derived, everything replayable.");
        options.AddTo(root);
        root.Subcommands.Add(DemoCommand.Create(options));
        root.Subcommands.Add(new Command("lane", "Lane runs.") { LaneRunCommand.Create(options), LaneIngestCommand.Create(options) });
        root.Subcommands.Add(new Command("candidate", "Candidates and their histories.")
        {
            CandidateListCommand.Create(options),
            CandidateShowCommand.Create(options),
            CandidateHistoryCommand.Create(options),
            CandidateDiffCommand.Create(options),
        });
        root.Subcommands.Add(new Command("policy", "Policy documents.")
        {
            PolicyValidateCommand.Create(options),
            PolicyDiffCommand.Create(options),
            PolicyDryRunCommand.Create(options),
            PolicyBookCommands.Publish(options),
            PolicyBookCommands.Activate(options),
            PolicyBookCommands.Approve(options),
            PolicyBookCommands.List(options),
        });
        root.Subcommands.Add(PromoteCommand.Create(options));
        root.Subcommands.Add(PlaceCommands.Demote(options));
        root.Subcommands.Add(PlaceCommands.RollBack(options));
        root.Subcommands.Add(new Command("champion", "Who is active for a target.") { PlaceCommands.Show(options) });
        root.Subcommands.Add(new Command("decision", "Decisions and their replays.")
        {
            DecisionCommands.Show(options),
            DecisionCommands.Replay(options),
        });
        root.Subcommands.Add(ApprovalCommands.Approve(options));
        root.Subcommands.Add(ApprovalCommands.Revoke(options));
        root.Subcommands.Add(ApprovalCommands.List(options));
        root.Subcommands.Add(CandidateOperatorCommands.Pause(options));
        root.Subcommands.Add(CandidateOperatorCommands.Resume(options));
        root.Subcommands.Add(CandidateOperatorCommands.Evidence(options));
        root.Subcommands.Add(DrillCommands.Create(options));
        root.Subcommands.Add(KillSwitchCommands.Create(options));
        root.Subcommands.Add(ExplainCommand.Create(options));
        root.Subcommands.Add(new Command(
            "audit", "The transparency log and the proof of the ledger: keys, checkpoints, proofs, bundles, verification.")
        {
            AuditVerifyCommand.Create(options),
            AuditKeygenCommand.Create(options),
            AuditCheckpointCommand.Create(options),
            AuditProveCommand.Create(options),
            AuditExportCommand.Create(options),
            AuditVerifyBundleCommand.Create(options),
        });
        root.Subcommands.Add(ServeCommand.Create(options));
        root.Subcommands.Add(new Command("key", "The API keys by which callers of the server are known, and who was refused.")
        {
            KeyCommands.Make(options),
            KeyCommands.List(options),
            KeyCommands.Revoke(options),
            KeyLogCommand.Create(options),
        });
        root.Subcommands.Add(new Command("db", "The database.")
        {
            DatabaseStatusCommand.Create(options),
            DatabaseMigrateCommand.Create(options),
            DatabaseAssertCommand.Create(options),
            DatabaseRebuildCommand.Create(options),
        });
        return root;
    }
}
