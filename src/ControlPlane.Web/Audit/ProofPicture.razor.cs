using ControlPlane.Api.Audit.Verification;
using Microsoft.AspNetCore.Components;

namespace ControlPlane.Web.Audit;

/// <summary>Draws the way from a leaf at the bottom up to the root: beside each node the hash that it is combined with.</summary>
public sealed partial class ProofPicture
{
    private const int Wide = 420;
    private const int Middle = 210;
    private const int BoxWide = 96;
    private const int BoxHigh = 24;
    private const int RowHigh = 46;
    private const int Aside = 130;
    private const int ShownDigits = 10;

    /// <summary>What was verified.</summary>
    [Parameter, EditorRequired]
    public VerificationReport Report { get; set; } = null!;

    private int High => (Report.Path.Steps.Count * RowHigh) + BoxHigh + 8;

    private int Y(int row) => High - 4 - BoxHigh - (row * RowHigh);

    private static int SiblingX(PathStep step) => step.SiblingIsLeft ? Middle - Aside : Middle + Aside;

    private static string Short(string hash) => hash[..ShownDigits];

    /// <summary>Razor keeps the element "text" for itself.</summary>
    private static RenderFragment Label(int x, int y, string tone, string text, string anchor = "middle") => builder =>
    {
        builder.OpenElement(0, "text");
        builder.AddAttribute(1, "x", x);
        builder.AddAttribute(2, "y", y);
        builder.AddAttribute(3, "class", tone);
        builder.AddAttribute(4, "text-anchor", anchor);
        builder.AddContent(5, text);
        builder.CloseElement();
    };
}
