using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;

namespace ControlPlane.Kubernetes.Tests.Testing.Model;

/// <summary>An open watch of a <see cref="ModelApiServer"/>. What it writes is read, and acted on, before the write returns.</summary>
internal sealed class ModelWatch(ModelStore store, ModelPath path, long version, Action<ModelWatch> ended)
{
    private readonly Pipe _pipe = new(new PipeOptions(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, pauseWriterThreshold: 0, useSynchronizationContext: false));

    private long _version = version;
    private bool _over;

    public Stream Stream => _pipe.Reader.AsStream();

    /// <summary>Sends what has happened since it was called last.</summary>
    public void Pump()
    {
        try
        {
            foreach (var change in store.Since(_version))
            {
                if (_over || change.Version <= _version)
                {
                    continue; // the reader did something that pumped the rest
                }

                _version = change.Version;
                if (path.Covers(change.Path))
                {
                    Send(change.Type, change.Object);
                }
            }
        }
        catch (ModelRefusal expired)
        {
            Send("ERROR", expired.ToStatus());
            End(error: null);
        }
    }

    public void Bookmark()
    {
        _version = store.Version;
        Send("BOOKMARK", new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = $"{store.Version}" } });
    }

    public void End(Exception? error)
    {
        if (!_over)
        {
            _over = true;
            ended(this);
            _pipe.Writer.Complete(error);
        }
    }

    private void Send(string type, JsonObject item)
    {
        var line = new JsonObject { ["type"] = type, ["object"] = item.DeepClone() }.ToJsonString() + "\n";
        var flushing = _pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(line)).AsTask();
        if (flushing.IsCompletedSuccessfully && flushing.GetAwaiter().GetResult().IsCompleted)
        {
            End(error: null); // nobody reads any more
        }
    }
}
