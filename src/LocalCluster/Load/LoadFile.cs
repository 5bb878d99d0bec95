using System.Text.Json;

namespace LocalCluster.Load;

/// <summary>Keeps the settings over a restart.</summary>
/// <param name="path">The file.</param>
internal sealed class LoadFile(string path)
{
    /// <summary>The settings; the default ones when none were written, or nothing that makes sense.</summary>
    public LoadSettings Read()
    {
        try
        {
            return File.Exists(path) && JsonSerializer.Deserialize<LoadSettings>(File.ReadAllBytes(path)) is { Problem: null } settings ? settings : LoadSettings.Default;
        }
        catch (JsonException)
        {
            return LoadSettings.Default;
        }
    }

    /// <summary>Writes them: the file is the old one or the new one, whenever the process ends.</summary>
    public void Write(LoadSettings settings)
    {
        var beside = path + ".new";
        using (var file = File.Create(beside))
        {
            JsonSerializer.Serialize(file, settings);
            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }
}
