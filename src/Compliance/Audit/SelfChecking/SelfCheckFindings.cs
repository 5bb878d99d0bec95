namespace Compliance.Audit.SelfChecking;

/// <summary>The first findings of a self-check. One that finds so many has shown what it has to show.</summary>
internal sealed class SelfCheckFindings
{
    private const int Most = 20;

    private readonly List<string> _all = [];

    public IReadOnlyList<string> All => [.. _all];

    public bool AreEnough => _all.Count >= Most;

    public bool AreNone => _all.Count == 0;

    public void Add(string finding)
    {
        if (!AreEnough)
        {
            _all.Add(finding);
        }
    }
}
