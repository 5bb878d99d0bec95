using ControlPlane.Kubernetes.Resources;
using Gateway.Policies;
using Microsoft.AspNetCore.Http;

namespace Gateway.Identity;

/// <summary>Whether a caller may do what it asks for.</summary>
internal static class AccessGate
{
    /// <summary>True when a rule allows it. A caller that is no service may nothing: rules name services.</summary>
    public static bool Permits(AccessOptions access, Caller caller, HttpRequest request)
    {
        if (caller.Service is not { } service)
        {
            return false;
        }

        foreach (var rule in access.Rules)
        {
            if ((rule.Callers.Contains(service) || rule.Callers.Contains(new ObjectKey(service.Namespace, "*")))
                && PathPatterns.Names(rule.Methods, request.Method) && PathPatterns.Cover(rule.Paths, request.Path.Value ?? "/"))
            {
                return true;
            }
        }

        return false;
    }
}
