using Compliance.Retention;

namespace ControlPlane.Api.Audit.Erasures;

/// <summary>Somebody of whom personal data are kept.</summary>
/// <param name="Subject">Opaque id.</param>
/// <param name="FoundBy">What the identifier turned out to be, such as <c>name of an account</c>.</param>
/// <param name="HasAccount">True when the person can still sign in: name and e-mail of the account are no part of this, and go with the account.</param>
/// <param name="Goes">Data that would be erased, by field.</param>
/// <param name="Loose">Data that would be erased and belong to no entry any more.</param>
/// <param name="Stays">Data that would stay, by what keeps them.</param>
/// <param name="MoreOn">The day in India from which more could go; null when nobody can say, or none stay.</param>
public sealed record FoundSubject(
    string Subject, string FoundBy, bool HasAccount, IReadOnlyDictionary<string, long> Goes, long Loose, IReadOnlyList<KeptData> Stays, DateOnly? MoreOn)
{
    internal static FoundSubject Of(ErasurePlan plan, string foundBy, bool hasAccount) =>
        new(plan.Subject, foundBy, hasAccount, plan.GoesByField, plan.Goes.Count - plan.GoesByField.Values.Sum(), plan.Stays, plan.MoreOn);
}

/// <summary>Somebody's data that are to be erased.</summary>
/// <param name="Subjects">Opaque ids of the person.</param>
/// <param name="Reference">What the request is called elsewhere, without personal data.</param>
/// <param name="Reason">Why.</param>
public sealed record ErasureDraft(IReadOnlyList<string>? Subjects, string? Reference, string? Reason);

/// <summary>A certificate of erasure, as people see it.</summary>
/// <param name="Entry">Index of the entry of the log that it is.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Subject">Opaque id of the person.</param>
/// <param name="Reference">What the request is called elsewhere.</param>
/// <param name="Reason">Why.</param>
/// <param name="By">Opaque id of who ran it; <c>dabbawala</c> where it was gone on with by itself.</param>
/// <param name="Erased">How many data were erased.</param>
/// <param name="Kept">How many data stay.</param>
/// <param name="KeptBy">Rules and holds that keep them.</param>
/// <param name="MoreOn">The day in India from which more of them go, by themselves; null when nobody can say, or none stay.</param>
public sealed record ErasureView(
    long Entry, DateTimeOffset At, string Subject, string Reference, string Reason, string By, long Erased, long Kept, IReadOnlyList<string> KeptBy, DateOnly? MoreOn)
{
    internal static ErasureView Of(ErasureCertificate certificate) => new(
        certificate.Index,
        certificate.At,
        certificate.Subject,
        certificate.Reference,
        certificate.Reason,
        certificate.By,
        certificate.Erased,
        certificate.Kept,
        certificate.KeptBy,
        certificate.MoreOn);
}
