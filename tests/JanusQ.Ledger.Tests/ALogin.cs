using JanusQ.Ledger.Testing;
using Npgsql;

namespace JanusQ.Ledger.Tests;

/// <summary>A role of the tests' server that logs in, and is gone afterwards.</summary>
internal sealed class ALogin : IAsyncDisposable
{
    private readonly NpgsqlDataSource _owner;
    private readonly NpgsqlDataSource _own;

    private ALogin(string owner, string name)
    {
        Name = name;
        ConnectionString = new NpgsqlConnectionStringBuilder(owner) { Username = name, Password = "secret" }.ConnectionString;
        _owner = NpgsqlDataSource.Create(owner);
        _own = NpgsqlDataSource.Create(ConnectionString);
    }

    public string Name { get; }

    /// <summary>The connection to a database as this role.</summary>
    public string ConnectionString { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Makes one.</summary>
    /// <param name="database">The connection string of the database's owner.</param>
    /// <param name="attributes">What stands after <c>create role NAME login password 'secret'</c>.</param>
    public static async Task<ALogin> MakeAsync(string database, string attributes)
    {
        var login = new ALogin(database, $"login_{Guid.NewGuid():N}"[..20]);
        await login.AsOwnerAsync($"create role {login.Name} login password 'secret' {attributes}");
        return login;
    }

    /// <summary>Makes a member of the role that the program has.</summary>
    public static Task<ALogin> OfTheProgramAsync(TestDatabase database) => MakeAsync(database.ConnectionString, "in role janusq_app");

    /// <summary>Runs a statement as the owner of the tables; <c>LOGIN</c> stands for this role.</summary>
    public async Task AsOwnerAsync(string sql)
    {
        await using var command = _owner.CreateCommand(sql.Replace("LOGIN", Name, StringComparison.Ordinal));
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    /// <summary>Runs a statement as this role.</summary>
    /// <returns>The SQLSTATE of the refusal; none if it was done.</returns>
    public async Task<string?> TryAsync(string sql)
    {
        await using var command = _own.CreateCommand(sql.Replace("LOGIN", Name, StringComparison.Ordinal));
        try
        {
            await command.ExecuteNonQueryAsync(Cancellation);
            return null;
        }
        catch (PostgresException refused)
        {
            return refused.SqlState;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _own.DisposeAsync();
        await AsOwnerAsync("reassign owned by LOGIN to current_user; drop owned by LOGIN; drop role LOGIN");
        await _owner.DisposeAsync();
    }
}
