namespace Fleet.Hosting.Events;

/// <summary>What a service does about the events of a topic.</summary>
internal interface IEventHandler
{
    /// <summary>The topic.</summary>
    string Topic { get; }

    /// <summary>The types of events that it does something about; others are passed over.</summary>
    IReadOnlyCollection<string> Types { get; }

    /// <summary>Does it. The same event can come again, so that doing it twice must be the same as doing it once.</summary>
    Task HandleAsync(FleetEvent happened, CancellationToken cancellationToken);
}
