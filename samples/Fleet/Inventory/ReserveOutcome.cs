namespace Fleet.Inventory;

/// <summary>What became of a wish to reserve.</summary>
internal abstract record ReserveOutcome
{
    /// <summary>The goods are set aside.</summary>
    public sealed record Reserved(Reservation Reservation) : ReserveOutcome;

    /// <summary>The order has a reservation of other goods.</summary>
    public sealed record ReservedOtherwise : ReserveOutcome;

    /// <summary>The line at this index names nothing that is stocked.</summary>
    public sealed record UnknownSku(int Line) : ReserveOutcome;

    /// <summary>Too few pieces for the line at this index.</summary>
    public sealed record OutOfStock(int Line) : ReserveOutcome;
}
