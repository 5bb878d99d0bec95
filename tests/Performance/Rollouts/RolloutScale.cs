using System.Globalization;

namespace Performance.Rollouts;

/// <summary>
/// Many rollouts at once: how long all their looks of one interval take, of that interval, and what a simulated day of them does to memory.
/// </summary>
internal static class RolloutScale
{
    private const int Intervals = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan IntervalOfDay = TimeSpan.FromMinutes(30);

    public static async Task RunAsync(int number, int hours, CancellationToken cancellationToken)
    {
        await using (var rollouts = await MeasuredRollouts.StartAsync(number, "30s", cancellationToken))
        {
            Print($"{number} rollouts, each at a tenth of the requests, looked at every {Interval.TotalSeconds:0} s");
            List<TimeSpan> took = [];
            for (var i = 0; i < Intervals; i++)
            {
                took.Add(await rollouts.LookAsync(Interval, cancellationToken));
            }

            took.Sort();
            Print($"all looks of an interval: median {took[Intervals / 2].TotalSeconds:0.00} s, longest {took[^1].TotalSeconds:0.00} s, {took[^1] / Interval:0.000}x of it");
            Print($"evidence farthest behind: {(rollouts.Clock.GetUtcNow() - rollouts.OldestEvidence()).TotalSeconds:0} s");
        }

        await using var day = await MeasuredRollouts.StartAsync(number, "30m", cancellationToken);
        Print($"a day of {hours} h on the operators' clock, looked at every {IntervalOfDay.TotalMinutes:0} min; memory of operators and caches after a collection");
        for (var hour = 0; hour <= hours; hour++)
        {
            for (var i = 0; hour > 0 && i < TimeSpan.FromHours(1) / IntervalOfDay; i++)
            {
                await day.LookAsync(IntervalOfDay, cancellationToken);
            }

            if (hour is 0 or 1 || hour % 4 == 0)
            {
                Print($"hour {hour}: {GC.GetTotalMemory(forceFullCollection: true) / 1024.0 / 1024:0.0} MB; the largest status has {day.LargestStatus() / 1024.0:0.0} KB");
            }
        }
    }

    private static void Print(FormattableString text) => Console.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
