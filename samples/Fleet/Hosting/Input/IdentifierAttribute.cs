using System.ComponentModel.DataAnnotations;

namespace Fleet.Hosting.Input;

/// <summary>An id that the fleet made, such as u-1001: safe in a path, a log line and a message.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class IdentifierAttribute : RegularExpressionAttribute
{
    public IdentifierAttribute()
        : base("^[A-Za-z0-9-]{1,50}$") => ErrorMessage = "{0} must be 1 to 50 letters, digits and '-'.";
}
