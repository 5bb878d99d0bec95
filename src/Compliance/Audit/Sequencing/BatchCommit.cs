using Compliance.Audit.Personal;

namespace Compliance.Audit.Sequencing;

/// <summary>
/// Commits batches to the end of the log. It lays a batch out for where it believes the log ends, and where other processes were faster it reads what
/// they wrote and lays the batch out again: the second time in its turn, so that nobody comes before it for ever.
/// </summary>
internal sealed class BatchCommit(IAuditStore store, LogTail tail, IPersonalKeeper personal, TimeProvider time, IAuditAlarm alarm)
{
    private static readonly Dictionary<Guid, AuditReceipt> NoneKnown = [];

    /// <summary>Commits what callers brought.</summary>
    /// <returns>The receipts of each.</returns>
    /// <exception cref="AuditUnavailableException">It is not known to be stored.</exception>
    public async Task<IReadOnlyList<AuditReceipt>[]> CommitAsync(IReadOnlyList<AppendWork> batch, CancellationToken cancellationToken)
    {
        var known = batch.Any(static work => work.Entries.Any(static entry => entry.Personal.Count > 0))
            ? await FindKnownAsync(batch, cancellationToken) // else the data of an event that comes again would be kept twice
            : NoneKnown;
        var kept = new HashSet<PersonalCommitment>(ReferenceEqualityComparer.Instance);
        var hasMovedOn = false;
        while (true)
        {
            await using var turn = hasMovedOn ? await store.TakeTurnAsync(cancellationToken) : null;
            if (turn is not null)
            {
                await tail.FollowAsync(cancellationToken);
            }

            AlarmIfClockWentBack();
            var builder = new BatchBuilder(tail.Position.Edge, tail.RecordedAt, tail.Sources, tail.Fresh, known);
            try
            {
                IReadOnlyList<AuditReceipt>[] receipts = [.. batch.Select(builder.Add)];
                if (!builder.IsEmpty)
                {
                    await StoreAsync(builder, kept, cancellationToken);
                }

                return receipts;
            }
            catch (LogMovedOnException)
            {
                hasMovedOn = true;
            }
            catch (DuplicateEventException) // looked for only now, because events rarely come twice
            {
                known = await FindKnownAsync(batch, cancellationToken);
            }
            finally
            {
                tail.Sources.Rollback(); // of what was not stored
            }
        }
    }

    /// <summary>Commits entries if the log ends where this process believes.</summary>
    /// <returns>False when another process was faster: nothing was stored.</returns>
    public async Task<bool> TryCommitAsync(AppendWork work, CancellationToken cancellationToken)
    {
        AlarmIfClockWentBack();
        var builder = new BatchBuilder(tail.Position.Edge, tail.RecordedAt, tail.Sources, tail.Fresh, NoneKnown);
        builder.Add(work);
        try
        {
            await StoreAsync(builder, kept: [], cancellationToken);
            return true;
        }
        catch (LogMovedOnException)
        {
            return false;
        }
        finally
        {
            tail.Sources.Rollback();
        }
    }

    private async Task StoreAsync(BatchBuilder builder, HashSet<PersonalCommitment> kept, CancellationToken cancellationToken)
    {
        List<PersonalCommitment> data = [.. builder.Personal.Where(kept.Add)];
        if (data.Count > 0)
        {
            await personal.KeepAsync(data, cancellationToken); // before the entry: a commitment without its datum would be of no use
        }

        var batch = builder.Build();
        await store.AppendAsync(batch, cancellationToken);
        tail.Add(batch, builder);
        builder.Oddities.ForEach(oddity => alarm.Raise(oddity.Kind, oddity.Message));
    }

    private async Task<Dictionary<Guid, AuditReceipt>> FindKnownAsync(IReadOnlyList<AppendWork> batch, CancellationToken cancellationToken)
    {
        var found = await store.FindAsync([.. batch.SelectMany(static work => work.Entries).Select(static entry => entry.Event.Id).Distinct()], cancellationToken);
        var entries = (await store.ReadAsync([.. found.Values], cancellationToken)).ToDictionary(static entry => entry.Index);
        return found.ToDictionary(
            static pair => pair.Key,
            pair => new AuditReceipt(pair.Key, pair.Value, entries[pair.Value].Leaf, IsDuplicate: true));
    }

    private void AlarmIfClockWentBack()
    {
        var now = time.GetUtcNow();
        if (now < tail.RecordedAt - TimeSpan.FromSeconds(5))
        {
            alarm.Raise(AuditAlarmKind.ClockWentBack, $"the clock says {now:u}, but entries were recorded at {tail.RecordedAt:u}: new entries keep that time until the clock is there again");
        }
    }
}
