using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Fleet.Geography;

/// <summary>A place in India, in degrees (WGS 84).</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record Place
{
    /// <summary>Degrees north, 6 to 38.</summary>
    [Required]
    [Range(6.0, 38.0)]
    public double Latitude { get; set; }

    /// <summary>Degrees east, 68 to 98.</summary>
    [Required]
    [Range(68.0, 98.0)]
    public double Longitude { get; set; }
}
