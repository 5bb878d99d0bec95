using System.Text;
using Compliance.Audit.Keys;

namespace Compliance.Audit.Notes;

/// <summary>
/// Keeps a private key in a file that only its owner reads (mode 600), and its public half beside it as <c>.pub</c> for handing out.
/// </summary>
public static class NoteKeyFile
{
    /// <summary>Reads the key; makes one on the first start.</summary>
    /// <param name="path">File of the private key.</param>
    /// <param name="name">Name of the key, used when it is made.</param>
    /// <param name="type">What it signs, used when it is made.</param>
    /// <exception cref="NoteException">The file is malformed, is another name's or sort's key, or others can read it.</exception>
    public static NoteSigner ReadOrCreate(string path, string name, SignatureType type = SignatureType.Ed25519)
    {
        if (!File.Exists(path))
        {
            CreateUnlessMade(path, NoteSigner.Generate(name, type));
        }

        var signer = Read(path);
        return signer.Verifier.Name == name && signer.Verifier.Type == type
            ? signer
            : throw new NoteException($"{path} holds the {signer.Verifier.Type} key of {signer.Verifier.Name}, not the {type} key of {name}");
    }

    /// <summary>Reads a private key.</summary>
    /// <exception cref="NoteException">The file is malformed, or others can read it.</exception>
    public static NoteSigner Read(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~OwnerOnlyFile.Mode & ~UnixFileMode.UserExecute) != UnixFileMode.None)
        {
            throw new NoteException($"{path} can be read or written by others: chmod 600 it, and make a new key if they might have");
        }

        return NoteSigner.Parse(File.ReadAllText(path).TrimEnd('\n'));
    }

    /// <summary>Writes a new key, whole or not at all; never over another.</summary>
    /// <exception cref="IOException">There is one already.</exception>
    public static void Create(string path, NoteSigner signer)
    {
        ArgumentNullException.ThrowIfNull(signer);
        OwnerOnlyFile.Create(path, Line(signer.ToPrivateText()));
        File.WriteAllBytes($"{path}.pub", Line(signer.Verifier.ToString()));
    }

    private static void CreateUnlessMade(string path, NoteSigner signer)
    {
        try
        {
            Create(path, signer);
        }
        catch (IOException) when (File.Exists(path))
        {
            // another process that starts at the same time was faster: its key is the one
        }
    }

    private static byte[] Line(string text) => Encoding.UTF8.GetBytes(text + "\n");
}
