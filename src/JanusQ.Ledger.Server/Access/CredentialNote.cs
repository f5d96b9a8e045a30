namespace JanusQ.Ledger.Server.Access;

/// <summary>What is wrong with what a request shows to be let in: for the security log, never for the answer.</summary>
/// <param name="Code">Why it is not taken.</param>
/// <param name="KeyName">The name of the key that no longer counts; none where no key is known.</param>
internal sealed record CredentialNote(string Code, string? KeyName = null);

/// <summary>What is known of a request beside what stands in it.</summary>
internal static class RequestNotes
{
    private static readonly object Credentials = new();
    private static readonly object Refusal = new();
    private static readonly object KeyId = new();

    /// <summary>Notes by which key a request was let in.</summary>
    public static void NoteKey(this HttpContext context, string keyId) => context.Items[KeyId] = keyId;

    /// <summary>The key by which a request was let in; none where it was a token.</summary>
    public static string? KeyNote(this HttpContext context) => context.Items[KeyId] as string;

    /// <summary>Notes why credentials were not taken.</summary>
    public static void Note(this HttpContext context, CredentialNote note) => context.Items[Credentials] = note;

    /// <summary>Why credentials were not taken; none where they were, or where there are none.</summary>
    public static CredentialNote? CredentialNote(this HttpContext context) => context.Items[Credentials] as CredentialNote;

    /// <summary>Notes the code by which a request was refused.</summary>
    public static void NoteRefusal(this HttpContext context, string code) => context.Items[Refusal] = code;

    /// <summary>The code by which a request was refused.</summary>
    public static string? RefusalNote(this HttpContext context) => context.Items[Refusal] as string;
}
