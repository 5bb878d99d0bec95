using System.Text.Json;
using ControlPlane.Kubernetes.Resources;

namespace ControlPlane.Kubernetes.Caching;

/// <summary>Reads a list in parts, object by object, so that one that does not fit does not take the others with it.</summary>
internal sealed class ListReader<T>(IObjectDecoder<T> decoder)
    where T : class, IKubeObject
{
    private readonly List<T> _items = [];
    private readonly List<(ObjectKey Key, string Problem)> _undecodable = [];
    private JsonReaderState _state;
    private Place _place = Place.Start;
    private string? _resourceVersion;
    private string? _continue;

    private enum Place
    {
        Start,
        Fields,
        Items,
        End,
    }

    /// <summary>True when the list is over.</summary>
    public bool IsAtEnd => _place == Place.End;

    /// <summary>Reads as far as what has come allows.</summary>
    /// <param name="json">What has come and was not taken before.</param>
    /// <param name="isLast">True when nothing more will come.</param>
    /// <returns>How many bytes were taken; the caller gives the others again, with more behind them.</returns>
    /// <exception cref="JsonException">Not a list, or cut short.</exception>
    public int Take(ReadOnlySpan<byte> json, bool isLast)
    {
        var taken = 0;
        var reader = new Utf8JsonReader(json, isLast, _state);
        while (!IsAtEnd && TryStep(json, ref reader))
        {
            (taken, _state) = ((int)reader.BytesConsumed, reader.CurrentState);
        }

        return taken;
    }

    /// <summary>What was read.</summary>
    /// <exception cref="JsonException">The list has no version.</exception>
    public ListPage<T> ToPage() =>
        new(_items, _undecodable, _resourceVersion ?? throw new JsonException("a list without metadata.resourceVersion"), _continue);

    /// <summary>Reads one part; false when not all of it has come. Then nothing has changed but the reader, which is thrown away.</summary>
    private bool TryStep(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        if (!reader.Read())
        {
            return false;
        }

        switch (_place)
        {
            case Place.Start:
                _place = reader.TokenType == JsonTokenType.StartObject ? Place.Fields : throw new JsonException("expected an object");
                return true;
            case Place.Fields when reader.TokenType == JsonTokenType.EndObject:
                _place = Place.End;
                return true;
            case Place.Fields:
                return TryReadField(json, ref reader);
            case Place.Items when reader.TokenType == JsonTokenType.EndArray:
                _place = Place.Fields;
                return true;
            default:
                if (!TryTakeValue(json, ref reader, out var item))
                {
                    return false;
                }

                Add(item);
                return true;
        }
    }

    private bool TryReadField(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var isItems = reader.ValueTextEquals("items"u8);
        var isMetadata = reader.ValueTextEquals("metadata"u8);
        if (!reader.Read())
        {
            return false;
        }

        if (isItems && reader.TokenType == JsonTokenType.StartArray)
        {
            _place = Place.Items;
            return true;
        }

        if (!TryTakeValue(json, ref reader, out var value))
        {
            return false;
        }

        if (isMetadata)
        {
            ReadMetadata(value);
        }

        return isItems && reader.TokenType != JsonTokenType.Null // which is how Go writes an empty list
            ? throw new JsonException("expected an array of items")
            : true;
    }

    private static bool TryTakeValue(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, out ReadOnlySpan<byte> value)
    {
        var start = (int)reader.TokenStartIndex;
        var isWhole = reader.TrySkip();
        value = isWhole ? json[start..(int)reader.BytesConsumed] : default;
        return isWhole;
    }

    private void Add(ReadOnlySpan<byte> item)
    {
        try
        {
            _items.Add(decoder.Decode(item));
        }
        catch (JsonException e)
        {
            _undecodable.Add((ObjectHeader.Read(item).Key, e.Message));
        }
    }

    private void ReadMetadata(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        reader.ReadStartObject();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("resourceVersion"u8))
            {
                _resourceVersion = reader.ReadString();
            }
            else if (reader.ValueTextEquals("continue"u8))
            {
                _continue = reader.ReadString() is { Length: > 0 } token ? token : null;
            }
            else
            {
                reader.SkipValue();
            }
        }
    }
}
