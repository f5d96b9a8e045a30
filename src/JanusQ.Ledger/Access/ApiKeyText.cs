using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using JanusQ.Ledger.Core.Canonical;

namespace JanusQ.Ledger.Access;

/// <summary>The text of API keys: <c>jq_</c> and 32 random bytes in base64url. It is shown once; kept is its hash.</summary>
public static class ApiKeyText
{
    /// <summary>What every key begins with.</summary>
    public const string Prefix = "jq_";

    private const string IdPrefix = "key-";
    private const int DigitsInId = 12;
    private const int IdLength = 16;
    private const int RandomBytes = 32;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    /// <summary>A key that nobody has.</summary>
    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>What is kept of a key. A plain hash is enough where nobody can guess 256 random bits.</summary>
    public static Sha256Hash HashOf(string text) => Sha256Hash.OfText(text);

    /// <summary>What people name a key by, of the hash of its text.</summary>
    public static string IdOf(Sha256Hash keySha256) => $"{IdPrefix}{keySha256.Id[..DigitsInId]}";

    /// <summary>Whether a text can be the id of a key.</summary>
    public static bool IsId(string? text) =>
        text is { Length: IdLength } && text.StartsWith(IdPrefix, StringComparison.Ordinal)
            && !text.AsSpan(IdPrefix.Length).ContainsAnyExcept(LowerHex);
}
