using System.Diagnostics;
using System.Globalization;

namespace Gateway.Loads;

/// <summary>What the kernel says of a process and its children: resident memory and processor time. Linux only; elsewhere of the process alone.</summary>
internal static class ProcessFigures
{
    private const double BytesPerMegabyte = 1_048_576;

    /// <summary>Resident megabytes (2^20 bytes) of the process and everything that it started.</summary>
    public static double ResidentMegabytes(int pid) => Family(pid).Sum(process => Read(process, one => one.WorkingSet64)) / BytesPerMegabyte;

    /// <summary>Processor seconds so far, user and system, of the process and everything that it started.</summary>
    public static double CpuSeconds(int pid) => Family(pid).Sum(process => Read(process, one => one.TotalProcessorTime.TotalSeconds));

    private static double Read(int pid, Func<Process, double> figure)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return figure(process);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            return 0; // it has ended since its parent named it
        }
    }

    private static IEnumerable<int> Family(int pid)
    {
        yield return pid;
        var tasks = $"/proc/{pid}/task";
        if (!Directory.Exists(tasks))
        {
            yield break;
        }

        foreach (var child in Directory.EnumerateDirectories(tasks).SelectMany(ChildrenOf).ToList())
        {
            foreach (var member in Family(child))
            {
                yield return member;
            }
        }
    }

    private static IEnumerable<int> ChildrenOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text => int.Parse(text, CultureInfo.InvariantCulture));
        }
        catch (IOException)
        {
            return []; // the thread has ended
        }
    }
}
