using System.Text;
using LocalCluster.Selectors;
using LocalCluster.Storage;

namespace LocalCluster.Tests.Selectors;

public sealed class FieldSelectorTests
{
    private static readonly StoredObject Pod = StoredObject.Read(Encoding.UTF8.GetBytes(
        """{"metadata":{"name":"a","namespace":"ns","uid":"u","resourceVersion":"1"},"spec":{"nodeName":"n,1","hostNetwork":true,"containers":[{"name":"x"}]},"status":{"phase":"Running"}}"""));

    [Theory]
    [InlineData("", true)]
    [InlineData("metadata.name=a", true)]
    [InlineData("metadata.namespace!=ns", false)]
    [InlineData("status.phase=Running,spec.hostNetwork=true", true)]
    [InlineData("status.phase==Pending", false)]
    [InlineData("spec.nodeName=n\\,1", true)]
    [InlineData("spec.schedulerName=", true)]
    [InlineData("status.replicas=0", true)]
    public void A_field_is_compared_as_text(string selector, bool expected) => Assert.Equal(expected, Parse(selector).Matches(Pod));

    [Theory]
    [InlineData("spec.unknown=1")]
    [InlineData("metadata.name")]
    [InlineData("metadata.name=a\\b")]
    public void Unknown_fields_and_malformed_terms_are_refused(string selector) => Assert.Throws<FormatException>(() => Parse(selector));

    [Fact]
    public void A_selector_for_one_name_says_so()
    {
        Assert.Equal("a", Parse("metadata.name=a").RequiredName);
        Assert.Null(Parse("metadata.name!=a").RequiredName);
    }

    private static FieldSelector Parse(string text) => FieldSelector.Parse(text, label => label switch
    {
        "spec.unknown" => throw new FormatException(label),
        "status.replicas" => SelectableField.At(label, "0"),
        _ => SelectableField.At(label),
    });
}
