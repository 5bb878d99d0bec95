namespace LocalCluster.Tests.Cel;

/// <summary>
/// What expressions yield, by area. The cases are facts of the CEL specification and of Kubernetes' libraries, each line one:
/// <c>expression => value</c>, <c>expression => error: message</c> or <c>expression => refused: message</c>.
/// </summary>
public sealed class ConformanceTests
{
    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var line in ConformanceCases.All.SelectMany(area => area.Split('\n')))
        {
            if (line.Length > 0 && !line.StartsWith('#'))
            {
                var at = line.LastIndexOf(" => ", StringComparison.Ordinal);
                cases.Add(line[..at].Trim(), line[(at + 4)..].Trim());
            }
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_expression_yields_what_the_specification_says(string expression, string expected) =>
        Assert.Equal(expected, CelText.Evaluate(expression));
}
