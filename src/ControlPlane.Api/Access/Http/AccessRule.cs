using Microsoft.AspNetCore.Builder;

namespace ControlPlane.Api.Access.Http;

/// <summary>What it takes to reach an endpoint. One without a rule is open to nobody who has not signed in, and fails a test.</summary>
public interface IAccessRule
{
    /// <summary>What the caller must hold somewhere; null when none is wanted.</summary>
    Permission? Permission { get; }

    /// <summary>True when it is for anybody, signed in or not.</summary>
    bool IsForAnybody { get; }
}

/// <summary>Says of a page what it takes to see it.</summary>
/// <param name="permission">Name of the permission.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RequiresAttribute(string permission) : Attribute, IAccessRule
{
    /// <inheritdoc/>
    public Permission Permission { get; } = Permissions.Named(permission);

    /// <inheritdoc/>
    public bool IsForAnybody => false;
}

/// <summary>Says of a page that anybody who is signed in may see it.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ForSignedInAttribute : Attribute, IAccessRule
{
    /// <inheritdoc/>
    public Permission? Permission => null;

    /// <inheritdoc/>
    public bool IsForAnybody => false;
}

/// <summary>Says of a page that anybody may see it.</summary>
/// <param name="why">Why that is safe.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ForAnybodyAttribute(string why) : Attribute, IAccessRule
{
    /// <summary>Why that is safe.</summary>
    public string Why { get; } = why;

    /// <inheritdoc/>
    public Permission? Permission => null;

    /// <inheritdoc/>
    public bool IsForAnybody => true;
}

/// <summary>Says of endpoints what it takes to reach them. Where exactly the caller may is for the use case to say.</summary>
public static class AccessRules
{
    /// <summary>Only for callers who hold a permission somewhere.</summary>
    public static T Requires<T>(this T endpoint, Permission permission)
        where T : IEndpointConventionBuilder
    {
        ArgumentNullException.ThrowIfNull(permission);
        return endpoint.WithMetadata(new RequiresAttribute(permission.Name));
    }

    /// <summary>Only for callers who are signed in.</summary>
    public static T ForSignedIn<T>(this T endpoint)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new ForSignedInAttribute());

    /// <summary>For anybody.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="why">Why that is safe.</param>
    public static T ForAnybody<T>(this T endpoint, string why)
        where T : IEndpointConventionBuilder => endpoint.WithMetadata(new ForAnybodyAttribute(why));

    /// <summary>Only for callers who are signed in, as far as nothing else was said: for endpoints that a framework maps.</summary>
    public static T ElseForSignedIn<T>(this T endpoints)
        where T : IEndpointConventionBuilder
    {
        endpoints.Finally(static builder =>
        {
            if (!builder.Metadata.OfType<IAccessRule>().Any())
            {
                builder.Metadata.Add(new ForSignedInAttribute());
            }
        });
        return endpoints;
    }
}
