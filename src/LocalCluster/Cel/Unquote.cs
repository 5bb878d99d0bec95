using System.Buffers;
using System.Globalization;
using System.Text;

namespace LocalCluster.Cel;

/// <summary>The value of a string or bytes literal (cel-spec, langdef: "String and Bytes Values").</summary>
internal static class Unquote
{
    /// <summary>Takes quotes, prefix and escapes away.</summary>
    /// <param name="literal">As it stands in the expression, without a prefix <c>b</c>.</param>
    /// <param name="isBytes">True when octal and hexadecimal escapes are bytes rather than code points.</param>
    /// <param name="error">What is wrong with an escape; null when nothing is.</param>
    /// <returns>UTF-8, or any bytes for a bytes literal.</returns>
    public static byte[] Decode(string literal, bool isBytes, out string? error)
    {
        error = null;
        var raw = literal[0] is 'r' or 'R';
        var quoted = raw ? literal.AsSpan(1) : literal;
        var width = quoted.Length >= 6 && quoted[0] == quoted[1] && quoted[1] == quoted[2] ? 3 : 1;
        var text = quoted[width..^width].ToString().Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        if (raw || !text.Contains('\\', StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(text);
        }

        var bytes = new ArrayBufferWriter<byte>(text.Length);
        for (var at = 0; at < text.Length && error is null;)
        {
            var next = text.IndexOf('\\', at);
            Encoding.UTF8.GetBytes(text.AsSpan(at, (next < 0 ? text.Length : next) - at), bytes);
            at = next < 0 ? text.Length : Escape(text, next + 1, isBytes, bytes, ref error);
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Decodes the escape whose first character after the backslash is at <paramref name="at"/>.</summary>
    /// <returns>Where the text goes on.</returns>
    private static int Escape(string text, int at, bool isBytes, ArrayBufferWriter<byte> bytes, ref string? error)
    {
        if (at >= text.Length)
        {
            error = "unable to unescape string, found '\\' as last character";
            return at;
        }

        const string Names = "abfnrtv\\'\"`?";
        const string Values = "\a\b\f\n\r\t\v\\'\"`?";
        var c = text[at];
        if (Names.IndexOf(c, StringComparison.Ordinal) is >= 0 and var simple)
        {
            bytes.Write([(byte)Values[simple]]);
            return at + 1;
        }

        var (digits, start, radix) = c switch
        {
            'x' or 'X' => (2, at + 1, 16),
            'u' when !isBytes => (4, at + 1, 16),
            'U' when !isBytes => (8, at + 1, 16),
            >= '0' and <= '3' => (3, at, 8),
            _ => (0, at, 10),
        };
        if (digits == 0 || !TryNumber(text, start, digits, radix, out var value))
        {
            error = radix == 8 ? "unable to unescape octal sequence in string" : "unable to unescape string";
            return at;
        }

        if (isBytes)
        {
            bytes.Write([(byte)value]);
        }
        else if (Rune.TryCreate(value, out var rune))
        {
            Span<byte> encoded = stackalloc byte[4];
            bytes.Write(encoded[..rune.EncodeToUtf8(encoded)]);
        }
        else
        {
            error = "invalid unicode code point";
        }

        return start + digits;
    }

    private static bool TryNumber(string text, int start, int digits, int radix, out int value)
    {
        value = 0;
        if (start + digits > text.Length)
        {
            return false;
        }

        if (radix == 16)
        {
            return int.TryParse(text.AsSpan(start, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
        }

        foreach (var c in text.AsSpan(start, digits))
        {
            if (c is < '0' or > '7')
            {
                return false;
            }

            value = (value * 8) + (c - '0');
        }

        return true;
    }
}
