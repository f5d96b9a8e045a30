using System.Buffers.Binary;
using System.Text;
using Npgsql;

namespace JanusQ.Ledger.Audit;

/// <summary>
/// Rows of a query in PostgreSQL's binary COPY format, read forward with their values in place: nothing is copied or allocated for a row.
/// </summary>
internal sealed class CopyRows : IAsyncDisposable
{
    private const int SignatureBytes = 11;
    private const int LongestWaitMilliseconds = 24 * 60 * 60 * 1000;

    private readonly Stream _source;
    private readonly (int Start, int Length)[] _fields;
    private readonly bool _streamsLast;
    private byte[] _buffer = new byte[1 << 17];
    private int _row;
    private int _at;
    private int _end;
    private int _lastLeft;
    private bool _begun;

    private CopyRows(Stream source, int fields, bool streamsLast)
    {
        _source = source;
        _fields = new (int, int)[fields];
        _streamsLast = streamsLast;
    }

    /// <summary>The bytes that the fields of the row stand in.</summary>
    public byte[] Buffer => _buffer;

    /// <summary>Number of bytes of the last field where it is streamed.</summary>
    public int LastLength { get; private set; }

    /// <summary>Begins to read.</summary>
    /// <param name="connection">A connection that is used for nothing else meanwhile.</param>
    /// <param name="select">The query.</param>
    /// <param name="fields">Number of its columns.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <param name="streamsLast">Whether the last column is read by <see cref="ReadLast"/> and never held as a whole.</param>
    public static async Task<CopyRows> OpenAsync(
        NpgsqlConnection connection, string select, int fields, CancellationToken cancellation, bool streamsLast = false)
    {
        var source = await connection.BeginRawBinaryCopyAsync($"copy ({select}) to stdout (format binary)", cancellation);

        // A sort may take its time before the first row comes.
        source.ReadTimeout = LongestWaitMilliseconds;
        return new CopyRows(source, fields, streamsLast);
    }

    /// <summary>Goes to the next row; false behind the last.</summary>
    public bool Read()
    {
        if (!_begun) ReadHeader();
        SkipLast();
        _row = _at;
        Ensure(sizeof(short));
        var count = BinaryPrimitives.ReadInt16BigEndian(_buffer.AsSpan(_at));
        _at += sizeof(short);
        if (count < 0) return false;
        if (count != _fields.Length) throw new InvalidDataException($"A row has {count} fields, not {_fields.Length}.");
        for (var i = 0; i < _fields.Length; i++)
        {
            Ensure(sizeof(int));
            var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_at));
            _at += sizeof(int);
            _fields[i] = (_at - _row, length);
            if (length < 0) continue;
            if (_streamsLast && i == _fields.Length - 1)
            {
                LastLength = _lastLeft = length;
                break;
            }

            Ensure(length);
            _at += length;
        }

        return true;
    }

    /// <summary>Whether a field is null.</summary>
    public bool IsNull(int field) => _fields[field].Length < 0;

    /// <summary>The bytes of a field; empty where it is null.</summary>
    public ReadOnlySpan<byte> Bytes(int field) => IsNull(field) ? [] : _buffer.AsSpan(_row + _fields[field].Start, _fields[field].Length);

    /// <summary>Where in <see cref="Buffer"/> a field stands.</summary>
    public (int Start, int Length) Range(int field) => (_row + _fields[field].Start, Math.Max(_fields[field].Length, 0));

    /// <summary>A field of type bigint.</summary>
    public long Int64(int field) => BinaryPrimitives.ReadInt64BigEndian(Bytes(field));

    /// <summary>A field of type smallint.</summary>
    public short Int16(int field) => BinaryPrimitives.ReadInt16BigEndian(Bytes(field));

    /// <summary>A field of type boolean; false where it is null.</summary>
    public bool Boolean(int field) => Bytes(field) is [not 0];

    /// <summary>A field of type uuid.</summary>
    public Guid Guid(int field) => new(Bytes(field), bigEndian: true);

    /// <summary>A field of a text type; empty where it is null.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    /// <summary>Reads on in the last field; 0 at its end.</summary>
    public int ReadLast(Span<byte> target)
    {
        target = target[..Math.Min(target.Length, _lastLeft)];
        if (target.IsEmpty) return 0;
        int read;
        if (_at < _end)
        {
            read = Math.Min(target.Length, _end - _at);
            _buffer.AsSpan(_at, read).CopyTo(target);
            _at += read;
        }
        else
        {
            read = _source.Read(target);
            if (read == 0) throw new EndOfStreamException("The rows are cut off.");
        }

        _lastLeft -= read;
        return read;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private void SkipLast()
    {
        Span<byte> skipped = stackalloc byte[4096];
        while (_lastLeft > 0) ReadLast(skipped);
    }

    private void ReadHeader()
    {
        _begun = true;
        Ensure(SignatureBytes + (2 * sizeof(int)));
        if (!_buffer.AsSpan(_at, SignatureBytes).SequenceEqual(Signature))
            throw new InvalidDataException("These are no rows in the binary format.");
        var extension = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_at + SignatureBytes + sizeof(int)));
        _at += SignatureBytes + (2 * sizeof(int));
        Ensure(extension);
        _at += extension;
        _row = _at;
    }

    private static ReadOnlySpan<byte> Signature => [(byte)'P', (byte)'G', (byte)'C', (byte)'O', (byte)'P', (byte)'Y', 10, 255, 13, 10, 0];

    /// <summary>Makes sure that so many bytes stand behind the place reached, and everything of the row before it.</summary>
    private void Ensure(int bytes)
    {
        if (_end - _at >= bytes) return;
        if (_buffer.Length - _at < bytes)
        {
            var kept = _end - _row;
            var needed = _at - _row + bytes;
            var target = needed > _buffer.Length ? new byte[Math.Max(needed, Math.Min(_buffer.Length * 2L, Array.MaxLength))] : _buffer;
            _buffer.AsSpan(_row, kept).CopyTo(target);
            (_buffer, _at, _end, _row) = (target, _at - _row, kept, 0);
        }

        while (_end - _at < bytes)
        {
            var read = _source.Read(_buffer.AsSpan(_end));
            if (read == 0) throw new EndOfStreamException("The rows are cut off.");
            _end += read;
        }
    }
}
