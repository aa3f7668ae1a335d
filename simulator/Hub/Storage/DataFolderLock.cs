namespace Gateway.Hub.Storage;

/// <summary>Keeps a second hub out of a data folder: two writers would each believe in their own cursors. The system releases it when the process ends, however it ends.</summary>
internal sealed class DataFolderLock : IDisposable
{
    private readonly FileStream _file;

    private DataFolderLock(FileStream file) => _file = file;

    /// <exception cref="DataFolderException">Another hub uses the folder.</exception>
    public static DataFolderLock Take(string folder)
    {
        try
        {
            return new DataFolderLock(new FileStream(Path.Combine(folder, "hub.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException e)
        {
            throw new DataFolderException($"The data folder {folder} is in use by another hub.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new DataFolderException($"The data folder {folder} cannot be locked ({e.Message}).", e);
        }
    }

    public void Dispose() => _file.Dispose();
}
