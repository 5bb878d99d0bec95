namespace LocalCluster.NodeAgent.Probes;

/// <summary>What a probe found.</summary>
/// <param name="Outcome">Whether it passed.</param>
/// <param name="Output">What to tell people when it did not.</param>
internal readonly record struct ProbeFinding(ProbeOutcome Outcome, string Output = "");

/// <summary>Whether a probe passed.</summary>
internal enum ProbeOutcome
{
    /// <summary>It passed.</summary>
    Success,

    /// <summary>It did not.</summary>
    Failure,

    /// <summary>It could not be made; what was found before holds on.</summary>
    Error,
}

/// <summary>One way to ask a container how it is.</summary>
internal interface IProbe
{
    /// <summary>Asks once.</summary>
    /// <param name="timeout">How long the answer may take.</param>
    /// <param name="cancellationToken">Ends it without a finding.</param>
    Task<ProbeFinding> AskAsync(TimeSpan timeout, CancellationToken cancellationToken);
}

/// <summary>A probe that can't be made here.</summary>
/// <param name="problem">Why.</param>
internal sealed class ImpossibleProbe(string problem) : IProbe
{
    /// <inheritdoc/>
    public Task<ProbeFinding> AskAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        Task.FromResult(new ProbeFinding(ProbeOutcome.Error, problem));
}

/// <summary>A probe that always passes.</summary>
internal sealed class PassingProbe : IProbe
{
    /// <inheritdoc/>
    public Task<ProbeFinding> AskAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        Task.FromResult(new ProbeFinding(ProbeOutcome.Success));
}
