namespace LocalCluster.Cel;

/// <summary>What a token of a CEL expression is.</summary>
internal enum TokenKind : byte
{
    /// <summary>The end of the expression.</summary>
    End,

    /// <summary>A name.</summary>
    Identifier,

    /// <summary>A whole number, decimal or <c>0x</c>.</summary>
    Int,

    /// <summary>A whole number with the suffix <c>u</c>.</summary>
    Uint,

    /// <summary>A number with a fraction or an exponent.</summary>
    Double,

    /// <summary>A quoted string, with its quotes and prefix.</summary>
    String,

    /// <summary>A quoted string of bytes, with its quotes and prefix.</summary>
    Bytes,

    /// <summary>An operator, a bracket or a separator.</summary>
    Symbol,
}

/// <summary>One token of a CEL expression.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As it stands in the expression.</param>
/// <param name="Position">Index of its first character in the expression.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    /// <summary>True for that operator, bracket or separator.</summary>
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;
}
