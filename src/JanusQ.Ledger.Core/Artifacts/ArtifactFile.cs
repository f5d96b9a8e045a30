using System.Security.Cryptography;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Core.Artifacts;

/// <summary>Takes the bytes of a file in order, piece by piece.</summary>
public delegate void ByteSink(ReadOnlySpan<byte> piece);

/// <summary>A file that is spelled piece by piece, because it can be larger than what should be held at once.</summary>
public interface IArtifactFile
{
    /// <summary>Hands the file's bytes to <paramref name="sink"/>, in order; the same bytes every time.</summary>
    void WriteTo(ByteSink sink);
}

/// <summary>What can be asked of any <see cref="IArtifactFile"/>.</summary>
public static class ArtifactFile
{
    /// <summary>All bytes of a file.</summary>
    public static byte[] ToBytes(this IArtifactFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var buffer = new ByteBuffer(64 * 1024);
        file.WriteTo(buffer.Append);
        return buffer.ToArray();
    }

    /// <summary>The SHA-256 of a file's bytes.</summary>
    public static Sha256Hash FileHash(this IArtifactFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        file.WriteTo(piece => hash.AppendData(piece));
        return Sha256Hash.Of(hash);
    }

    /// <summary>Spells a document whose one long array stands between members that are held as values.</summary>
    internal static void Write(ByteSink sink, JsonObject before, string array, Action<ByteSink> elements, bool empty, JsonObject after)
    {
        Begin(sink, before, array, empty);
        if (!empty) elements(sink);
        End(sink, after, empty);
    }

    /// <summary>Spells such a document up to the first element of its array.</summary>
    internal static void Begin(ByteSink sink, JsonObject before, string array, bool empty)
    {
        var buffer = new ByteBuffer(4096);
        buffer.Append((byte)'{');
        AppendMembers(buffer, before, false);
        FileJson.AppendBreak(buffer, 1, true);
        CanonicalJson.AppendText(buffer, array);
        buffer.Append(empty ? ": []"u8 : ": ["u8);
        sink(buffer.Written);
    }

    /// <summary>Spells such a document from behind the last element of its array.</summary>
    internal static void End(ByteSink sink, JsonObject after, bool empty)
    {
        var buffer = new ByteBuffer(4096);
        if (!empty)
        {
            FileJson.AppendBreak(buffer, 1, false);
            buffer.Append((byte)']');
        }

        AppendMembers(buffer, after, true);
        FileJson.AppendBreak(buffer, 0, false);
        buffer.Append((byte)'}');
        sink(buffer.Written);
    }

    private static void AppendMembers(ByteBuffer buffer, JsonObject members, bool comma)
    {
        foreach (var (name, value) in members.Members)
        {
            FileJson.AppendBreak(buffer, 1, comma);
            comma = true;
            CanonicalJson.AppendText(buffer, name);
            buffer.Append(": "u8);
            FileJson.Append(buffer, value, 1);
        }
    }
}
