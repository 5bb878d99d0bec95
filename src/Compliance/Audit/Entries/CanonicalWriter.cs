using System.Buffers;
using System.Globalization;
using System.Text;

namespace Compliance.Audit.Entries;

/// <summary>
/// Writes the primitives of canonical JSON (RFC 8785) straight to UTF-8: strings with the fewest escapes (section 3.2.2.2) and numbers as ECMAScript
/// prints them (section 3.2.2.3). The order of members is up to the caller. The buffer grows and is used again.
/// </summary>
internal sealed class CanonicalWriter
{
    private const string LowerHex = "0123456789abcdef";
    private const int MostPerCharacter = 3; // bytes of UTF-8

    private static readonly SearchValues<char> Plain =
        SearchValues.Create(string.Concat(Enumerable.Range(0x20, 0x60).Select(static c => (char)c).Where(static c => c is not ('"' or '\\'))));

    private byte[] _buffer = new byte[1024];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(Room(json.Length));
        Length += json.Length;
    }

    public void Raw(char ascii)
    {
        Room(1)[0] = (byte)ascii;
        Length++;
    }

    /// <exception cref="FormatException">The text has half a surrogate pair, which no UTF-8 can tell.</exception>
    public void String(string text)
    {
        Raw('"');
        var rest = text.AsSpan();
        while (rest.Length > 0)
        {
            var plain = rest.IndexOfAnyExcept(Plain) is >= 0 and var stop ? stop : rest.Length;
            Length += Encoding.UTF8.GetBytes(rest[..plain], Room(plain * MostPerCharacter));
            rest = rest[plain..];
            if (rest.Length > 0)
            {
                rest = rest[Escaped(rest)..];
            }
        }

        Raw('"');
    }

    public void Integer(long value)
    {
        value.TryFormat(Room(20), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
    }

    /// <exception cref="FormatException">It is not finite.</exception>
    public void Number(double value) => Raw(Encoding.ASCII.GetBytes(EcmaScriptNumber.Format(value)));

    /// <summary>Room for so many bytes more.</summary>
    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - Length < bytes)
        {
            Array.Resize(ref _buffer, Math.Max(2 * _buffer.Length, Length + bytes));
        }

        return _buffer.AsSpan(Length);
    }

    /// <summary>Writes what can't be copied as it is, and says how many characters that were.</summary>
    private int Escaped(ReadOnlySpan<char> text)
    {
        switch (text[0])
        {
            case '"': Raw("\\\""u8); return 1;
            case '\\': Raw("\\\\"u8); return 1;
            case '\b': Raw("\\b"u8); return 1;
            case '\t': Raw("\\t"u8); return 1;
            case '\n': Raw("\\n"u8); return 1;
            case '\f': Raw("\\f"u8); return 1;
            case '\r': Raw("\\r"u8); return 1;
            case < ' ':
                Raw("\\u00"u8);
                Raw(LowerHex[text[0] >> 4]);
                Raw(LowerHex[text[0] & 15]);
                return 1;
            default:
                if (Rune.DecodeFromUtf16(text, out var rune, out var consumed) != OperationStatus.Done)
                {
                    throw new FormatException("holds half of a surrogate pair");
                }

                Length += rune.EncodeToUtf8(Room(4));
                return consumed;
        }
    }
}
