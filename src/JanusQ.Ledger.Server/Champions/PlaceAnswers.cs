using JanusQ.Ledger.Client.Contracts;
using JanusQ.Ledger.Core.Gates;
using JanusQ.Ledger.Promotions;
using JanusQ.Ledger.Server.Errors;

namespace JanusQ.Ledger.Server.Champions;

/// <summary>What commands about the place of a champion answer.</summary>
internal static class PlaceAnswers
{
    /// <summary>Who is champion now, with the version of the place, or the problem.</summary>
    public static IResult Of(PlaceAnswer answer, HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (answer.Refusal is { } refusal) return new Problem(refusal);
        var document = new PlaceResponse
        {
            Outcome = Answers.OutcomeOf(answer.Outcome),
            CandidateId = answer.CandidateId,
            Target = answer.Target.Name(),
            Champion = answer.Champion,
            NotReinstated = answer.NotReinstated,
            PlaceVersion = answer.PlaceVersion,
            Appended = answer.Appended,
        };
        return Answers.Versioned(document, answer.PlaceVersion, context);
    }
}
