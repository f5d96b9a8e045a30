using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using JanusQ.Ledger.Content;
using JanusQ.Ledger.Core.Audit;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Store;
using Npgsql;

namespace JanusQ.Ledger.Audit;

/// <summary>
/// Check (c) of audit.md section 4: every stored document is hashed as it streams past, and every hash in an event is looked for among
/// those.
/// </summary>
internal sealed class ContentCheck(AuditFindings findings, Action<long> progress) : IDisposable
{
    private const int HashesAtATime = 1000;
    private const int ProgressEvery = 1024;

    private readonly HashBuckets _stored = new();
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _piece = new byte[1 << 16];

    /// <summary>Number of documents.</summary>
    public long Contents { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Hashes everything that is stored.</summary>
    public Task HashAllAsync(NpgsqlConnection connection, CancellationToken cancellation) => HashAsync(connection, "true", cancellation);

    /// <summary>Hashes what events name.</summary>
    public async Task HashNamedAsync(NpgsqlConnection connection, HashBuckets references, CancellationToken cancellation)
    {
        for (var bucket = 0; bucket < HashBuckets.Count; bucket++)
        {
            foreach (var some in references.Read(bucket).Select(entry => entry.Hash).Distinct().Chunk(HashesAtATime))
            {
                var named = string.Join(',', some.Select(hash => $"'\\x{hash}'"));
                await HashAsync(connection, $"sha256 in ({named})", cancellation);
            }
        }
    }

    /// <summary>Looks for what events name among what is stored.</summary>
    /// <param name="references">Hashes with the sequence of the event and the size that it says.</param>
    /// <param name="placeOf">Finds the event of a sequence.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task CompareAsync(HashBuckets references, Func<long, Task<EventPlace>> placeOf, CancellationToken cancellation)
    {
        var (stored, reported) = (new Dictionary<Sha256Hash, long>(), new HashSet<Sha256Hash>());
        for (var bucket = 0; bucket < HashBuckets.Count; bucket++)
        {
            cancellation.ThrowIfCancellationRequested();
            stored.Clear();
            reported.Clear();
            foreach (var entry in _stored.Read(bucket)) stored[entry.Hash] = entry.First;
            foreach (var (hash, sequence, said) in references.Read(bucket))
            {
                var isStored = stored.TryGetValue(hash, out var size);
                if (isStored && (said == ContentReferences.NoSize || said == size)) continue;
                if (!reported.Add(hash)) continue;
                findings.Add(new AuditFinding(
                    AuditCheck.Content,
                    isStored ? AuditCodes.ContentSizeMismatch : AuditCodes.ContentMissing,
                    isStored ? Say($"{said} bytes, as the event says") : "the document that the event names",
                    isStored ? Say($"{size} bytes") : "none")
                {
                    At = await placeOf(sequence),
                    Content = hash,
                });
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _stored.Dispose();
        _hash.Dispose();
    }

    private async Task HashAsync(NpgsqlConnection connection, string where, CancellationToken cancellation)
    {
        await using var rows = await CopyRows.OpenAsync(
            connection,
            $"select sha256, size, encoding, bytes from {LedgerStore.Schema}.{ContentTable.TableName} where {where}",
            4,
            cancellation,
            streamsLast: true);
        await Task.Run(() => Hash(rows, cancellation), cancellation);
    }

    private void Hash(CopyRows rows, CancellationToken cancellation)
    {
        while (rows.Read())
        {
            var key = rows.Bytes(0).Length == Sha256Hash.Size ? new Sha256Hash(rows.Bytes(0)) : default;
            var size = rows.Int64(1);
            var encoding = rows.Text(2);
            var (actual, bytes) = Hash(rows, encoding, size);
            if (actual != key)
            {
                var found = actual is { } other ? $"bytes that hash to {other}" : $"bytes that are none in the encoding '{encoding}'";
                findings.Add(
                    new AuditFinding(AuditCheck.Content, AuditCodes.ContentAltered, $"bytes that hash to {key}", found) { Content = key });
            }
            else if (bytes != size)
            {
                var (expected, found) = (Say($"{size} bytes, as its row says"), Say($"{bytes}"));
                findings.Add(
                    new AuditFinding(AuditCheck.Content, AuditCodes.ContentSizeMismatch, expected, found) { Content = key });
            }

            _stored.Add(key, bytes, 0);
            Bytes += bytes;
            if (++Contents % ProgressEvery != 0) continue;
            cancellation.ThrowIfCancellationRequested();
            progress(Contents);
        }
    }

    /// <summary>The hash of a document and its size; no hash where the bytes are none in their encoding.</summary>
    private (Sha256Hash? Hash, long Size) Hash(CopyRows rows, string encoding, long most)
    {
        if (string.Equals(encoding, ContentEncoding.Raw, StringComparison.Ordinal))
        {
            int read;
            while ((read = rows.ReadLast(_piece)) > 0) _hash.AppendData(_piece, 0, read);
            return (Sha256Hash.Of(_hash), rows.LastLength);
        }

        if (!string.Equals(encoding, ContentEncoding.Brotli, StringComparison.Ordinal)) return (null, 0);
        var size = 0L;
        try
        {
            using var plain = new BrotliStream(new LastField(rows), CompressionMode.Decompress);
            int read;
            while ((read = plain.Read(_piece)) > 0)
            {
                // A few bytes can be made to unpack to any number of them.
                size += read;
                if (size > most) return Broken(size);
                _hash.AppendData(_piece, 0, read);
            }

            return (Sha256Hash.Of(_hash), size);
        }
        catch (Exception broken) when (broken is InvalidOperationException or InvalidDataException)
        {
            return Broken(size);
        }
    }

    private (Sha256Hash? Hash, long Size) Broken(long size)
    {
        Sha256Hash.Of(_hash);
        return (null, size);
    }

    private static string Say(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>The last field of a row as a stream.</summary>
    private sealed class LastField(CopyRows rows) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => rows.LastLength;

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => rows.ReadLast(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer) => rows.ReadLast(buffer);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
