namespace LocalCluster.Selectors;

/// <summary>Reads the text form of a label selector.</summary>
/// <param name="text">The selector.</param>
internal sealed class LabelSelectorParser(string text)
{
    private const string Special = "!=<>(),";

    private int _at;

    /// <exception cref="FormatException">It is malformed.</exception>
    public IReadOnlyList<LabelRequirement> Parse()
    {
        var requirements = new List<LabelRequirement>();
        if (Peek().Length == 0)
        {
            return requirements;
        }

        while (true)
        {
            requirements.Add(ParseRequirement());
            var next = Take();
            if (next.Length == 0)
            {
                return requirements;
            }

            if (next != ",")
            {
                throw Unexpected(next, "',' or 'end of string'");
            }

            if (Peek().Length == 0)
            {
                throw Unexpected("", "identifier after ','");
            }
        }
    }

    private LabelRequirement ParseRequirement()
    {
        if (Peek() == "!")
        {
            Take();
            return new LabelRequirement(TakeIdentifier(), LabelOperator.DoesNotExist, []);
        }

        var key = TakeIdentifier();
        if (Peek() is "" or ",")
        {
            return new LabelRequirement(key, LabelOperator.Exists, []);
        }

        var operation = Take();
        return operation switch
        {
            "=" or "==" => new LabelRequirement(key, LabelOperator.In, [TakeValue()]),
            "!=" => new LabelRequirement(key, LabelOperator.NotIn, [TakeValue()]),
            ">" => new LabelRequirement(key, LabelOperator.Gt, [TakeValue()]),
            "<" => new LabelRequirement(key, LabelOperator.Lt, [TakeValue()]),
            "in" => new LabelRequirement(key, LabelOperator.In, TakeSet()),
            "notin" => new LabelRequirement(key, LabelOperator.NotIn, TakeSet()),
            _ => throw Unexpected(operation, "in, notin, =, ==, !=, gt, lt"),
        };
    }

    private List<string> TakeSet()
    {
        if (Take() is not "(" and var open)
        {
            throw Unexpected(open, "'('");
        }

        var values = new List<string>();
        while (true)
        {
            // An empty place stands for the empty value.
            values.Add(Peek() is "," or ")" ? "" : TakeIdentifier());
            switch (Take())
            {
                case ")":
                    return values;
                case ",":
                    break;
                case var other:
                    throw Unexpected(other, "',' or ')'");
            }
        }
    }

    private string TakeValue() => Peek() is "" or "," ? "" : TakeIdentifier();

    private string TakeIdentifier()
    {
        var token = Take();
        return token.Length == 0 || Special.Contains(token[0]) ? throw Unexpected(token, "identifier") : token;
    }

    private string Peek()
    {
        var before = _at;
        var token = Take();
        _at = before;
        return token;
    }

    private string Take()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at]))
        {
            _at++;
        }

        var start = _at;
        if (start == text.Length)
        {
            return "";
        }

        if (Special.Contains(text[start]))
        {
            _at += text.AsSpan(start).StartsWith("!=") || text.AsSpan(start).StartsWith("==") ? 2 : 1;
        }
        else
        {
            while (_at < text.Length && !Special.Contains(text[_at]) && !char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
        }

        return text[start.._at];
    }

    private static FormatException Unexpected(string found, string expected) =>
        new($"found '{found}', expected: {expected}");
}
