using System.Net.Sockets;
using static LocalCluster.Cel.Overload;

namespace LocalCluster.Cel.Functions;

/// <summary>Kubernetes' libraries of IP addresses and of address ranges.</summary>
internal static class IpFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Global("ip", IpValue.CelType, (string text) => Ip(text)),
        Global("isIP", CelType.Bool, (string text) => Ip(text) is IpValue),
        Global("ip.isCanonical", CelType.Bool, (string text) => Ip(text) is IpValue ip ? ip.ToString() == text : Ip(text)),
        OfIp("string", CelType.String, ip => ip.ToString()) with { IsMember = false },
        OfIp("family", CelType.Int, ip => ip.IsV4 ? 4L : 6L),
        OfIp("isUnspecified", CelType.Bool, ip => ip.Address.GetAddressBytes().All(b => b == 0)),
        OfIp("isLoopback", CelType.Bool, IsLoopback),
        OfIp("isLinkLocalMulticast", CelType.Bool, IsLinkLocalMulticast),
        OfIp("isLinkLocalUnicast", CelType.Bool, IsLinkLocalUnicast),
        OfIp("isGlobalUnicast", CelType.Bool, ip => !IsBroadcast(ip)
            && !ip.Address.GetAddressBytes().All(b => b == 0)
            && !IsLoopback(ip) && !IsMulticast(ip) && !IsLinkLocalUnicast(ip)),

        Global("cidr", CidrValue.CelType, (string text) => Cidr(text)),
        Global("isCIDR", CelType.Bool, (string text) => CidrValue.Parse(text) is not null),
        OfCidr("string", CelType.String, cidr => cidr.ToString()) with { IsMember = false },
        OfCidr("ip", IpValue.CelType, cidr => cidr.Ip),
        OfCidr("prefixLength", CelType.Int, cidr => (long)cidr.PrefixLength),
        OfCidr("masked", CidrValue.CelType, cidr => cidr.Masked),
        OfCidr("containsIP", IpValue.CelType, (cidr, other) => cidr.Contains((IpValue)other)),
        OfCidr("containsIP", CelType.String, (cidr, other) => Ip((string)other) is IpValue ip ? cidr.Contains(ip) : Ip((string)other)),
        OfCidr("containsCIDR", CidrValue.CelType, (cidr, other) => Contains(cidr, (CidrValue)other)),
        OfCidr("containsCIDR", CelType.String, (cidr, other) =>
            Cidr((string)other) is CidrValue inner ? Contains(cidr, inner) : Cidr((string)other)),
    ];

    private static Overload OfIp(string name, CelType result, Func<IpValue, object> invoke) =>
        new(name, true, [IpValue.CelType], result, args => invoke((IpValue)args[0]));

    private static Overload OfIp(string name, CelType result, Func<IpValue, bool> invoke) =>
        OfIp(name, result, ip => (object)invoke(ip));

    private static Overload OfCidr(string name, CelType result, Func<CidrValue, object> invoke) =>
        new(name, true, [CidrValue.CelType], result, args => invoke((CidrValue)args[0]));

    private static Overload OfCidr(string name, CelType other, Func<CidrValue, object, object> invoke) =>
        new(name, true, [CidrValue.CelType, other], CelType.Bool, args => invoke((CidrValue)args[0], args[1]));

    private static object Ip(string text) => IpValue.Parse(text, out var error) ?? (object)new CelError(error!);

    private static object Cidr(string text) => CidrValue.Parse(text) ?? (object)new CelError(
        $"network address parse error during conversion from string: netip.ParsePrefix({GoText.Quote(text)}): no valid prefix");

    private static bool Contains(CidrValue outer, CidrValue inner) =>
        outer.PrefixLength <= inner.PrefixLength && outer.Contains(inner.Ip);

    private static bool IsLoopback(IpValue ip) => ip.IsV4
        ? ip.Address.GetAddressBytes()[0] == 127
        : ip.Address.Equals(System.Net.IPAddress.IPv6Loopback);

    private static bool IsMulticast(IpValue ip) => ip.IsV4
        ? ip.Address.GetAddressBytes()[0] is >= 224 and < 240
        : ip.Address.IsIPv6Multicast;

    private static bool IsLinkLocalMulticast(IpValue ip) => ip.Address.GetAddressBytes() is var bytes && ip.Address.AddressFamily switch
    {
        AddressFamily.InterNetwork => bytes is [224, 0, 0, _],
        _ => bytes[0] == 0xff && (bytes[1] & 0x0f) == 2,
    };

    private static bool IsLinkLocalUnicast(IpValue ip) => ip.IsV4
        ? ip.Address.GetAddressBytes() is [169, 254, _, _]
        : ip.Address.IsIPv6LinkLocal;

    private static bool IsBroadcast(IpValue ip) => ip.Address.Equals(System.Net.IPAddress.Broadcast);
}
