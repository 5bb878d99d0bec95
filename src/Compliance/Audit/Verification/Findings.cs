using Compliance.Audit.Notes;
using Compliance.Audit.Packages;

namespace Compliance.Audit.Verification;

/// <summary>Collects what the checks find.</summary>
internal sealed class Findings
{
    private readonly List<Finding> _all = [];

    public IReadOnlyList<Finding> All => _all;

    public void Pass(string check, string message) => _all.Add(new Finding(FindingKind.Passed, check, message));

    public void Note(string check, string message, long? index = null) => _all.Add(new Finding(FindingKind.Note, check, message, index));

    public void Fail(string check, string message, long? index = null) => _all.Add(new Finding(FindingKind.Failed, check, message, index));

    public void LeaveUnchecked(string check, string message) => _all.Add(new Finding(FindingKind.Unchecked, check, message));

    /// <summary>A check that can't even read its files failed: malformed evidence is no evidence.</summary>
    public async Task TryAsync(string check, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (PackageRowException bad)
        {
            Fail(check, bad.Message, bad.Index);
        }
        catch (Exception malformed) when (malformed is FormatException or NoteException or InvalidDataException or System.Xml.XmlException)
        {
            Fail(check, malformed.Message);
        }
    }
}
