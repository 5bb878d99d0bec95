using Bunit;
using ControlPlane.Web.Elements;
using ControlPlane.Web.Tests.Testing;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;

namespace ControlPlane.Web.Tests.Elements;

public sealed class BoundaryTests : ConsoleTest
{
    [Fact]
    public void A_panel_that_fails_says_so_with_a_trace_id_and_never_shows_the_exception()
    {
        var boundary = Render();

        Assert.Contains("Something went wrong here", boundary.Find("[role=alert]").TextContent, StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{32}$", boundary.Find("code").TextContent);
        Assert.DoesNotContain(Fragile.Secret, boundary.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void It_can_be_tried_again()
    {
        var fragile = new Fragile.Mood { Fails = true };
        var boundary = Render(fragile);
        fragile.Fails = false;

        boundary.Find("button.mud-button").Click();

        Assert.Equal("well", boundary.Find("p").TextContent);
    }

    private IRenderedComponent<Boundary> Render(Fragile.Mood? mood = null) => Console.Render<Boundary>(boundary => boundary
        .Add(b => b.Name, "test")
        .AddChildContent<Fragile>(child => child.Add(f => f.Now, mood ?? new Fragile.Mood { Fails = true })));

    private sealed class Fragile : ComponentBase
    {
        public const string Secret = "password=hunter2";

        [Parameter]
        public Mood Now { get; set; } = new();

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            if (Now.Fails)
            {
                throw new InvalidOperationException(Secret);
            }

            builder.AddMarkupContent(0, "<p>well</p>");
        }

        public sealed class Mood
        {
            public bool Fails { get; set; }
        }
    }
}
