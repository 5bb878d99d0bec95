using System.Runtime.CompilerServices;
using System.Text;

namespace ControlPlane.Api.Tests.Audit.Tampering;

public sealed class TamperDocumentationTests
{
    [Fact]
    public void The_documentation_shows_the_catalogue()
    {
        var document = File.ReadAllText(Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "..", "docs", "operations", "audit.md")));

        Assert.Contains(Table(), document, StringComparison.Ordinal);
    }

    /// <summary>As Markdown.</summary>
    private static string Table()
    {
        Detectors[] columns = [Detectors.RunningProcess, Detectors.NextStart, Detectors.SelfCheck, Detectors.Verifier, Detectors.OlderCheckpoint, Detectors.Witness];
        var table = new StringBuilder("| Somebody … | running process | next start | self-check | verifier | older checkpoint | witness |\n|---|---|---|---|---|---|---|\n");
        foreach (var tamper in TamperCatalogue.All)
        {
            table.Append("| ").Append(tamper.What);
            foreach (var column in columns)
            {
                table.Append(tamper.FoundBy.HasFlag(column) ? " | yes" : " | –");
            }

            table.Append(" |\n");
        }

        return table.ToString();
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
