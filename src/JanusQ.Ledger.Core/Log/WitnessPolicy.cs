using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace JanusQ.Ledger.Core.Log;

/// <summary>A log that a policy accepts.</summary>
/// <param name="Key">Its key, named as its origin.</param>
/// <param name="Url">Where it is, or none.</param>
public sealed record PolicyLog(VerifierKey Key, string? Url);

/// <summary>A witness that a policy knows.</summary>
/// <param name="Name">Its name in the policy, one character an octet of the file.</param>
/// <param name="Key">Its key.</param>
/// <param name="Url">Where it takes checkpoints, or none.</param>
public sealed record PolicyWitness(string Name, VerifierKey Key, string? Url);

/// <summary>Witnesses or groups, of which some must have cosigned for the group to have.</summary>
/// <param name="Name">Its name in the policy, one character an octet of the file.</param>
/// <param name="Threshold">How many of the members: 1 to all.</param>
/// <param name="Members">Names of witnesses and of groups.</param>
public sealed record PolicyGroup(string Name, int Threshold, ImmutableArray<string> Members);

/// <summary>A checkpoint that satisfies a policy.</summary>
/// <param name="Log">The key of the log that signed it.</param>
/// <param name="Cosignatures">Cosignatures of witnesses that the policy knows, one a witness; more than it asks for may be there.</param>
public sealed record PolicySatisfaction(VerifierKey Log, ImmutableArray<Cosignature> Cosignatures);

/// <summary>
/// Which logs are accepted and whose cosignatures a checkpoint needs (audit.md section 3, C2SP tlog-policy). The file travels with what is
/// to be verified and is what an auditor decides by.
/// </summary>
public sealed class WitnessPolicy
{
    /// <summary>Bytes that are read at most.</summary>
    public const int MostBytes = 1 << 20;

    private const string None = "none";

    private readonly Dictionary<string, PolicyWitness> _witnesses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, PolicyGroup> _groups = new(StringComparer.Ordinal);

    private WitnessPolicy()
    {
    }

    /// <summary>The logs in the order of the file.</summary>
    public ImmutableArray<PolicyLog> Logs { get; private set; } = [];

    /// <summary>The witnesses in the order of the file.</summary>
    public ImmutableArray<PolicyWitness> Witnesses { get; private set; } = [];

    /// <summary>The groups in the order of the file, members before those that they are members of.</summary>
    public ImmutableArray<PolicyGroup> Groups { get; private set; } = [];

    /// <summary>The witness or group that must have cosigned; none where no cosignature is asked for.</summary>
    public string? Quorum { get; private set; }

    /// <summary>Reads a policy.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="refusal">
    /// <c>log_policy_malformed</c> with the number of the line, the last one where something is missing; the explanation says what is
    /// wrong.
    /// </param>
    public static bool TryParse(
        ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out WitnessPolicy? policy, [NotNullWhen(false)] out Refusal? refusal)
    {
        var reading = new Reading();
        var number = 0;
        var wrong = bytes.Length > MostBytes ? $"more than {MostBytes} bytes" : null;
        while (wrong is null && !bytes.IsEmpty)
        {
            number++;
            var end = bytes.IndexOf((byte)'\n');
            wrong = end < 0 ? "the last line does not end" : reading.Take(Encoding.Latin1.GetString(bytes[..end]));
            bytes = bytes[(end + 1)..];
        }

        if (wrong is null && !reading.HasQuorum) wrong = "there is no quorum line";
        policy = wrong is null ? reading.Policy : null;
        refusal = wrong is null
            ? null
            : new Refusal("log_policy_malformed", $"The policy, line {LogText.Of(number)}: {wrong}.").With("line", number);
        return policy is not null;
    }

    /// <summary>Whether cosignatures of these witnesses are enough.</summary>
    /// <param name="cosigned">Keys whose cosignatures of one checkpoint were verified.</param>
    public bool IsQuorum(IEnumerable<VerifierKey> cosigned)
    {
        if (Quorum is null) return true;
        var keys = cosigned.ToHashSet();
        var witnessed = Witnesses.Where(witness => keys.Contains(witness.Key)).Select(witness => witness.Name)
            .ToHashSet(StringComparer.Ordinal);

        // Members are defined before their groups, so one pass decides all.
        foreach (var group in Groups)
            if (group.Members.Count(witnessed.Contains) >= group.Threshold) witnessed.Add(group.Name);
        return witnessed.Contains(Quorum);
    }

    /// <summary>Verifies that a checkpoint is one of the policy's logs and is cosigned as the policy asks.</summary>
    /// <param name="signed">The checkpoint.</param>
    /// <param name="satisfaction">Who signed and cosigned it.</param>
    /// <param name="refusal">
    /// <c>checkpoint_origin_unknown</c>, <c>checkpoint_log_signature_missing</c>, <c>checkpoint_quorum_missing</c>, or as
    /// <see cref="SignedNote.TryVerify"/> refuses.
    /// </param>
    /// <param name="logKeys">Keys of logs that are known from elsewhere and accepted beside those of the policy.</param>
    public bool TryVerify(
        SignedCheckpoint signed,
        [NotNullWhen(true)] out PolicySatisfaction? satisfaction,
        [NotNullWhen(false)] out Refusal? refusal,
        params IEnumerable<VerifierKey> logKeys)
    {
        ArgumentNullException.ThrowIfNull(signed);
        satisfaction = null;
        var origin = signed.Checkpoint.Origin;
        var ofLog = Logs.Select(log => log.Key).Concat(logKeys)
            .Where(key => string.Equals(key.Name, origin, StringComparison.Ordinal)).ToHashSet();
        if (ofLog.Count == 0)
        {
            refusal = new Refusal("checkpoint_origin_unknown", $"The policy knows no log {origin}.");
            return false;
        }

        if (!signed.Note.TryVerify([.. ofLog, .. Witnesses.Select(witness => witness.Key)], out var verification, out refusal))
            return false;
        var log = verification.Verified.FirstOrDefault(verified => ofLog.Contains(verified.Key))?.Key;
        if (log is null)
        {
            refusal = new Refusal("checkpoint_log_signature_missing",
                $"No key of {origin} that the policy knows has signed the checkpoint.");
            return false;
        }

        var witnesses = Witnesses.Select(witness => witness.Key).ToHashSet();
        var cosignatures = SignedCheckpoint.Latest(verification)
            .Where(cosignature => witnesses.Contains(cosignature.Witness)).ToImmutableArray();
        if (!IsQuorum(cosignatures.Select(cosignature => cosignature.Witness)))
        {
            var cosigned = cosignatures.IsEmpty ? "nobody" : string.Join(", ", cosignatures.Select(by => by.Witness.Name));
            refusal = new Refusal("checkpoint_quorum_missing", $"The policy asks for {Quorum}; {cosigned} cosigned.");
            return false;
        }

        satisfaction = new PolicySatisfaction(log, cosignatures);
        refusal = null;
        return true;
    }

    /// <summary>The policy's file: logs, witnesses, groups, quorum.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder();
        foreach (var log in Logs) text.Append("log ").Append(Octets(log.Key)).Append(Behind(log.Url)).Append('\n');
        foreach (var witness in Witnesses)
            text.Append("witness ").Append(witness.Name).Append(' ').Append(Octets(witness.Key)).Append(Behind(witness.Url)).Append('\n');
        foreach (var group in Groups)
        {
            text.Append(CultureInfo.InvariantCulture, $"group {group.Name} {group.Threshold} ").AppendJoin(' ', group.Members).Append('\n');
        }

        return Encoding.Latin1.GetBytes(text.Append("quorum ").Append(Quorum ?? None).Append('\n').ToString());
    }

    /// <summary>The policy that accepts the checkpoints of some keys without any cosignature.</summary>
    public static WitnessPolicy OfLogs(params IEnumerable<VerifierKey> keys) =>
        new() { Logs = [.. keys.Distinct().Select(key => new PolicyLog(key, null))] };

    private static string Octets(VerifierKey key) => Encoding.Latin1.GetString(LogText.ToUtf8(key.ToString()));

    private static string Behind(string? url) => url is null ? "" : " " + url;

    /// <summary>
    /// A policy while its lines are read. A text has one character an octet, because to the format names are octets and nothing else.
    /// </summary>
    private sealed class Reading
    {
        private static readonly char[] Blanks = [' ', '\t'];

        private readonly HashSet<string> _members = new(StringComparer.Ordinal);

        public WitnessPolicy Policy { get; } = new();

        public bool HasQuorum { get; private set; }

        /// <summary>Takes a line; what is wrong with it, or null.</summary>
        public string? Take(string line)
        {
            if (line.Any(c => c is (< ' ' and not '\t') or '\x7f')) return "control characters";
            var words = line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            return words switch
            {
                [] => null,
                [['#', ..], ..] => null,
                ["log", var key] => Log(key, null),
                ["log", var key, var url] => Log(key, url),
                ["witness", var name, var key] => Witness(name, key, null),
                ["witness", var name, var key, var url] => Witness(name, key, url),
                ["group", var name, var threshold, .. { Length: > 0 } members] => Group(name, threshold, members),
                ["quorum", var name] => TakeQuorum(name),
                _ => "expected log KEY [URL], witness NAME KEY [URL], group NAME all|any|K NAME..., or quorum NAME",
            };
        }

        private string? Log(string text, string? url)
        {
            if (Key(text, out var key) is { } wrong) return wrong;
            if (Policy.Logs.Any(log => log.Key.PublicKey.AsSpan().SequenceEqual(key.PublicKey.AsSpan())))
                return "the same key as a log before";
            Policy.Logs = Policy.Logs.Add(new PolicyLog(key, url));
            return null;
        }

        private string? Witness(string name, string text, string? url)
        {
            if (Name(name) is { } taken) return taken;
            if (Key(text, out var key) is { } wrong) return wrong;
            if (key.Type == NoteSignatureType.Ed25519) return "a witness's key is of type 0x04 or 0x06";
            if (Policy.Witnesses.Any(witness => witness.Key.PublicKey.AsSpan().SequenceEqual(key.PublicKey.AsSpan())))
                return "the same key as a witness before";
            var added = new PolicyWitness(name, key, url);
            Policy._witnesses.Add(name, added);
            Policy.Witnesses = Policy.Witnesses.Add(added);
            return null;
        }

        private string? Group(string name, string threshold, string[] members)
        {
            if (Name(name) is { } taken) return taken;
            foreach (var member in members)
            {
                if (!IsDefined(member)) return "a member that no line before defines";
                if (!_members.Add(member)) return "a member that is one already";
            }

            var most = (long)members.Length;
            var needed = threshold switch
            {
                "all" => most,
                "any" => 1,
                _ => LogText.TrySize(threshold, out var number) ? number : 0,
            };
            if (needed < 1 || needed > most) return "a threshold that is not all, any, or 1 to the number of members";
            var added = new PolicyGroup(name, (int)needed, [.. members]);
            Policy._groups.Add(name, added);
            Policy.Groups = Policy.Groups.Add(added);
            return null;
        }

        private string? TakeQuorum(string name)
        {
            if (HasQuorum) return "a second quorum";
            if (name != None && !IsDefined(name)) return "a quorum that no line before defines";
            HasQuorum = true;
            Policy.Quorum = name == None ? null : name;
            return null;
        }

        private static string? Key(string octets, out VerifierKey key)
        {
            key = null!;
            if (!LogText.TryUtf8(Encoding.Latin1.GetBytes(octets), out var text)) return "a key that is not UTF-8";
            if (!VerifierKey.TryParse(text, out var read, out var refusal)) return refusal.Explanation.TrimEnd('.');
            key = read;
            return null;
        }

        private string? Name(string name) =>
            name == None ? "the name none is taken" : IsDefined(name) ? "a name that is defined already" : null;

        private bool IsDefined(string name) => Policy._witnesses.ContainsKey(name) || Policy._groups.ContainsKey(name);
    }
}
