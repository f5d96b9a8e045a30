using System.Collections.Immutable;
using System.Text;
using JanusQ.Ledger.Core.Bundles;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Bundles;

/// <summary>
/// Checks the checkpoint of a bundle against what is believed beforehand, and the bundle's own keys and policy against it.
/// </summary>
internal sealed class CheckpointCheck(BundleFiles files, BundleTrust trust, BundleFindings findings)
{
    /// <summary>Those of the given keys that signed it.</summary>
    public ImmutableArray<VerifierKey> SignedBy { get; private set; } = [];

    /// <summary>The witnesses of the given policy that cosigned it.</summary>
    public ImmutableArray<VerifierKey> CosignedBy { get; private set; } = [];

    /// <summary>Keys of the bundle that were not given.</summary>
    public ImmutableArray<VerifierKey> KeysNotGiven { get; private set; } = [];

    /// <summary>
    /// The checkpoint, compared with the manifest, the keys and the policy; none, with a finding, where there is no such one.
    /// </summary>
    public SignedCheckpoint? Read(BundleManifest manifest)
    {
        if (files.Read(BundlePath.Checkpoint) is not { } bytes) return null;
        if (!SignedCheckpoint.TryParse(bytes, out var signed, out var refusal))
        {
            findings.Add(refusal.Code, BundlePath.Checkpoint.Text, "a signed checkpoint", refusal.Explanation);
            return null;
        }

        var (checkpoint, keys) = (signed.Checkpoint, trust.Keys);
        var signedBy = ImmutableArray<VerifierKey>.Empty;
        if (!signed.TryVerify(keys, out refusal))
            findings.Add(refusal.Code, BundlePath.Checkpoint.Text, "a signature of a key that was given", refusal.Explanation);
        else
            signedBy = [.. keys.Where(key => signed.TryVerify([key], out _))];
        var cosignedBy = ImmutableArray<VerifierKey>.Empty;
        if (trust.Policy is { } policy)
        {
            if (policy.TryVerify(signed, out var satisfaction, out refusal, keys))
                cosignedBy = [.. satisfaction.Cosignatures.Select(one => one.Witness)];
            else findings.Add(refusal.Code, BundlePath.Checkpoint.Text, "a checkpoint as the policy given asks for", refusal.Explanation);
        }

        if (manifest.Origin != checkpoint.Origin || manifest.TreeSize != checkpoint.Size || manifest.Root != checkpoint.Root)
        {
            findings.Add(
                "bundle_manifest_mismatch", BundlePath.Manifest.Text,
                $"{checkpoint.Origin} {BundlePlace.Text(checkpoint.Size)} {checkpoint.Root}",
                $"{manifest.Origin} {BundlePlace.Text(manifest.TreeSize)} {manifest.Root}");
        }

        (SignedBy, CosignedBy) = (signedBy, cosignedBy);
        CompareKeys(signed, signedBy);
        return signed;
    }

    /// <summary>The keys and the policy of the bundle are no reason to believe it, but have to fit what is believed.</summary>
    private void CompareKeys(SignedCheckpoint signed, ImmutableArray<VerifierKey> signedBy)
    {
        var own = new List<VerifierKey>();
        if (files.Read(BundlePath.Keys) is { } file)
        {
            foreach (var line in Encoding.UTF8.GetString(file).Split('\n').SkipLast(1))
            {
                if (VerifierKey.TryParse(line, out var key, out var refusal)) own.Add(key);
                else findings.Add(refusal.Code, BundlePath.Keys.Text, "a verifier key a line", refusal.Explanation);
            }

            if (file.Length == 0 || file[^1] != '\n')
                findings.Add("verifier_key_malformed", BundlePath.Keys.Text, "lines that end", "one that does not");
            foreach (var key in signedBy)
                if (!own.Contains(key))
                    findings.Add("bundle_key_missing", BundlePath.Keys.Text, key.ToString(), "it is not among the keys of the bundle");
            KeysNotGiven = [.. own.Where(key => !trust.Keys.Contains(key))];
        }

        if (files.Read(BundlePath.Policy) is not { } policyFile) return;
        if (!WitnessPolicy.TryParse(policyFile, out var policy, out var wrong))
            findings.Add(wrong.Code, BundlePath.Policy.Text, "a C2SP tlog-policy", wrong.Explanation);
        else if (!policy.TryVerify(signed, out _, out wrong))
            findings.Add(wrong.Code, BundlePath.Policy.Text, "a policy that the checkpoint satisfies", wrong.Explanation);
    }
}
