using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace LocalCluster.Cel;

/// <summary>An IP address, strictly read: no zone, no IPv4 inside of IPv6, no leading zeros.</summary>
internal sealed record IpValue(IPAddress Address) : IOpaque
{
    /// <summary>The type that expressions know IP addresses by.</summary>
    public static CelType CelType { get; } = CelType.Opaque("net.IP");

    /// <inheritdoc/>
    public CelType Type => CelType;

    /// <summary>True for IPv4.</summary>
    public bool IsV4 => Address.AddressFamily == AddressFamily.InterNetwork;

    /// <summary>Reads an address.</summary>
    /// <param name="text">The address.</param>
    /// <param name="error">What is wrong with it; null when nothing is.</param>
    public static IpValue? Parse(string text, out string? error)
    {
        error = null;
        if (text.Contains('%', StringComparison.Ordinal))
        {
            error = $"IP address {GoText.Quote(text)} with zone value is not allowed";
        }
        else if (!TryRead(text, out var address))
        {
            error = $"IP Address {GoText.Quote(text)} parse error during conversion from string: " +
                $"ParseAddr({GoText.Quote(text)}): unable to parse IP";
        }
        else if (address.IsIPv4MappedToIPv6)
        {
            error = $"IPv4-mapped IPv6 address {GoText.Quote(text)} is not allowed";
        }
        else
        {
            return new IpValue(address);
        }

        return null;
    }

    /// <inheritdoc/>
    public override string ToString() => Address.ToString();

    private static bool TryRead(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        // .NET also takes 1, 1.2 and 0x7f.0.0.1 for IPv4, and brackets around IPv6.
        address = null;
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return text[0] != '[' && IPAddress.TryParse(text, out address);
        }

        var parts = text.Split('.');
        return parts.Length == 4
            && Array.TrueForAll(parts, part => part.Length is > 0 and <= 3
                && part.All(char.IsAsciiDigit)
                && (part.Length == 1 || part[0] != '0')
                && int.Parse(part, CultureInfo.InvariantCulture) <= 255)
            && IPAddress.TryParse(text, out address);
    }
}

/// <summary>A range of addresses such as <c>10.0.0.0/8</c>; bits behind the mask are kept.</summary>
internal sealed record CidrValue(IpValue Ip, int PrefixLength) : IOpaque
{
    /// <summary>The type that expressions know ranges by.</summary>
    public static CelType CelType { get; } = CelType.Opaque("net.CIDR");

    /// <inheritdoc/>
    public CelType Type => CelType;

    /// <summary>The same range with the bits behind the mask cleared.</summary>
    public CidrValue Masked
    {
        get
        {
            var bytes = Ip.Address.GetAddressBytes();
            for (var i = 0; i < bytes.Length; i++)
            {
                bytes[i] &= (byte)(0xff00 >> Math.Clamp(PrefixLength - (i * 8), 0, 8));
            }

            return this with { Ip = new IpValue(new IPAddress(bytes)) };
        }
    }

    /// <summary>Reads a range; null when the text is none.</summary>
    public static CidrValue? Parse(string text)
    {
        var slash = text.LastIndexOf('/');
        return slash > 0
            && IpValue.Parse(text[..slash], out _) is { } ip
            && text[(slash + 1)..] is { Length: > 0 } length
            && (length.Length == 1 || length[0] != '0')
            && int.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out var prefix)
            && prefix <= (ip.IsV4 ? 32 : 128) ? new CidrValue(ip, prefix) : null;
    }

    /// <summary>True when the address is in the range.</summary>
    public bool Contains(IpValue ip) => ip.IsV4 == Ip.IsV4 && new CidrValue(ip, PrefixLength).Masked.Ip == Masked.Ip;

    /// <inheritdoc/>
    public override string ToString() => $"{Ip}/{PrefixLength}";
}
