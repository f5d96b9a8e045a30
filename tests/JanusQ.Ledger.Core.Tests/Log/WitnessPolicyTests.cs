using System.Globalization;
using System.Text;
using CsCheck;
using JanusQ.Ledger.Core.Log;

namespace JanusQ.Ledger.Core.Tests.Log;

public class WitnessPolicyTests
{
    private static readonly Checkpoint Known = Checkpoint.Of(Keys.Origin, 8, SmallTrees.WellKnownRoots[8]);

    /// <summary>The example of the specification: two of three X witnesses and one of three Y witnesses.</summary>
    private static readonly string Example = $"""
        log {Keys.Log.Verifier}

        witness X1 {Key(0)}
        witness X2 {Key(1)}
        witness X3 {Key(2)}
        group X-witnesses 2 X1 X2 X3

        witness Y1 {Key(3)}
        witness Y2 {Key(4)}
        witness Y3 {Key(5)}
        group Y-witnesses any Y1 Y2 Y3

        group X-and-Y all X-witnesses Y-witnesses
        quorum X-and-Y

        """;

    [Theory]
    [InlineData("", false)]
    [InlineData("0", false)]
    [InlineData("0 1", false)]
    [InlineData("0 1 2", false)]
    [InlineData("3 4 5", false)]
    [InlineData("0 3 4 5", false)]
    [InlineData("0 0 3", false)]
    [InlineData("0 1 3", true)]
    [InlineData("2 1 5", true)]
    [InlineData("0 1 2 3 4 5", true)]
    public void the_example_of_the_specification_asks_for_two_of_one_group_and_one_of_the_other(string witnesses, bool quorum)
    {
        var numbers = witnesses.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse).ToArray();
        var policy = Parse(Example);
        Assert.Equal(quorum, policy.IsQuorum(numbers.Select(number => Keys.Witnesses[number].Verifier)));
        var signed = SignedCheckpoint.Sign(Known, Keys.Log)
            .With(numbers.Select(number => Cosignature.Make(Keys.Witnesses[number], Known, 1_000 + number)));
        Assert.Equal(quorum, policy.TryVerify(signed, out var satisfaction, out var refusal));
        if (quorum) Assert.Equal(numbers.Distinct().Count(), satisfaction!.Cosignatures.Length);
        else Assert.Equal("checkpoint_quorum_missing", refusal!.Code);
    }

    [Fact]
    public void cosignatures_of_another_checkpoint_do_not_count()
    {
        var other = Checkpoint.Of(Keys.Origin, 7, SmallTrees.WellKnownRoots[7]);
        var signed = SignedCheckpoint.Sign(Known, Keys.Log)
            .With(new[] { 0, 1, 3 }.Select(n => Cosignature.Make(Keys.Witnesses[n], other, 1)));
        Refused(Example, signed, "note_signature_invalid");
    }

    [Fact]
    public void the_log_must_have_signed_whoever_cosigned()
    {
        var all = Keys.Witnesses.Select(witness => Cosignature.Make(witness, Known, 1)).ToArray();
        Refused(Example, SignedCheckpoint.Sign(Known, Keys.OldLog).With(all), "checkpoint_log_signature_missing");
        var other = Checkpoint.Of("other.example/log", 8, Known.Root);
        Refused(Example, SignedCheckpoint.Sign(other, Keys.OtherLog)
            .With(Keys.Witnesses.Select(witness => Cosignature.Make(witness, other, 1))), "checkpoint_origin_unknown");
        Refused("quorum none\n", SignedCheckpoint.Sign(Known, Keys.Log), "checkpoint_origin_unknown");

        // A signature of the right name by a key that the policy knows for another log.
        var policy = Example.Replace("log ledger", $"log {Keys.OtherLog.Verifier}\nlog ledger", StringComparison.Ordinal);
        Assert.True(SignedCheckpoint.TryParse(SignedNote.Sign(Known.ToText(), Keys.OtherLog).ToBytes(), out var foreign, out _));
        Refused(policy, foreign.With(all), "checkpoint_log_signature_missing");
    }

    [Fact]
    public void an_application_may_know_the_log_itself()
    {
        var signed = SignedCheckpoint.Sign(Known, Keys.OldLog);
        Assert.True(Parse("quorum none\n").TryVerify(signed, out var satisfaction, out _, Keys.OldLog.Verifier));
        Assert.Equal(Keys.OldLog.Verifier, satisfaction.Log);
        Assert.Empty(satisfaction.Cosignatures);
        Assert.True(WitnessPolicy.OfLogs(Keys.Log.Verifier, Keys.OldLog.Verifier).TryVerify(signed, out _, out _));
    }

    [Fact]
    public void a_witness_of_a_kind_that_nothing_here_can_verify_is_never_counted()
    {
        Assert.True(VerifierKey.TryMake("pq.example", NoteSignatureType.MlDsa44Cosignature, new byte[1312], out var key, out _));
        var signed = SignedCheckpoint.Sign(Known, Keys.Log);
        Assert.True(SignedCheckpoint.TryParse(
            Encoding.UTF8.GetBytes(signed + NoteSignature.Of(key, new byte[2428]).ToString() + "\n"), out var cosigned, out _));
        var policy = $"log {Keys.Log.Verifier}\nwitness pq {key}\n";
        Refused(policy + "quorum pq\n", cosigned, "checkpoint_quorum_missing");
        Assert.True(Parse(policy + "quorum none\n").TryVerify(cosigned, out _, out _));
    }

    [Fact]
    public void blanks_comments_urls_and_octets_beyond_ascii_are_read()
    {
        var policy = Parse($"\t# caf\u00e9\n \t\n  log \t{Keys.Log.Verifier}  https://ledger.example/log/ \n"
            + $"witness z\u00fcrich {Key(0)} https://w.example\nwitness K {Key(1)}\n"
            + $"witness \u212a {Key(2)}\ngroup all all K \u212a\nquorum all\n#\n");
        Assert.Equal("https://ledger.example/log/", policy.Logs[0].Url);
        Assert.Equal("https://w.example", policy.Witnesses[0].Url);
        Assert.Equal(2, policy.Groups[0].Threshold);
        Assert.False(policy.IsQuorum([Keys.Witnesses[1].Verifier]));
        Assert.True(policy.IsQuorum([Keys.Witnesses[1].Verifier, Keys.Witnesses[2].Verifier]));
    }

    [Fact]
    public void a_policy_written_and_read_again_asks_for_the_same()
    {
        foreach (var text in new[] { Example, "quorum none\n", $"log {Keys.Log.Verifier} u\nwitness \u00fc {Key(0)} v\nquorum \u00fc\n" })
        {
            var policy = Parse(text);
            Assert.True(WitnessPolicy.TryParse(policy.ToBytes(), out var again, out _));
            Assert.Equal(policy.Logs, again.Logs);
            Assert.Equal(policy.Witnesses, again.Witnesses);
            Assert.Equal(policy.Quorum, again.Quorum);
            Assert.Equal(policy.ToBytes(), again.ToBytes());
        }
    }

    [Fact]
    public void thirty_two_logs_witnesses_and_groups_are_read()
    {
        var text = new StringBuilder();
        for (byte n = 1; n <= 32; n++)
        {
            text.Append("log ").Append(SignerKey.FromSeed($"log{n}", Keys.Seed(n)).Verifier).Append('\n');
            var witness = SignerKey.FromSeed("w", Keys.Seed(n), NoteSignatureType.Ed25519Cosignature);
            text.Append("witness w").Append(n).Append(' ').Append(witness.Verifier).Append('\n');
            text.Append(CultureInfo.InvariantCulture, $"group g{n} any w{n}").Append(n == 1 ? "\n" : $" g{n - 1}\n");
        }

        var policy = Parse(text.Append("quorum g32\n").ToString());
        Assert.Equal((32, 32, 32), (policy.Logs.Length, policy.Witnesses.Length, policy.Groups.Length));
        Assert.True(policy.IsQuorum([policy.Witnesses[0].Key]));
    }

    [Theory]
    [InlineData("", 0, "no quorum")]
    [InlineData("log L\n", 1, "key")]
    [InlineData("quorum none", 1, "does not end")]
    [InlineData("quorum none\nquorum none\n", 2, "second quorum")]
    [InlineData("quorum none none\n", 1, "expected")]
    [InlineData("quorum\n", 1, "expected")]
    [InlineData("quorum X1\nwitness X1 $0\n", 1, "no line before")]
    [InlineData("Quorum none\n", 1, "expected")]
    [InlineData("quorum none\r\n", 1, "control")]
    [InlineData("quorum\u00a0none\n", 1, "expected")]
    [InlineData("quorum none\u007f\n", 1, "control")]
    [InlineData("witness none $0\nquorum none\n", 1, "none")]
    [InlineData("witness a $0\nwitness a $1\nquorum a\n", 2, "defined already")]
    [InlineData("witness a $0\nwitness b $0\nquorum a\n", 2, "same key")]
    [InlineData("witness a $L\nquorum a\n", 1, "0x04")]
    [InlineData("log $L\nlog $L\nquorum none\n", 2, "same key")]
    [InlineData("log $L url more\nquorum none\n", 1, "expected")]
    [InlineData("witness a $0\ngroup g 0 a\nquorum g\n", 2, "threshold")]
    [InlineData("witness a $0\ngroup g 2 a\nquorum g\n", 2, "threshold")]
    [InlineData("witness a $0\ngroup g 01 a\nquorum g\n", 2, "threshold")]
    [InlineData("witness a $0\ngroup g +1 a\nquorum g\n", 2, "threshold")]
    [InlineData("witness a $0\ngroup g most a\nquorum g\n", 2, "threshold")]
    [InlineData("witness a $0\ngroup g any\nquorum g\n", 2, "expected")]
    [InlineData("witness a $0\ngroup g any none\nquorum g\n", 2, "no line before")]
    [InlineData("witness a $0\ngroup g any g\nquorum g\n", 2, "no line before")]
    [InlineData("witness a $0\ngroup g any a a\nquorum g\n", 2, "one already")]
    [InlineData("witness a $0\ngroup g any a\ngroup h any a\nquorum g\n", 3, "one already")]
    [InlineData("witness a $0\ngroup a any a\nquorum a\n", 2, "defined already")]
    [InlineData("witness a $0\ngroup g any a\nwitness g $1\nquorum g\n", 3, "defined already")]
    public void a_policy_that_is_refused_names_line_and_fault(string text, int line, string fault)
    {
        text = text.Replace("$0", Key(0), StringComparison.Ordinal).Replace("$1", Key(1), StringComparison.Ordinal)
            .Replace("$L", Keys.Log.Verifier.ToString(), StringComparison.Ordinal);
        Assert.False(WitnessPolicy.TryParse(Encoding.Latin1.GetBytes(text), out var policy, out var refusal));
        Assert.Null(policy);
        Assert.Equal(("log_policy_malformed", $"{line}"), (refusal.Code, refusal.ToJson()["line"]!.ToString()));
        Assert.Contains(fault, refusal.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void any_bytes_are_a_policy_or_are_refused() => Gen.OneOf(
            Gen.Byte.Array[0, 100],
            Gen.OneOf(new[]
                {
                    "log ", "witness ", "group ", "quorum ", "none", "a ", "b ", "g ", "any ", "all ", "1 ", "2 ", "\n", "\n", "#",
                    Key(0) + "\n",
                    $"witness a {Key(0)}\n", $"witness b {Key(1)}\n", "group g any a b\n", "quorum g\n",
                }.Select(Gen.Const).ToArray())
                .Array[0, 10].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts))))
        .Sample(
            bytes =>
            {
                if (WitnessPolicy.TryParse(bytes, out var policy, out var refusal))
                    Assert.Equal(policy.Quorum is null, policy.IsQuorum([]));
                else Assert.Equal("log_policy_malformed", refusal.Code);
            },
            iter: Iterations.Of(20_000));

    private static string Key(int witness) => Keys.Witnesses[witness].Verifier.ToString();

    private static WitnessPolicy Parse(string text) => WitnessPolicy.TryParse(Encoding.UTF8.GetBytes(text), out var policy, out var refusal)
        ? policy
        : throw new ArgumentException(refusal.Explanation, nameof(text));

    private static void Refused(string policy, SignedCheckpoint signed, string code)
    {
        Assert.False(Parse(policy).TryVerify(signed, out var satisfaction, out var refusal));
        Assert.Null(satisfaction);
        Assert.Equal(code, refusal.Code);
    }
}
