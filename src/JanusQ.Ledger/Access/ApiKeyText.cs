using System.Buffers.Text;
using System.Security.Cryptography;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Access;

/// <summary>The text of API keys: <c>jq_</c> and 32 random bytes in base64url. It is shown once; kept is its hash.</summary>
public static class ApiKeyText
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "jq_";

    private const int RandomBytes = 32;

    /// <summary>A key that nobody has.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What is kept of a key. A plain hash is enough where nobody can guess 256 random bits.</summary>
    public static Sha256Hash HashOf(string text) => Sha256Hash.OfText(text);

    /// <summary>What people name a key by, of the hash of its text.</summary>
    public static string IdOf(Sha256Hash keySha256) => $"key-{keySha256.Id[..12]}";
}
