using System.Diagnostics;

namespace Gateway.Hub.Tests.Support;

/// <summary>
/// A disk of its own: an ext4 file system in a file, mounted by the loop device. It can really be full and really become read-only, as the kernel makes it after an
/// error of the medium. Needs Linux and a right to mount; a test is skipped by name without.
/// </summary>
internal sealed class LoopDisk : IDisposable
{
    private const int Megabytes = 24;

    private readonly TempFolder _folder = new();
    private readonly string _image;
    private bool _isMounted;

    private LoopDisk()
    {
        _image = System.IO.Path.Combine(_folder.Path, "image");
        Path = System.IO.Path.Combine(_folder.Path, "disk");
        Directory.CreateDirectory(Path);
    }

    /// <summary>Where it is mounted.</summary>
    public string Path { get; }

    public static LoopDisk MakeOrSkip()
    {
        var disk = new LoopDisk();
        try
        {
            using (var image = File.Create(disk._image))
            {
                image.SetLength((long)Megabytes << 20);
            }

            disk.Run("mkfs.ext4", "-q", "-F", disk._image);
            disk.Mount();
            return disk;
        }
        catch (Exception e) when (e is LoopDiskException or System.ComponentModel.Win32Exception)
        {
            disk.Dispose();
            Assert.Skip($"A file system may not be mounted here ({e.Message.Trim()}): run as root on Linux, with e2fsprogs and loop devices.");
            throw;
        }
    }

    public void Mount(params string[] options)
    {
        Run("mount", "-o", string.Join(',', ["loop", "errors=remount-ro", .. options]), _image, Path);
        _isMounted = true;
    }

    public void Unmount()
    {
        Run("umount", Path);
        _isMounted = false;
    }

    /// <summary>As after an error of the medium: from here on the kernel writes nothing more, whoever has files open.</summary>
    public void FailMedium()
    {
        var device = System.IO.Path.GetFileName(Run("findmnt", "-n", "-o", "SOURCE", Path).Trim());
        File.WriteAllText($"/sys/fs/ext4/{device}/trigger_fs_error", "1");
    }

    /// <summary>What whoever runs the machine does then: 1 means that errors were found and mended.</summary>
    public void Repair() => Run("e2fsck", allowed: 1, "-f", "-y", _image);

    /// <summary>Takes all room that is left. Delete the file to give it back.</summary>
    public string Fill()
    {
        var ballast = System.IO.Path.Combine(Path, "ballast");
        using var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var bytes in new[] { 65_536, 1_024 })
        {
            try
            {
                for (var block = new byte[bytes]; ;)
                {
                    file.Write(block);
                }
            }
            catch (IOException)
            {
                // Full.
            }
        }

        return ballast;
    }

    public void Dispose()
    {
        if (_isMounted)
        {
            Unmount();
        }

        _folder.Dispose();
    }

    private string Run(string program, params string[] arguments) => Run(program, 0, arguments);

    private string Run(string program, int allowed, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 || process.ExitCode == allowed ? output : throw new LoopDiskException($"{program} ended with {process.ExitCode}: {errors.Result}");
    }

    private sealed class LoopDiskException(string sentence) : Exception(sentence);
}
