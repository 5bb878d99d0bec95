using System.Globalization;
using System.Text.RegularExpressions;
using ControlPlane.Kubernetes.Resources;

namespace Operators.Onboarding.Calls;

/// <summary>Something on the network that a configuration points to.</summary>
/// <param name="Host">DNS name or address.</param>
/// <param name="Port">Port; null when it does not say.</param>
/// <param name="Scheme">Scheme of the URL; null when it is none.</param>
/// <param name="Path">Path of the URL; empty when it has none.</param>
/// <param name="HasPassword">True when the URL carries one.</param>
/// <param name="Subject">Name of the variable without its ending, such as <c>PAYMENT_SERVICE</c>.</param>
/// <param name="Variable">Where it was found.</param>
internal sealed partial record CallTarget(
    string Host, int? Port, string? Scheme, string Path, bool HasPassword, string Subject, ContainerVariable Variable)
{
    private static readonly string[] ClusterEndings = [".svc.cluster.local", ".svc"];

    private static readonly string[] CommonEndings =
        ["com", "org", "net", "info", "biz", "edu", "gov", "dev", "app", "cloud", "tech", "internal", "local", "corp", "lan"];

    /// <summary>What a workload's variables point to, in order and each once.</summary>
    public static IReadOnlyList<CallTarget> Find(IReadOnlyList<ContainerVariable> variables)
    {
        var values = variables.Where(variable => variable.Value is not null).DistinctBy(variable => variable.Name).ToDictionary(variable => variable.Name, variable => variable.Value!);
        return
        [
            .. values.Keys
                .Order(StringComparer.Ordinal)
                .SelectMany(name => Parse(variables.First(variable => variable.Name == name), values))
                .Where(target => target.Host is not ("localhost" or "127.0.0.1" or "0.0.0.0"))
                .DistinctBy(target => (target.Host, target.Port, target.Subject)),
        ];
    }

    /// <summary>
    /// The Service that the host names, when it is a name of the cluster's DNS; null when it is a name of the outside world.
    /// </summary>
    /// <param name="ns">Namespace of the caller.</param>
    /// <param name="isNamespace">Whether there is a namespace of that name, for names such as <c>payment.money</c>.</param>
    public ObjectKey? ServiceSeenFrom(string ns, Func<string, bool> isNamespace)
    {
        var ending = ClusterEndings.FirstOrDefault(ending => Host.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        var labels = (ending is null ? Host : Host[..^ending.Length]).Split('.');
        return labels switch
        {
            [var name] => new(ns, name),
            [var name, var other] when ending is not null || isNamespace(other) || !IsOutside(other) => new(other, name),
            [.., var name, var other] when ending is not null => new(other, name), // a pod of a headless Service
            _ => null,
        };
    }

    /// <summary>True when names that end so are found outside of the cluster: by a country's letters, or one of the endings in common use.</summary>
    private static bool IsOutside(string ending) => ending.Length == 2 || CommonEndings.Contains(ending, StringComparer.OrdinalIgnoreCase) || char.IsAsciiDigit(ending[0]);

    private static IEnumerable<CallTarget> Parse(ContainerVariable variable, Dictionary<string, string> values)
    {
        var ending = Ending().Match(variable.Name);
        var subject = ending.Success ? variable.Name[..ending.Index] : variable.Name;
        foreach (var part in variable.Value!.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var text = part.StartsWith("jdbc:", StringComparison.OrdinalIgnoreCase) ? part[5..] : part;
            if (text.Contains("://", StringComparison.Ordinal))
            {
                if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Host.Length > 0)
                {
                    var port = url.Port > 0 ? url.Port : (int?)null;
                    yield return new(url.Host, port, url.Scheme, url.AbsolutePath, url.UserInfo.Contains(':', StringComparison.Ordinal), subject, variable);
                }
            }
            else if (ending.Success && HostAndPort().Match(text) is { Success: true } match)
            {
                var port = match.Groups["port"].Success ? match.Groups["port"].Value : values.GetValueOrDefault($"{subject}_PORT");
                yield return new(match.Groups["host"].Value, ToPort(port), Scheme: null, Path: "", HasPassword: false, subject, variable);
            }
        }
    }

    private static int? ToPort(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;

    /// <summary>Endings of variables that hold an address.</summary>
    [GeneratedRegex("_(HOST|HOSTS|HOSTNAME|ADDR|ADDRESS|URL|URI|ENDPOINT|SERVER|SERVERS|BROKERS|BOOTSTRAP_SERVERS)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ending();

    [GeneratedRegex(@"^(?<host>[a-z]([-a-z0-9.]*[a-z0-9])?|\d{1,3}(\.\d{1,3}){3})(:(?<port>\d{1,5}))?$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HostAndPort();
}
