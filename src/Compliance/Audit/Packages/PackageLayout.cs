namespace Compliance.Audit.Packages;

/// <summary>Names of the files in a package (BagIt, RFC 8493).</summary>
internal static class PackageLayout
{
    public const string Declaration = "bagit.txt";
    public const string Info = "bag-info.txt";
    public const string Manifest = "manifest-sha256.txt";
    public const string TagManifest = "tagmanifest-sha256.txt";
    public const string Envelope = "package.dsse.json";

    public const string Payload = "data/";
    public const string Entries = "data/entries.jsonl";
    public const string Proof = "data/entries.proof";
    public const string Csv = "data/entries.csv";
    public const string Xlsx = "data/entries.xlsx";
    public const string Certificate = "data/certificate.pdf";
    public const string Query = "data/query.json";
    public const string Checkpoint = "data/checkpoint";
    public const string Keys = "data/keys.txt";
    public const string OlderCheckpoint = "data/older-checkpoint";
    public const string Consistency = "data/consistency.proof";

    public const string DeclarationText = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";
}
