using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Gateway.Forwarding;

/// <summary>Keeps the answer of one request, while it goes to the caller, if it turns out to be good.</summary>
/// <param name="answers">Where to.</param>
/// <param name="key">What requests with the same answer have in common.</param>
internal sealed class AnswerKeeper(LastGoodAnswers answers, string key)
{
    private KeptBody? _body;

    public string Key => key;

    public LastGoodAnswers Answers => answers;

    /// <summary>Looks at the head of an answer that goes to the caller, and copies its body from then on if it may be kept.</summary>
    public void Begin(HttpResponse response)
    {
        if (LastGoodAnswers.MayBeKept(response))
        {
            response.Body = new CopyingStream(response.Body, _body = new KeptBody(LastGoodAnswers.LargestBody));
        }
    }

    /// <summary>The answer went to its end.</summary>
    public void Complete(HttpResponse response, TimeSpan now)
    {
        if (_body?.Whole is { } body)
        {
            answers.Keep(key, now, response.Headers, body);
        }
    }

    /// <summary>A body as far as it has gone, as long as it is not too much.</summary>
    private sealed class KeptBody(int most)
    {
        private readonly ArrayBufferWriter<byte> _kept = new();
        private bool _isTooMuch;

        /// <summary>All of it; null when it was too much.</summary>
        public ReadOnlyMemory<byte>? Whole => _isTooMuch ? null : _kept.WrittenMemory;

        public void Add(ReadOnlySpan<byte> bytes)
        {
            _isTooMuch |= _kept.WrittenCount + bytes.Length > most;
            if (!_isTooMuch)
            {
                _kept.Write(bytes);
            }
        }
    }

    /// <summary>Writes to another stream what it keeps.</summary>
    private sealed class CopyingStream(Stream inner, KeptBody kept) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            kept.Add(buffer.Span);
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Write(byte[] buffer, int offset, int count)
        {
            kept.Add(buffer.AsSpan(offset, count));
            inner.Write(buffer, offset, count);
        }

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
