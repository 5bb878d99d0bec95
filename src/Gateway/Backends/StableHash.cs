namespace Gateway.Backends;

/// <summary>A hash that is the same in every process and for ever: FNV-1a over the characters, mixed at the end as MurmurHash3 does.</summary>
internal static class StableHash
{
    public static ulong Of(ReadOnlySpan<char> text)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var c in text)
        {
            hash = (hash ^ (byte)c) * 1_099_511_628_211UL;
            hash = (hash ^ (byte)(c >> 8)) * 1_099_511_628_211UL;
        }

        return Mix(hash);
    }

    /// <summary>Spreads what differs in few bits over all of them.</summary>
    public static ulong Mix(ulong hash)
    {
        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }
}
