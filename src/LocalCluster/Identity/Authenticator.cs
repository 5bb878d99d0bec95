using LocalCluster.Errors;
using LocalCluster.Registry;
using Microsoft.AspNetCore.Http;

namespace LocalCluster.Identity;

/// <summary>Tells who makes a request. Without a token it is the owner of the machine, since nobody else reaches the port.</summary>
/// <param name="tokens">Tokens of service accounts.</param>
internal sealed class Authenticator(ServiceAccountTokens tokens)
{
    private const string Bearer = "Bearer ";

    /// <summary>Who makes a request.</summary>
    /// <exception cref="StatusException">401: the token is not valid.</exception>
    public RequestUser Identify(HttpRequest request)
    {
        var user = RequestUser.Owner;
        var authorization = request.Headers.Authorization.ToString();
        if (authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            user = tokens.Verify(authorization[Bearer.Length..].Trim()).User
                ?? throw new StatusException(StatusCodes.Status401Unauthorized, "Unauthorized", "Unauthorized");
        }

        var impersonated = request.Headers["Impersonate-User"].ToString();
        return impersonated.Length == 0
            ? user
            : new RequestUser(impersonated, [.. request.Headers["Impersonate-Group"].OfType<string>(), "system:authenticated"])
            {
                Uid = request.Headers["Impersonate-Uid"].ToString(),
            };
    }
}
