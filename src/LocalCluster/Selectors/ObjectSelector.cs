using LocalCluster.Storage;

namespace LocalCluster.Selectors;

/// <summary>Which objects of a collection a request is about.</summary>
/// <param name="Namespace">Namespace; empty for all.</param>
/// <param name="Labels">What their labels must fulfil.</param>
/// <param name="Fields">What their fields must fulfil.</param>
internal sealed record ObjectSelector(string Namespace, LabelSelector Labels, FieldSelector Fields)
{
    /// <summary>True when every object of the namespace is selected.</summary>
    public bool SelectsAll => Labels.IsEmpty && Fields.IsEmpty;

    /// <summary>True when an object is selected.</summary>
    public bool Matches(StoredObject obj) =>
        (Namespace.Length == 0 || obj.Key.Namespace == Namespace)
        && Fields.Matches(obj)
        && (Labels.IsEmpty || Labels.Matches(ObjectFields.Labels(obj.Json)));
}
