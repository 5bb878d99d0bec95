using Fleet.Orders.Clients;

namespace Fleet.Orders.Sagas;

/// <summary>Where a saga stands.</summary>
internal enum SagaState
{
    /// <summary>Its steps are done one after the other.</summary>
    Running,

    /// <summary>Its payment is in review: it goes on when a person has decided.</summary>
    Waiting,

    /// <summary>A step failed: what was done is undone.</summary>
    Undoing,

    /// <summary>Every step was done.</summary>
    Done,

    /// <summary>Everything that was done was undone.</summary>
    Undone,

    /// <summary>Something could not be undone, however often it was tried: a person must.</summary>
    GivenUp,
}

/// <summary>What became of a step.</summary>
/// <param name="Step">The step.</param>
/// <param name="Outcome">done, skipped, failed, undone or not-undone.</param>
/// <param name="At">When (UTC).</param>
internal sealed record SagaEntry(string Step, string Outcome, DateTimeOffset At);

/// <summary>
/// An order on its way through the steps: everything that another instance needs to go on, or to undo what was done. A state of it is never changed,
/// only followed by another.
/// </summary>
internal sealed record OrderSaga
{
    public required string OrderId { get; init; }

    public required PlaceOrder Input { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public SagaState State { get; init; }

    /// <summary>The step that is to be done next, or is being done.</summary>
    public int Next { get; init; }

    /// <summary>The instance that drives it.</summary>
    public string Owner { get; init; } = "";

    /// <summary>When (UTC) another instance may take it over: the owner has not been heard of.</summary>
    public DateTimeOffset LeaseUntil { get; init; }

    public Customer? Customer { get; init; }

    public IReadOnlyList<OrderLine> Lines { get; init; } = [];

    public decimal TotalInr => Lines.Sum(l => l.Quantity * l.UnitPriceInr);

    public PaymentReceipt? Payment { get; init; }

    public DateTimeOffset? EtaAt { get; init; }

    /// <summary>Steps that are still to be undone, in this order.</summary>
    public IReadOnlyList<string> ToUndo { get; init; } = [];

    /// <summary>How often all that is to be undone was tried.</summary>
    public int UndoRounds { get; init; }

    /// <summary>HTTP status of what ended it; null when nothing did.</summary>
    public int? FailedWith { get; init; }

    /// <summary>What was done, in order.</summary>
    public IReadOnlyList<SagaEntry> Trail { get; init; } = [];

    public bool IsOver => State is SagaState.Done or SagaState.Undone or SagaState.GivenUp;

    public OrderSaga Noted(string step, string outcome, DateTimeOffset at) => this with { Trail = [.. Trail, new SagaEntry(step, outcome, at)] };
}
