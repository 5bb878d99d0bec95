using System.Text;
using static LocalCluster.Cel.Overload;

namespace LocalCluster.Cel.Functions;

/// <summary>The standard functions of strings, and version 2 of cel-go's library of them. Positions count Unicode code points.</summary>
internal static class StringFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Member("contains", CelType.Bool, (string text, string part) => text.Contains(part, StringComparison.Ordinal)),
        Member("startsWith", CelType.Bool, (string text, string part) => text.StartsWith(part, StringComparison.Ordinal)),
        Member("endsWith", CelType.Bool, (string text, string part) => text.EndsWith(part, StringComparison.Ordinal)),
        Member("lowerAscii", CelType.String, (string text) => MapAscii(text, char.ToLowerInvariant)),
        Member("upperAscii", CelType.String, (string text) => MapAscii(text, char.ToUpperInvariant)),
        Member("trim", CelType.String, (string text) => text.Trim()),
        Member("charAt", CelType.String, (string text, long index) => CharAt(text, index)),
        Member("indexOf", CelType.Int, (string text, string part) => IndexOf(text, part, 0)),
        Member("indexOf", CelType.Int, (string text, string part, long from) => IndexOf(text, part, from)),
        Member("lastIndexOf", CelType.Int, (string text, string part) => LastIndexOf(text, part)),
        Member("lastIndexOf", CelType.Int, (string text, string part, long from) => LastIndexOf(text, part, from)),
        Member("substring", CelType.String, (string text, long start) => Substring(text, start, CelValues.LengthOf(text))),
        Member("substring", CelType.String, (string text, long start, long end) => Substring(text, start, end)),
        Member("replace", CelType.String, (string text, string old, string with) => Replace(text, old, with, -1)),
        Member("replace", CelType.String, (string text, string old, string with, long count) => Replace(text, old, with, count)),
        Member("split", CelTypes.ListOfStrings, (string text, string separator) => CelList.Of(Split(text, separator, -1))),
        Member("split", CelTypes.ListOfStrings, (string text, string separator, long count) => CelList.Of(Split(text, separator, count))),
        new("join", true, [CelTypes.ListOfStrings], CelType.String, args => Join((CelList)args[0], "")),
        new("join", true, [CelTypes.ListOfStrings, CelType.String], CelType.String, args => Join((CelList)args[0], (string)args[1])),
        new("format", true, [CelType.String, CelTypes.AnyList], CelType.String,
            args => StringFormat.Apply((string)args[0], (CelList)args[1])),
        Global("strings.quote", CelType.String, (string text) => Quote(text)),
    ];

    private static string MapAscii(string text, Func<char, char> map) =>
        string.Create(text.Length, (text, map), static (target, source) =>
        {
            for (var i = 0; i < target.Length; i++)
            {
                var c = source.text[i];
                target[i] = char.IsAscii(c) ? source.map(c) : c;
            }
        });

    private static object CharAt(string text, long index)
    {
        var length = CelValues.LengthOf(text);
        if (index < 0 || index > length)
        {
            return OutOfRange(index);
        }

        return index == length ? "" : Substring(text, index, index + 1);
    }

    private static object Substring(string text, long start, long end)
    {
        if (start > end)
        {
            return new CelError($"invalid substring range. start: {start}, end: {end}");
        }

        var length = CelValues.LengthOf(text);
        if (start < 0 || end > length)
        {
            return OutOfRange(start < 0 || start > length ? start : end);
        }

        var offset = OffsetOf(text, start);
        return text.Substring(offset, OffsetOf(text, end) - offset);
    }

    private static object IndexOf(string text, string part, long from)
    {
        if (part.Length == 0)
        {
            return from;
        }

        if (from < 0)
        {
            return OutOfRange(from);
        }

        return from >= CelValues.LengthOf(text)
            ? -1L
            : IndexOfOffset(text, text.IndexOf(part, OffsetOf(text, from), StringComparison.Ordinal));
    }

    private static object LastIndexOf(string text, string part)
    {
        var length = CelValues.LengthOf(text);
        return part.Length == 0 ? (long)length : text.Length < part.Length ? -1L : LastIndexOf(text, part, length - 1);
    }

    private static object LastIndexOf(string text, string part, long from)
    {
        if (part.Length == 0)
        {
            return from;
        }

        if (from < 0)
        {
            return OutOfRange(from);
        }

        var length = CelValues.LengthOf(text);
        var last = Math.Min(from, length - CelValues.LengthOf(part));
        if (from >= length || last < 0)
        {
            return -1L;
        }

        var end = Math.Min(text.Length, OffsetOf(text, last) + part.Length);
        return IndexOfOffset(text, text.AsSpan(0, end).LastIndexOf(part, StringComparison.Ordinal));
    }

    private static string Replace(string text, string old, string with, long count)
    {
        if (count < 0 && old.Length > 0)
        {
            return text.Replace(old, with, StringComparison.Ordinal);
        }

        var result = new StringBuilder();
        var at = 0;
        for (var done = 0L; count < 0 || done < count; done++)
        {
            // An empty string is found before each code point and at the end.
            var found = old.Length > 0 ? text.IndexOf(old, at, StringComparison.Ordinal)
                : done == 0 ? 0
                : at < text.Length ? at + (char.IsHighSurrogate(text[at]) ? 2 : 1)
                : -1;
            if (found < 0)
            {
                break;
            }

            result.Append(text, at, found - at).Append(with);
            at = found + old.Length;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private static IEnumerable<object> Split(string text, string separator, long count)
    {
        if (separator.Length == 0)
        {
            var points = text.EnumerateRunes().Select(rune => rune.ToString()).ToList();
            return count < 0 || points.Count <= count ? points
                : count == 0 ? []
                : points.Take((int)count - 1).Append(string.Concat(points.Skip((int)count - 1)));
        }

        return count switch
        {
            < 0 => text.Split(separator),
            0 => [],
            _ => text.Split(separator, (int)Math.Min(count, int.MaxValue)),
        };
    }

    private static object Join(CelList items, string separator)
    {
        var result = new StringBuilder();
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i] is not string text)
            {
                return new CelError($"join: invalid input: {CelValues.Show(items[i])}");
            }

            result.Append(i == 0 ? "" : separator).Append(text);
        }

        return result.ToString();
    }

    private static string Quote(string text)
    {
        var result = new StringBuilder("\"");
        foreach (var c in text)
        {
            result = c switch
            {
                '\a' => result.Append("\\a"),
                '\b' => result.Append("\\b"),
                '\f' => result.Append("\\f"),
                '\n' => result.Append("\\n"),
                '\r' => result.Append("\\r"),
                '\t' => result.Append("\\t"),
                '\v' => result.Append("\\v"),
                '\\' or '"' => result.Append('\\').Append(c),
                _ => result.Append(c),
            };
        }

        return result.Append('"').ToString();
    }

    /// <summary>Where in the UTF-16 text the code point of that index begins.</summary>
    private static int OffsetOf(string text, long index)
    {
        var offset = 0;
        for (; index > 0; index--)
        {
            offset += char.IsHighSurrogate(text[offset]) && offset + 1 < text.Length ? 2 : 1;
        }

        return offset;
    }

    private static long IndexOfOffset(string text, int offset) => offset < 0 ? -1 : CelValues.LengthOf(text[..offset]);

    private static CelError OutOfRange(long index) => new($"index out of range: {index}");
}
