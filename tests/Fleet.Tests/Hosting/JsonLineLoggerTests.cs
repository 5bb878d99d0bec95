using System.Net;
using System.Text.Json;
using Fleet.Hosting;
using Fleet.Hosting.Logging;
using Microsoft.Extensions.Logging;

namespace Fleet.Tests.Hosting;

public sealed partial class JsonLineLoggerTests : IDisposable
{
    private readonly List<string> _lines = [];
    private readonly JsonLineLoggerProvider _provider;
    private readonly ILogger _logger;

    public JsonLineLoggerTests()
    {
        var instance = new FleetInstance
        {
            Name = "a", Namespace = "shop", Version = "1", Listen = [new IPEndPoint(IPAddress.Loopback, 0)], Log = _lines.Add,
        };
        _provider = new JsonLineLoggerProvider("order", instance, new CurrentRequest());
        _logger = _provider.CreateLogger("Fleet.Test");
    }

    private JsonElement Line => JsonDocument.Parse(Assert.Single(_lines)).RootElement;

    public void Dispose() => _provider.Dispose();

    [Fact]
    public void Fields_keep_their_types_and_the_message_stays_a_template()
    {
        LogPacked(_logger, "tea", 2, 289.50m, true, null);

        Assert.Equal("packed", Line.GetProperty("event").GetString());
        Assert.Equal("tea", Line.GetProperty("goods").GetString());
        Assert.Equal(2, Line.GetProperty("pieces").GetInt32());
        Assert.Equal(289.50m, Line.GetProperty("priceInr").GetDecimal());
        Assert.True(Line.GetProperty("fragile").GetBoolean());
        Assert.False(Line.TryGetProperty("remark", out _));
        Assert.Equal("{Goods} were packed", Line.GetProperty("message").GetString());
    }

    [Fact]
    public void A_field_that_is_named_like_one_of_ours_does_not_hide_it()
    {
        LogForeign(_logger, "kestrel", "req-9");

        Assert.Equal("order", Line.GetProperty("service").GetString());
        Assert.Equal("kestrel", Line.GetProperty("field.service").GetString());
        Assert.Equal("req-9", Line.GetProperty("field.requestId").GetString());
    }

    [Fact]
    public void An_exception_is_told_by_type_and_never_by_what_it_quotes()
    {
        LogBroken(_logger, new FormatException("'9876543210' is no number.", new IOException("9876543210")));

        Assert.Equal("System.FormatException", Line.GetProperty("exception").GetString());
        Assert.Equal("System.IO.IOException", Line.GetProperty("cause").GetString());
        Assert.Equal("error", Line.GetProperty("level").GetString());
        Assert.DoesNotContain("9876543210", _lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_end_in_a_field_does_not_end_the_line()
    {
        LogForeign(_logger, "two\nlines", "\u2028");

        Assert.DoesNotContain('\n', Assert.Single(_lines));
    }

    [LoggerMessage(EventName = "packed", Level = LogLevel.Information, Message = "{Goods} were packed")]
    private static partial void LogPacked(ILogger logger, string goods, int pieces, decimal priceInr, bool fragile, string? remark);

    [LoggerMessage(EventName = "foreign", Level = LogLevel.Warning, Message = "{Service} {RequestId}")]
    private static partial void LogForeign(ILogger logger, string service, string requestId);

    [LoggerMessage(EventName = "broken", Level = LogLevel.Error, Message = "It broke")]
    private static partial void LogBroken(ILogger logger, Exception exception);
}
