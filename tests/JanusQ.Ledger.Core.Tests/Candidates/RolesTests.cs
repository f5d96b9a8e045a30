using JanusQ.Ledger.Core.Candidates;
using JanusQ.Ledger.Core.Canonical;
using JanusQ.Ledger.Core.Gates;

namespace JanusQ.Ledger.Core.Tests.Candidates;

public sealed class RolesTests
{
    private static readonly Submitter Anybody = new("a", "x");

    /// <summary>Every command with the roles that may issue it.</summary>
    private static IEnumerable<(LedgerCommand Command, string[] Roles)> Table =>
    [
        (Given.Start, ["worker"]),
        (Given.Emit(), ["worker"]),
        (Given.EmitAll(Given.AnArtifact()), ["worker"]),
        (Given.Complete(Given.AnArtifact()), ["worker"]),
        (Given.Fail(), ["worker"]),
        (Given.Skip(), ["worker"]),
        (
            new RecordLaneRun
            {
                CandidateId = Given.CandidateId,
                By = Anybody,
                Start = Given.Start,
                Artifacts = ArtifactSet.Of([Given.AnArtifact()]),
            },
            ["worker"]),
        (
            new GrantApproval
            {
                CandidateId = Given.CandidateId,
                By = Anybody,
                Target = PromotionTarget.Paper,
                ExpiresIn = TimeSpan.FromDays(1),
                Reason = "r",
                Policy = null,
            },
            ["approver"]),
        (new RevokeApproval { CandidateId = Given.CandidateId, By = Anybody, ApprovalId = Given.RunId, Reason = "r" }, ["approver"]),
        (new PauseCandidate { CandidateId = Given.CandidateId, By = Anybody, Reason = "r" }, ["operator", "admin"]),
        (new ResumeCandidate { CandidateId = Given.CandidateId, By = Anybody, Reason = "r" }, ["operator", "admin"]),
        (
            new ClearRolledBackEvidence { CandidateId = Given.CandidateId, By = Anybody, ArtifactSetSha256 = default, Reason = "r" },
            ["operator", "admin"]),
        (new RequestPromotion { CandidateId = Given.CandidateId, By = Anybody }, ["worker", "operator", "admin"]),
        (
            new DemoteChampion { CandidateId = Given.CandidateId, By = Anybody, Target = PromotionTarget.Paper, Reason = "r" },
            ["operator", "admin"]),
        (
            new RollBackChampion { CandidateId = Given.CandidateId, By = Anybody, Target = PromotionTarget.Paper, Reason = "r" },
            ["operator", "admin"]),
        (new RecordDrill { By = Anybody, Check = "c", Passed = true, PerformedAt = Given.Now }, ["operator", "admin"]),
        (new EngageKillSwitch { By = Anybody, Reason = "r" }, ["operator", "admin"]),
        (new ReleaseKillSwitch { By = Anybody, Reason = "r" }, ["operator", "admin"]),
        (new PublishPolicy { Name = "p", By = Anybody, Document = "{}"u8.ToArray(), Note = "n" }, ["operator", "admin"]),
        (new ActivatePolicy { Name = "p", By = Anybody, Note = "n" }, ["operator", "admin"]),
        (new ApprovePolicyActivation { Name = "p", By = Anybody, Version = 1, Reason = "r" }, ["approver"]),
    ];

    [Fact]
    public void every_command_takes_exactly_its_roles_and_says_what_it_needs()
    {
        foreach (var (command, allowed) in Table)
        {
            foreach (var role in Roles.All.Append("root").Append("Worker"))
            {
                var refusal = RefusalOf(command with { By = new Submitter("a", role) });
                if (allowed.Contains(role))
                {
                    Assert.NotEqual("not_authorised", refusal?.Code);
                    continue;
                }

                Assert.True(refusal?.Code == "not_authorised", $"{role} may issue {command.GetType().Name}");
                Assert.Equal(JsonArray.OfTexts(allowed).ToString(), refusal.ToJson()["needed"]!.ToString());
                Assert.Equal(new JsonText(role).ToString(), refusal.ToJson()["role"]!.ToString());
            }
        }
    }

    [Fact]
    public void the_table_knows_every_command_there_is()
    {
        var commands = typeof(LedgerCommand).Assembly.GetTypes().Where(
            type => type.IsSubclassOf(typeof(LedgerCommand)) && !type.IsAbstract);
        var known = Table.Select(entry => entry.Command.GetType()).ToHashSet();
        Assert.DoesNotContain(commands, type => !known.Contains(type));
    }

    /// <summary>Commands about places check roles where they are handled, before anything is read.</summary>
    private static Refusal? RefusalOf(LedgerCommand command) => command switch
    {
        RequestPromotion or DemoteChampion or RollBackChampion => Roles.Check(command),
        CandidateCommand candidate => CandidateDecider.Decide(null, candidate, Given.Now).Refusal,
        SafetyCommand safety => SafetyDecider.Decide(null, safety, Given.Now).Refusal,
        PolicyCommand policy => PolicyDecider.Decide(null, policy, Given.Now).Refusal,
        _ => throw new InvalidOperationException(),
    };
}
