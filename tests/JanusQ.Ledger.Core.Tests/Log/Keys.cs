using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Core.Tests.Log;

/// <summary>Keys of the tests: the published ones of Go's <c>sumdb/note</c> and C2SP, and some of their own.</summary>
internal static class Keys
{
    public const string PeterVerifier = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    public const string PeterSigner = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    public const string EnochVerifier = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
    public const string FooVerifier = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    public const string Origin = "ledger.example/log";

    public static readonly SignerKey Log = SignerKey.FromSeed(Origin, Seed(1));
    public static readonly SignerKey OldLog = SignerKey.FromSeed(Origin, Seed(2));
    public static readonly SignerKey OtherLog = SignerKey.FromSeed("other.example/log", Seed(3));
    public static readonly SignerKey[] Witnesses = [.. Enumerable.Range(1, 6).Select(Witness)];

    public static VerifierKey Verifier(string text) =>
        VerifierKey.TryParse(text, out var key, out var refusal) ? key : throw new ArgumentException(refusal.Explanation, nameof(text));

    public static SignerKey Signer(string text) =>
        SignerKey.TryParse(text, out var key, out var refusal) ? key : throw new ArgumentException(refusal.Explanation, nameof(text));

    public static byte[] Seed(byte number) => [.. Enumerable.Repeat(number, SignerKey.SeedSize)];

    private static SignerKey Witness(int number) =>
        SignerKey.FromSeed($"witness{number}.example", Seed((byte)(100 + number)), NoteSignatureType.Ed25519Cosignature);
}
