using System.Collections.Frozen;

namespace LocalCluster.Cel.Functions;

/// <summary>Kubernetes' library of named formats: <c>format.dns1123Label().validate(self.name)</c>.</summary>
internal static class FormatFunctions
{
    private static readonly FrozenDictionary<string, NamedFormat> Formats = new NamedFormat[]
    {
        new("dns1123Label", NameFormats.Dns1123Label),
        new("dns1123Subdomain", NameFormats.Dns1123Subdomain),
        new("dns1035Label", NameFormats.Dns1035Label),
        new("qualifiedName", NameFormats.QualifiedName),
        new("dns1123LabelPrefix", NameFormats.Prefix(NameFormats.Dns1123Label)),
        new("dns1123SubdomainPrefix", NameFormats.Prefix(NameFormats.Dns1123Subdomain)),
        new("dns1035LabelPrefix", NameFormats.Prefix(NameFormats.Dns1035Label)),
        new("labelValue", NameFormats.LabelValue),
        new("uri", text => UrlValue.Parse(text, out var error) is null ? [error!] : []),
        new("uuid", text => TextFormats.IsUuid(text) ? [] : ["does not match the UUID format"]),
        new("byte", text => TextFormats.IsBase64(text) ? [] : ["invalid base64"]),
        new("date", text => TextFormats.TryDate(text, out _) ? [] : ["invalid date"]),
        new("datetime", text => TextFormats.TryDateTime(text, out _) ? [] : ["invalid datetime"]),
    }.ToFrozenDictionary(format => format.Name);

    public static IEnumerable<Overload> All =>
    [
        .. Formats.Values.Select(format => new Overload("format." + format.Name, false, [], NamedFormat.CelType, _ => format)),
        new("format.named", false, [CelType.String], CelType.Optional(NamedFormat.CelType),
            args => Formats.TryGetValue((string)args[0], out var format) ? CelOptional.Of(format) : CelOptional.None),
        new("validate", true, [NamedFormat.CelType, CelType.String], CelType.Optional(CelTypes.ListOfStrings),
            args => Validate((NamedFormat)args[0], (string)args[1])),
    ];

    private static CelOptional Validate(NamedFormat format, string text)
    {
        var errors = format.Check(text);
        return errors.Count == 0 ? CelOptional.None : CelOptional.Of(CelList.Of(errors));
    }

    private sealed record NamedFormat(string Name, Func<string, IReadOnlyList<string>> Check) : IOpaque
    {
        public static CelType CelType { get; } = CelType.Opaque("kubernetes.NamedFormat");

        public CelType Type => CelType;
    }
}
