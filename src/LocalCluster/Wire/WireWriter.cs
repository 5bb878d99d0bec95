using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace LocalCluster.Wire;

/// <summary>Writes the fields of one protobuf message. Fields without a value are left out.</summary>
internal sealed class WireWriter
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;

    private readonly ArrayBufferWriter<byte> _output = new();

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Written => _output.WrittenSpan;

    /// <summary>A text.</summary>
    public void Text(int field, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            Bytes(field, Encoding.UTF8.GetBytes(value));
        }
    }

    /// <summary>A flag.</summary>
    public void Flag(int field, bool? value)
    {
        if (value == true)
        {
            Tag(field, Varint);
            WriteVarint(1);
        }
    }

    /// <summary>A whole number that is not negative.</summary>
    public void Integer(int field, long? value)
    {
        if (value is > 0)
        {
            Tag(field, Varint);
            WriteVarint((ulong)value.Value);
        }
    }

    /// <summary>A number.</summary>
    public void Double(int field, double? value)
    {
        if (value is not null and not 0)
        {
            Tag(field, Fixed64);
            BinaryPrimitives.WriteDoubleLittleEndian(_output.GetSpan(8), value.Value);
            _output.Advance(8);
        }
    }

    /// <summary>A message, even if nothing is in it.</summary>
    public void Message(int field, Action<WireWriter> write)
    {
        var message = new WireWriter();
        write(message);
        Bytes(field, message.Written);
    }

    private void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, Delimited);
        WriteVarint((ulong)value.Length);
        _output.Write(value);
    }

    private void Tag(int field, int type) => WriteVarint((ulong)((field << 3) | type));

    private void WriteVarint(ulong value)
    {
        while (value >= 0x80)
        {
            _output.Write([(byte)(value | 0x80)]);
            value >>= 7;
        }

        _output.Write([(byte)value]);
    }
}
