namespace ControlPlane.Api.Traffic.Generator;

/// <summary>Makes up traffic for the example fleet. There is one where the embedded cluster is, and none elsewhere.</summary>
public interface ITrafficGenerator
{
    /// <summary>What it does now.</summary>
    GeneratorStatus Status { get; }

    /// <summary>What is wrong with settings; null when they will do.</summary>
    (string Field, string Message)? ProblemOf(GeneratorSettings settings);

    /// <summary>Changes its settings, for now and after a restart.</summary>
    void Set(GeneratorSettings settings);
}

/// <summary>How much made-up traffic there is.</summary>
/// <param name="On">Whether there is any.</param>
/// <param name="RequestsPerSecond">Requests a second, averaged over the day, 0.1 to 200: at its peak there are about twice as many.</param>
/// <param name="DayMinutes">Minutes that a day takes, 10 to 1440: 1440 follows the clock of India; less has its peaks come by faster.</param>
public sealed record GeneratorSettings(bool On, double RequestsPerSecond, int DayMinutes)
{
    /// <summary>Tells these settings from others, for <c>If-Match</c>.</summary>
    internal string Tag => FormattableString.Invariant($"{(On ? "on" : "off")}-{RequestsPerSecond:R}-{DayMinutes}");
}

/// <summary>What the generator does now.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="Target">Where requests go: always a loopback address.</param>
/// <param name="Hour">Hour of its day in India, from 0 to under 24.</param>
/// <param name="RequestsPerSecond">Requests a second that this hour calls for; 0 when it is off.</param>
/// <param name="Sent">Requests sent since the process started.</param>
/// <param name="Failed">Of these, those that nobody answered, or with a status from 500 on.</param>
/// <param name="Skipped">Requests that were not sent, because too many were under way.</param>
public sealed record GeneratorStatus(GeneratorSettings Settings, string Target, double Hour, double RequestsPerSecond, long Sent, long Failed, long Skipped);
