using System.Collections.Immutable;
using System.Text.RegularExpressions;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Access;

/// <summary>
/// The keys by which callers of the server are known. They are no part of the ledger: no event is recorded when one is made or revoked.
/// </summary>
/// <param name="database">The database.</param>
/// <param name="clock">Where "now" comes from.</param>
public sealed partial class ApiKeys(NpgsqlDataSource database, TimeProvider clock)
{
    private const string Table = LedgerStore.Schema + ".api_key";
    private const string Select = $"select key_id, name, role, created_at, created_by, expires_at, revoked_at from {Table} ";

    /// <summary>What the name of a key must be.</summary>
    public const string NameForm = "1 to 100 of A-Z a-z 0-9 . _ @ - beginning with a letter or digit";

    /// <summary>Makes a key. The text is in this answer and nowhere else.</summary>
    /// <param name="name">Who will hold it, of the form of <see cref="NameForm"/>.</param>
    /// <param name="role">One of <see cref="Roles.All"/>.</param>
    /// <param name="expiresIn">After what time it no longer counts; none: it does not expire.</param>
    /// <param name="createdBy">Who makes it.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="RefusedException"><c>command_invalid</c> with the field and what is expected.</exception>
    public async Task<(string Text, ApiKey Key)> CreateAsync(
        string name, string role, TimeSpan? expiresIn, string createdBy, CancellationToken cancellation = default)
    {
        if (!IsName(name)) throw Invalid("name", NameForm);
        if (!Roles.All.Contains(role, StringComparer.Ordinal)) throw Invalid("role", $"one of {string.Join(", ", Roles.All)}");
        if (expiresIn <= TimeSpan.Zero) throw Invalid("expires_in", "a duration greater than none");
        if (string.IsNullOrWhiteSpace(createdBy) || createdBy.Contains('\0', StringComparison.Ordinal))
            throw Invalid("created_by", "who makes the key");
        var text = ApiKeyText.New();
        var hash = ApiKeyText.HashOf(text);
        var now = ToMicroseconds(clock.GetUtcNow());
        DateTimeOffset? expiresAt = expiresIn is { } duration ? ToMicroseconds(now + duration) : null;
        var key = new ApiKey(ApiKeyText.IdOf(hash), name, role, now, createdBy, expiresAt, null);
        await using var command = database.CreateCommand(
            $"insert into {Table} (key_id, sha256, name, role, created_at, created_by, expires_at) values ($1, $2, $3, $4, $5, $6, $7)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.KeyId });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = hash.Bytes.ToArray() });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Name });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Role });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = key.CreatedAt });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.CreatedBy });
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = key.ExpiresAt ?? (object)DBNull.Value,
            NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.TimestampTz,
        });
        await command.ExecuteNonQueryAsync(cancellation);
        return (text, key);
    }

    /// <summary>All keys that were ever made, oldest first.</summary>
    public async Task<ImmutableArray<ApiKey>> ListAsync(CancellationToken cancellation = default)
    {
        await using var command = database.CreateCommand(Select + "order by created_at, key_id");
        return await ReadAsync(command, cancellation);
    }

    /// <summary>How many keys of a role count now.</summary>
    public async Task<long> CountValidAsync(string role, CancellationToken cancellation = default)
    {
        await using var command = database.CreateCommand(
            $"select count(*) from {Table} where role = $1 and revoked_at is null and (expires_at is null or expires_at > $2)");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = role });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Whether any key was ever made.</summary>
    public async Task<bool> AnyAsync(CancellationToken cancellation = default)
    {
        await using var command = database.CreateCommand($"select exists (select from {Table})");
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>The key with a hash, whether it counts or not; none if no key has it.</summary>
    /// <param name="keySha256">SHA-256 of the key's text.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<ApiKey?> FindAsync(Sha256Hash keySha256, CancellationToken cancellation = default)
    {
        await using var command = database.CreateCommand(Select + "where sha256 = $1");
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = keySha256.Bytes.ToArray() });
        return (await ReadAsync(command, cancellation)).SingleOrDefault();
    }

    /// <summary>Takes a key back for good.</summary>
    /// <returns>The key, and whether it was revoked now; one that was revoked before stays as it was.</returns>
    /// <exception cref="RefusedException"><c>unknown_key</c></exception>
    public async Task<(ApiKey Key, bool Now)> RevokeAsync(string keyId, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(keyId);
        await using var command = database.CreateCommand($"update {Table} set revoked_at = $2 where key_id = $1 and revoked_at is null");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = keyId });
        command.Parameters.Add(new NpgsqlParameter<DateTimeOffset> { TypedValue = clock.GetUtcNow() });
        var revoked = await command.ExecuteNonQueryAsync(cancellation) == 1;
        await using var select = database.CreateCommand(Select + "where key_id = $1");
        select.Parameters.Add(new NpgsqlParameter<string> { TypedValue = keyId });
        var key = (await ReadAsync(select, cancellation)).SingleOrDefault();
        return key is null ? throw new RefusedException(Unknown(keyId)) : (key, revoked);
    }

    /// <summary>The refusal of an id that no key has: <c>unknown_key</c>, with the id.</summary>
    public static Refusal Unknown(string keyId) => new Refusal("unknown_key", $"There is no key {keyId}.").With("key_id", keyId);

    /// <summary>Whether a text can be the name of a key.</summary>
    public static bool IsName(string? name) => name is not null && Name().IsMatch(name);

    private static async Task<ImmutableArray<ApiKey>> ReadAsync(NpgsqlCommand command, CancellationToken cancellation)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var keys = ImmutableArray.CreateBuilder<ApiKey>();
        while (await reader.ReadAsync(cancellation))
        {
            keys.Add(new ApiKey(
                reader.GetString(0),
                reader.GetString(1),
                reader.GetString(2),
                reader.GetFieldValue<DateTimeOffset>(3),
                reader.GetString(4),
                await reader.IsDBNullAsync(5, cancellation) ? null : reader.GetFieldValue<DateTimeOffset>(5),
                await reader.IsDBNullAsync(6, cancellation) ? null : reader.GetFieldValue<DateTimeOffset>(6)));
        }

        return keys.ToImmutable();
    }

    private static RefusedException Invalid(string field, string expectation) => new(CommandValidation.Invalid(field, expectation));

    // What PostgreSQL keeps of an instant.
    private static DateTimeOffset ToMicroseconds(DateTimeOffset instant) =>
        new(instant.UtcTicks - (instant.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._@-]{0,99}\z")]
    private static partial Regex Name();
}
