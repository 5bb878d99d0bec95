using Microsoft.AspNetCore.Http.HttpResults;

namespace Fleet.Hosting.Problems;

/// <summary>Ends a request, from deep inside, with a problem as its answer.</summary>
internal sealed class RefusedException(ProblemHttpResult problem) : Exception(problem.ProblemDetails.Detail)
{
    public ProblemHttpResult Problem { get; } = problem;
}
