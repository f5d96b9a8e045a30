using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using JanusQ.Ledger.Core;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Store;
using Marten;
using Npgsql;
using NpgsqlTypes;

namespace JanusQ.Ledger.Content;

/// <summary>
/// Documents by the SHA-256 of their bytes (ledger.md section 3). A document gets in only if it hashes to its key, is stored once however
/// often it is put, never changes, and is hashed again whenever it is read.
/// </summary>
public sealed class ContentStore
{
    // What is larger is not sent along with the events but before them, and only if it is not there yet.
    private const int LargestInBatch = 256 * 1024;
    private const int BatchOfMany = 128;

    private readonly NpgsqlDataSource _database;
    private readonly string _schema;

    internal ContentStore(IDocumentStore store, NpgsqlDataSource database, LedgerOptions options)
    {
        _database = database;
        _schema = store.Options.DatabaseSchemaName;
        LargestContent = options.LargestContent;
    }

    /// <summary>Bytes of one document at most.</summary>
    public long LargestContent { get; }

    private string SelectSql => $"select size, encoding, bytes from {_schema}.{ContentTable.TableName} where sha256 = $1";

    /// <summary>Stores a document; true if it was not there yet.</summary>
    /// <exception cref="RefusedException"><c>content_too_large</c>.</exception>
    public async Task<bool> PutAsync(DocumentContent content, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        RefuseTooLarge(content);
        return await InsertAsync(content.Sha256, content.Size, content.Stored.Encoding, content.Stored.Bytes, cancellation);
    }

    /// <summary>Stores a document read from a stream, compressed while it is hashed; true if it was not there yet.</summary>
    /// <param name="source">The bytes, read to their end.</param>
    /// <param name="claimed">What they are said to hash to.</param>
    /// <param name="cancellation">Cancels.</param>
    /// <exception cref="RefusedException"><c>content_too_large</c>, <c>content_hash_mismatch</c>: nothing is stored.</exception>
    public async Task<bool> PutAsync(Stream source, Sha256Hash claimed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        using var packed = new MemoryStream();
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long size = 0;
        await using (var compressing = ContentEncoding.Compressing(packed))
        {
            var buffer = new byte[128 * 1024];
            int read;
            while ((read = await source.ReadAsync(buffer, cancellation)) > 0)
            {
                size += read;
                if (size > LargestContent) throw ContentRefusals.TooLarge(claimed, size, LargestContent);
                hash.AppendData(buffer, 0, read);
                await compressing.WriteAsync(buffer.AsMemory(0, read), cancellation);
            }
        }

        var actual = Sha256Hash.Of(hash);
        if (actual != claimed) throw ContentRefusals.HashMismatch(claimed, actual);
        return await InsertAsync(actual, size, ContentEncoding.Brotli, packed.ToArray(), cancellation);
    }

    /// <summary>Which of some documents are stored.</summary>
    public async Task<IReadOnlySet<Sha256Hash>> FindStoredAsync(
        IReadOnlyCollection<Sha256Hash> hashes, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(hashes);
        await using var command = _database.CreateCommand($"select sha256 from {_schema}.{ContentTable.TableName} where sha256 = any ($1)");
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = hashes.Select(hash => hash.Bytes.ToArray()).ToArray(),
            NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
        });
        var stored = new HashSet<Sha256Hash>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) stored.Add(new Sha256Hash(reader.GetFieldValue<byte[]>(0)));
        return stored;
    }

    /// <summary>A document's bytes, or none if it is not stored.</summary>
    /// <exception cref="IntegrityException">What is stored does not hash to its key.</exception>
    public async Task<byte[]?> ReadAsync(Sha256Hash sha256, CancellationToken cancellation = default)
    {
        await using var command = SelectCommand(sha256);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return null;
        var size = reader.GetInt64(0);
        var content = size is >= 0 and <= int.MaxValue
            ? ContentEncoding.Decode(reader.GetString(1), reader.GetFieldValue<byte[]>(2), size)
            : null;
        if (content is null || Sha256Hash.Of(content) != sha256) throw Corrupt(sha256);
        return content;
    }

    /// <summary>
    /// Many documents in the order in which they are asked for, in few questions; for each its bytes, or none where it is not stored or is
    /// too large to be handed out with others: ask for that one by itself.
    /// </summary>
    /// <exception cref="IntegrityException">What is stored does not hash to its key.</exception>
    internal async IAsyncEnumerable<(Sha256Hash Sha256, byte[]? Bytes)> ReadManyAsync(
        IEnumerable<Sha256Hash> hashes, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        foreach (var batch in hashes.Chunk(BatchOfMany))
        {
            var read = new Dictionary<Sha256Hash, byte[]>();
            await using (var command = _database.CreateCommand(
                $"select sha256, size, encoding, bytes from {_schema}.{ContentTable.TableName} where sha256 = any ($1) and size <= $2"))
            {
                command.Parameters.Add(new NpgsqlParameter
                {
                    Value = batch.Select(hash => hash.Bytes.ToArray()).ToArray(),
                    NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea,
                });
                command.Parameters.AddWithValue((long)LargestInBatch);
                await using var reader = await command.ExecuteReaderAsync(cancellation);
                while (await reader.ReadAsync(cancellation))
                {
                    var (sha256, size) = (new Sha256Hash(reader.GetFieldValue<byte[]>(0)), reader.GetInt64(1));
                    var content = size >= 0 ? ContentEncoding.Decode(reader.GetString(2), reader.GetFieldValue<byte[]>(3), size) : null;
                    if (content is null || Sha256Hash.Of(content) != sha256) throw Corrupt(sha256);
                    read.Add(sha256, content);
                }
            }

            foreach (var sha256 in batch) yield return (sha256, read.GetValueOrDefault(sha256));
        }
    }

    /// <summary>
    /// A document's bytes as a stream to be read asynchronously, or none if it is not stored. The stream's last read fails if they do not
    /// hash to its key. It holds no connection while nobody reads.
    /// </summary>
    public async Task<Stream?> OpenAsync(Sha256Hash sha256, CancellationToken cancellation = default)
    {
        await using var command = _database.CreateCommand(
            $"select size, encoding, substring(bytes from 1 for $2) from {_schema}.{ContentTable.TableName} where sha256 = $1");
        command.Parameters.AddWithValue(sha256.Bytes.ToArray());
        command.Parameters.AddWithValue(StoredSlices.SliceBytes);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation)) return null;
        var (size, encoding) = (reader.GetInt64(0), reader.GetString(1));
        var stored = new StoredSlices(
            reader.GetFieldValue<byte[]>(2), (behind, ending) => ReadSliceAsync(sha256, behind, ending));
        var compressed = string.Equals(encoding, ContentEncoding.Brotli, StringComparison.Ordinal);
        return new VerifyingStream(compressed ? ContentEncoding.Decompressing(stored) : stored, sha256, size, Corrupt);
    }

    /// <summary>
    /// Makes sure that documents are stored when the session is saved: what is small goes along with its events, what is large goes before
    /// them. A document without an event is harmless; an event without its document is not.
    /// </summary>
    internal async Task StoreWithAsync(
        IDocumentSession session, IReadOnlyCollection<DocumentContent> contents, CancellationToken cancellation)
    {
        if (contents.Count == 0) return;
        var large = contents.Where(content => !GoesWithItsEvents(content)).ToArray();
        if (large.Length > 0)
        {
            var stored = await FindStoredAsync([.. large.Select(content => content.Sha256)], cancellation);
            foreach (var content in large)
                if (!stored.Contains(content.Sha256)) await PutAsync(content, cancellation);
        }

        if (large.Length < contents.Count)
            session.QueueOperation(new InsertContents(_schema, contents.Where(GoesWithItsEvents)));
    }

    /// <summary>Whether a document is stored in the transaction of its events, and not before it.</summary>
    internal static bool GoesWithItsEvents(DocumentContent content) => content.Size <= LargestInBatch;

    internal void RefuseTooLarge(DocumentContent content)
    {
        if (content.Size > LargestContent) throw ContentRefusals.TooLarge(content.Sha256, content.Size, LargestContent);
    }

    private static IntegrityException Corrupt(Sha256Hash sha256) =>
        new($"The stored document {sha256} is not what its hash says: it was altered or damaged.");

    private async Task<byte[]> ReadSliceAsync(Sha256Hash sha256, long behind, CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand(
            $"select substring(bytes from $2 for $3) from {_schema}.{ContentTable.TableName} where sha256 = $1");
        command.Parameters.AddWithValue(sha256.Bytes.ToArray());
        command.Parameters.AddWithValue(checked((int)behind + 1));
        command.Parameters.AddWithValue(StoredSlices.SliceBytes);
        return await command.ExecuteScalarAsync(cancellation) as byte[]
            ?? throw new InvalidOperationException("The row is gone while it is read; nothing deletes documents.");
    }

    private async Task<bool> InsertAsync(Sha256Hash sha256, long size, string encoding, byte[] bytes, CancellationToken cancellation)
    {
        await using var command = _database.CreateCommand(
            $"""
            insert into {_schema}.{ContentTable.TableName} (sha256, size, encoding, bytes) values ($1, $2, $3, $4)
            on conflict (sha256) do nothing
            """);
        command.Parameters.AddWithValue(sha256.Bytes.ToArray());
        command.Parameters.AddWithValue(size);
        command.Parameters.AddWithValue(encoding);
        command.Parameters.AddWithValue(bytes);
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private NpgsqlCommand SelectCommand(Sha256Hash sha256)
    {
        var command = _database.CreateCommand(SelectSql);
        command.Parameters.AddWithValue(sha256.Bytes.ToArray());
        return command;
    }
}
