using System.CommandLine;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Store;

namespace JanusQ.Ledger.Cli.Console;

/// <summary>Options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public Option<OutputFormat> Output { get; } = new("--output")
    {
        Description = "How the answer is written: table for people, json for programs (one document on standard output).",
        DefaultValueFactory = _ => OutputFormat.Table,
        Recursive = true,
    };

    public Option<string?> Connection { get; } = new("--connection")
    {
        Description = "PostgreSQL connection string. Without it JANUSQ_CONNECTION, else an embedded PostgreSQL, else a container.",
        Recursive = true,
    };

    public Option<string?> Data { get; } = new("--data")
    {
        Description = "Folder of the embedded PostgreSQL. Without it JANUSQ_DATA, else a folder under the user's data folder.",
        Recursive = true,
    };

    public Option<string?> Server { get; } = new("--server")
    {
        Description =
            "Address of a ledger's server, for instance https://ledger.example. Without it JANUSQ_SERVER, else a database is used.",
        Recursive = true,
    };

    public Option<string?> Key { get; } = new("--key")
    {
        Description = "API key for the server; it says who acts and in which role. Better in JANUSQ_KEY, which other users do not see.",
        Recursive = true,
    };

    public Option<string> Actor { get; } = new("--actor")
    {
        Description = "Who acts. Without it the operating system's user.",
        DefaultValueFactory = _ => Environment.UserName,
        Recursive = true,
    };

    public Option<string?> Role { get; } = CreateRole();

    public Option<AcceptedRisks> Accept { get; } = RiskOption.Create();

    public void AddTo(Command root)
    {
        root.Options.Add(Output);
        root.Options.Add(Connection);
        root.Options.Add(Data);
        root.Options.Add(Server);
        root.Options.Add(Key);
        root.Options.Add(Actor);
        root.Options.Add(Role);
        root.Options.Add(Accept);
    }

    private static Option<string?> CreateRole()
    {
        var role = new Option<string?>("--role")
        {
            Description = "The role in which the actor acts. Without it worker where a lane is run, else operator.",
            Recursive = true,
        };
        role.AcceptOnlyFromAmong([.. Roles.All]);
        return role;
    }
}
