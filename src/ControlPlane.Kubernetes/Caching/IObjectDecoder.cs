using System.Text.Json;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>Turns the JSON of one object into what a cache keeps of it.</summary>
/// <typeparam name="T">What is kept. Keep what is used: properties that the type does not have are skipped without being allocated.</typeparam>
public interface IObjectDecoder<out T>
    where T : class, IKubeObject
{
    /// <summary>Decodes one object.</summary>
    /// <exception cref="JsonException">The JSON does not fit the type.</exception>
    T Decode(ReadOnlySpan<byte> json);
}

/// <summary>Decodes by <see cref="KubeJson.Options"/>.</summary>
public sealed class JsonObjectDecoder<T> : IObjectDecoder<T>
    where T : class, IKubeObject
{
    /// <inheritdoc/>
    public T Decode(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<T>(json, KubeJson.Options) ?? throw new JsonException("null in place of an object");
}
