using System.Globalization;
using System.Text;

namespace LocalCluster.Cel;

/// <summary>Parses a CEL expression by recursive descent (cel-spec, langdef: "Syntax") and expands its macros.</summary>
internal sealed class Parser
{
    // The tokens that an expression can begin with, as kube-apiserver lists them.
    private const string ExpressionStart =
        "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

    // The limits of cel-go, so that the same expressions are refused.
    private const int MaxDepth = 250;
    private const int MaxLength = 100_000;

    private static readonly string[] Relations = ["<", "<=", ">=", ">", "==", "!=", "in"];

    private static readonly HashSet<string> Reserved =
    [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package", "namespace",
        "return", "var", "void", "while", "in", "true", "false", "null",
    ];

    private readonly List<CelIssue> _issues;
    private readonly List<Token> _tokens;
    private int _next;
    private int _depth;

    private Parser(string source, List<CelIssue> issues)
    {
        _issues = issues;
        _tokens = new Lexer(source, issues).Read();
    }

    private Token Current => _tokens[_next];

    /// <summary>Parses a whole expression.</summary>
    /// <param name="source">The expression.</param>
    /// <param name="issues">Takes what is wrong with it.</param>
    /// <returns>The expression; null when there are issues.</returns>
    public static Expr? Parse(string source, List<CelIssue> issues)
    {
        if (source.Length > MaxLength)
        {
            issues.Add(new(0, $"expression code point size exceeds limit: size: {source.Length}, limit {MaxLength}"));
            return null;
        }

        try
        {
            var parser = new Parser(source, issues);
            var expression = parser.Expression();
            parser.Expect(TokenKind.End, "<EOF>");
            return issues.Count == 0 ? expression : null;
        }
        catch (SyntaxException e)
        {
            issues.Add(new(e.Position, e.Message));
            return null;
        }
    }

    private Expr Expression()
    {
        if (++_depth > MaxDepth)
        {
            throw new SyntaxException(Current.Position, $"expression recursion limit exceeded: {MaxDepth}");
        }

        var condition = Or();
        if (Accept("?") is { } mark)
        {
            var whenTrue = Or();
            Expect(":");
            condition = new Call(mark.Position, Operators.Conditional, null, [condition, whenTrue, Expression()]);
        }

        _depth--;
        return condition;
    }

    private Expr Or()
    {
        var left = And();
        while (Accept("||") is { } token)
        {
            left = new Call(token.Position, Operators.Or, null, [left, And()]);
        }

        return left;
    }

    private Expr And()
    {
        var left = Relation();
        while (Accept("&&") is { } token)
        {
            left = new Call(token.Position, Operators.And, null, [left, Relation()]);
        }

        return left;
    }

    private Expr Relation()
    {
        var left = Sum();
        while (Array.Exists(Relations, symbol => Current.Text == symbol && Current.Kind is TokenKind.Symbol or TokenKind.Identifier))
        {
            var token = Take();
            left = new Call(token.Position, token.Text == "in" ? Operators.In : $"_{token.Text}_", null, [left, Sum()]);
        }

        return left;
    }

    private Expr Sum()
    {
        var left = Product();
        while ((Accept("+") ?? Accept("-")) is { } token)
        {
            left = new Call(token.Position, $"_{token.Text}_", null, [left, Product()]);
        }

        return left;
    }

    private Expr Product()
    {
        var left = Unary();
        while ((Accept("*") ?? Accept("/") ?? Accept("%")) is { } token)
        {
            left = new Call(token.Position, $"_{token.Text}_", null, [left, Unary()]);
        }

        return left;
    }

    private Expr Unary()
    {
        var first = Current;
        if (first.Is("-") && _tokens[_next + 1].Kind is TokenKind.Int or TokenKind.Double)
        {
            return Member(Literal());
        }

        if (!first.Is("!") && !first.Is("-"))
        {
            return Member(Primary());
        }

        var count = 0;
        while (Accept(first.Text) is not null)
        {
            count++;
        }

        var operand = Member(Primary());
        return count % 2 == 0
            ? operand
            : new Call(first.Position, first.Text == "!" ? Operators.Not : Operators.Negate, null, [operand]);
    }

    private Expr Member(Expr operand)
    {
        while (true)
        {
            if (Accept(".") is { } dot)
            {
                var optional = Accept("?") is not null;
                var name = Expect(TokenKind.Identifier, "IDENTIFIER");
                operand = !optional && Accept("(") is { } open
                    ? CallOrMacro(open.Position, name.Text, operand, Arguments(")"))
                    : new Select(dot.Position, operand, name.Text, optional ? SelectMode.Optional : SelectMode.Value);
            }
            else if (Accept("[") is { } bracket)
            {
                var function = Accept("?") is null ? Operators.Index : Operators.OptionalIndex;
                var index = Expression();
                Expect("]");
                operand = new Call(bracket.Position, function, null, [operand, index]);
            }
            else if (Current.Is("{") && Checker.QualifiedName(operand) is { } typeName)
            {
                operand = Object(Take().Position, typeName);
            }
            else
            {
                return operand;
            }
        }
    }

    private Expr Primary()
    {
        if (Accept("(") is not null)
        {
            var inner = Expression();
            Expect(")");
            return inner;
        }

        if (Accept("[") is { } bracket)
        {
            return List(bracket.Position);
        }

        if (Accept("{") is { } brace)
        {
            return Map(brace.Position);
        }

        return Accept(".") is not null || (Current.Kind == TokenKind.Identifier && Current.Text is not ("true" or "false" or "null"))
            ? Name()
            : Literal();
    }

    private Expr Name()
    {
        var name = Expect(TokenKind.Identifier, "IDENTIFIER");
        if (Reserved.Contains(name.Text))
        {
            throw new SyntaxException(name.Position, $"reserved identifier: {name.Text}");
        }

        return Accept("(") is { } open
            ? CallOrMacro(open.Position, name.Text, null, Arguments(")"))
            : new Ident(name.Position, name.Text);
    }

    private List<Expr> Arguments(string end)
    {
        var arguments = new List<Expr>();
        if (Accept(end) is not null)
        {
            return arguments;
        }

        do
        {
            arguments.Add(Expression());
        }
        while (Accept(",") is not null);

        Expect(end);
        return arguments;
    }

    private ListExpr List(int position)
    {
        var items = new List<ListExpr.Item>();
        while (Accept("]") is null)
        {
            var optional = Accept("?") is not null;
            items.Add(new(Expression(), optional));
            if (Accept(",") is null)
            {
                Expect("]");
                break;
            }
        }

        return new ListExpr(position, items);
    }

    private MapExpr Map(int position)
    {
        var entries = new List<MapExpr.Entry>();
        while (Accept("}") is null)
        {
            var optional = Accept("?") is not null;
            var key = Expression();
            Expect(":");
            entries.Add(new(key, Expression(), optional));
            if (Accept(",") is null)
            {
                Expect("}");
                break;
            }
        }

        return new MapExpr(position, entries);
    }

    private ObjectExpr Object(int position, string typeName)
    {
        var fields = new List<ObjectExpr.Field>();
        while (Accept("}") is null)
        {
            var optional = Accept("?") is not null;
            var name = Expect(TokenKind.Identifier, "IDENTIFIER");
            var colon = Current.Position;
            Expect(":");
            fields.Add(new(colon, name.Text, Expression(), optional));
            if (Accept(",") is null)
            {
                Expect("}");
                break;
            }
        }

        return new ObjectExpr(position, typeName, fields);
    }

    private Literal Literal()
    {
        var minus = Accept("-");
        var token = Take();
        var start = minus?.Position ?? token.Position;
        var text = minus?.Text + token.Text;
        return new Literal(start, token.Kind switch
        {
            TokenKind.Int => Int(text) ?? throw new SyntaxException(start, "invalid int literal"),
            TokenKind.Uint => Uint(text[..^1]) ?? throw new SyntaxException(start, "invalid uint literal"),
            TokenKind.Double => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
            TokenKind.String => Encoding.UTF8.GetString(Quoted(token, text, isBytes: false)),
            TokenKind.Bytes => Quoted(token, text[1..], isBytes: true),
            TokenKind.Identifier when token.Text == "null" => CelNull.Value,
            TokenKind.Identifier when token.Text is "true" or "false" => token.Text == "true",
            _ => throw Unexpected(token, ExpressionStart),
        });
    }

    private static object? Int(string text)
    {
        var negative = text[0] == '-';
        var magnitude = Uint(negative ? text[1..] : text);
        return magnitude switch
        {
            null or > long.MaxValue + 1UL => null,
            long.MaxValue + 1UL => negative ? long.MinValue : null,
            _ => negative ? -(long)magnitude : (long)magnitude,
        };
    }

    private static ulong? Uint(string text)
    {
        var hex = text.StartsWith("0x", StringComparison.Ordinal);
        return ulong.TryParse(
            hex ? text.AsSpan(2) : text,
            hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var value) ? value : null;
    }

    private static byte[] Quoted(Token token, string text, bool isBytes)
    {
        var value = Unquote.Decode(text, isBytes, out var error);
        return error is null ? value : throw new SyntaxException(token.Position, error);
    }

    private static Expr CallOrMacro(int position, string function, Expr? target, IReadOnlyList<Expr> arguments) =>
        Macros.Expand(position, function, target, arguments) ?? new Call(position, function, target, arguments);

    private Token Take() => _tokens[Math.Min(_next++, _tokens.Count - 1)];

    private Token? Accept(string symbol) => Current.Is(symbol) ? Take() : null;

    private void Expect(string symbol)
    {
        if (Accept(symbol) is null)
        {
            throw Unexpected(Current, $"'{symbol}'");
        }
    }

    private Token Expect(TokenKind kind, string name) => Current.Kind == kind ? Take() : throw Unexpected(Current, name);

    private static SyntaxException Unexpected(Token token, string expected) =>
        new(token.Position, $"Syntax error: mismatched input '{token.Text}' expecting {expected}");
}

/// <summary>Ends the parse at the first token that fits no rule. It does not leave the parser.</summary>
internal sealed class SyntaxException(int position, string message) : Exception(message)
{
    /// <summary>Index of the token at fault.</summary>
    public int Position { get; } = position;
}
