namespace LocalCluster.Cel;

/// <summary>Cuts a CEL expression into tokens (cel-spec, langdef: "Syntax").</summary>
internal sealed class Lexer(string source, List<CelIssue> issues)
{
    private static readonly string[] LongSymbols = ["==", "!=", "<=", ">=", "&&", "||"];

    private int _position;

    /// <summary>All tokens, the last of which is <see cref="TokenKind.End"/>. What is no token becomes an issue.</summary>
    public List<Token> Read()
    {
        var tokens = new List<Token>();
        while (SkipToToken())
        {
            if (Next() is { } token)
            {
                tokens.Add(token);
            }
        }

        tokens.Add(new Token(TokenKind.End, "<EOF>", source.Length));
        return tokens;
    }

    private bool SkipToToken()
    {
        while (_position < source.Length)
        {
            if (source[_position] is ' ' or '\t' or '\r' or '\n' or '\f')
            {
                _position++;
            }
            else if (At("//"))
            {
                var end = source.IndexOf('\n', _position);
                _position = end < 0 ? source.Length : end;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private Token? Next()
    {
        var start = _position;
        var c = source[start];
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1))))
        {
            return Number(start);
        }

        if (QuotePosition() is { } quote)
        {
            return Quoted(start, quote);
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            while (char.IsAsciiLetterOrDigit(Peek(0)) || Peek(0) == '_')
            {
                _position++;
            }

            return Token(TokenKind.Identifier, start);
        }

        return Symbol(start);
    }

    private Token? Symbol(int start)
    {
        var length = Array.Exists(LongSymbols, At) ? 2 : "[]{}().,-!?:+*/%<>".Contains(source[start], StringComparison.Ordinal) ? 1 : 0;
        if (length == 0)
        {
            _position++;
            var shown = source.AsSpan(start, Math.Min(2, source.Length - start)).ToString();
            issues.Add(new CelIssue(start, $"Syntax error: token recognition error at: '{shown}'"));
            return null;
        }

        _position += length;
        return Token(TokenKind.Symbol, start);
    }

    private Token Number(int start)
    {
        if (At("0x") && char.IsAsciiHexDigit(Peek(2)))
        {
            _position += 2;
            while (char.IsAsciiHexDigit(Peek(0)))
            {
                _position++;
            }

            return WholeNumber(start);
        }

        Digits();
        var isDouble = false;
        if (Peek(0) == '.' && char.IsAsciiDigit(Peek(1)))
        {
            isDouble = true;
            _position++;
            Digits();
        }

        var exponentDigits = Peek(1) is '+' or '-' ? 2 : 1;
        if (Peek(0) is 'e' or 'E' && char.IsAsciiDigit(Peek(exponentDigits)))
        {
            isDouble = true;
            _position += exponentDigits;
            Digits();
        }

        return isDouble ? Token(TokenKind.Double, start) : WholeNumber(start);
    }

    private Token WholeNumber(int start)
    {
        if (Peek(0) is not ('u' or 'U'))
        {
            return Token(TokenKind.Int, start);
        }

        _position++;
        return Token(TokenKind.Uint, start);
    }

    private void Digits()
    {
        while (char.IsAsciiDigit(Peek(0)))
        {
            _position++;
        }
    }

    /// <summary>Where the quote of a string literal is that begins here, behind the prefixes b and r; null when none does.</summary>
    private int? QuotePosition()
    {
        var at = _position;
        if (source[at] is 'b' or 'B')
        {
            at++;
        }

        if (at < source.Length && source[at] is 'r' or 'R')
        {
            at++;
        }

        return at < source.Length && source[at] is '"' or '\'' ? at : null;
    }

    private Token? Quoted(int start, int quote)
    {
        var raw = quote > start && source[quote - 1] is 'r' or 'R';
        var mark = source[quote];
        var triple = new string(mark, 3);
        var isTriple = string.CompareOrdinal(source, quote, triple, 0, 3) == 0;
        _position = quote + (isTriple ? 3 : 1);
        while (_position < source.Length)
        {
            if (isTriple ? At(triple) : source[_position] == mark)
            {
                _position += isTriple ? 3 : 1;
                return Token(source[start] is 'b' or 'B' ? TokenKind.Bytes : TokenKind.String, start);
            }

            if (source[_position] == '\n' && !isTriple)
            {
                break;
            }

            _position += source[_position] == '\\' && !raw ? 2 : 1;
        }

        _position = Math.Min(_position, source.Length);
        issues.Add(new CelIssue(start, $"Syntax error: token recognition error at: '{source[start.._position]}'"));
        return null;
    }

    private bool At(string text) => string.CompareOrdinal(source, _position, text, 0, text.Length) == 0;

    private char Peek(int offset) => _position + offset < source.Length ? source[_position + offset] : '\0';

    private Token Token(TokenKind kind, int start) => new(kind, source[start.._position], start);
}
