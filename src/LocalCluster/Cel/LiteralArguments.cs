namespace LocalCluster.Cel;

/// <summary>Finds calls that must fail because of a constant that they are given, so that they are refused before they run.</summary>
internal static class LiteralArguments
{
    /// <summary>Reports constants that are no duration, no time or no regular expression where one is asked for.</summary>
    public static void Check(Call call, List<CelIssue> issues)
    {
        var function = call.Overloads[0].Function;
        var position = function is "matches" or "find" or "findAll" ? 1 : 0;
        if (call.Operands.Count <= position || call.Operands[position] is not Literal { Value: string text } literal)
        {
            return;
        }

        var isGood = function switch
        {
            "duration" => CelDuration.TryParse(text, out _),
            "timestamp" => CelTimestamp.TryParse(text, out _),
            "matches" or "find" or "findAll" => Re2.Compile(text, out _) is not null,
            _ => true,
        };
        if (!isGood)
        {
            issues.Add(new CelIssue(literal.Position, $"invalid {function} argument"));
        }
    }
}
