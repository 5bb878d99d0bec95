using ControlPlane.Kubernetes.Resources;
using Microsoft.AspNetCore.WebUtilities;

namespace ControlPlane.Web.Services;

/// <summary>Addresses of a service's page and its parts.</summary>
public static class ServiceUrl
{
    /// <summary>Word of the part that is shown first.</summary>
    public const string FirstTab = "overview";

    /// <summary>The page.</summary>
    /// <param name="key">The service.</param>
    /// <param name="tab">A part of it; null for the first.</param>
    /// <param name="words">More words, such as which object; those with null are left out.</param>
    public static string Of(ObjectKey key, string? tab = null, params (string Word, string? Value)[] words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return QueryHelpers.AddQueryString(
            $"/services/{Uri.EscapeDataString(key.Namespace)}/{Uri.EscapeDataString(key.Name)}",
            words.Prepend(("tab", tab == FirstTab ? null : tab))
                .Where(word => word.Item2 is not null)
                .Select(word => KeyValuePair.Create<string, string?>(word.Item1, word.Item2)));
    }
}
