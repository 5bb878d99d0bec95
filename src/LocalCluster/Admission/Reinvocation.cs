namespace LocalCluster.Admission;

/// <summary>
/// Whether the rules that complete an object run once more, because a policy changed it after others had seen it. In the second round
/// only those policies run that ask for it.
/// </summary>
internal sealed class Reinvocation
{
    private readonly HashSet<object> _again = [];
    private bool _isSecondRound;
    private bool _isWanted;

    /// <summary>Asks for a second round.</summary>
    public void Want() => _isWanted = true;

    /// <summary>Makes a policy run in the second round too.</summary>
    public void RunAgain(object policy) => _again.Add(policy);

    /// <summary>True when a policy may run in this round.</summary>
    public bool MayRun(object policy) => !_isSecondRound || _again.Contains(policy);

    /// <summary>Begins the second round, if one is wanted.</summary>
    public bool TryBegin() => _isSecondRound = _isWanted && !_isSecondRound;
}
