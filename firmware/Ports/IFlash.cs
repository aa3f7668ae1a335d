namespace Gateway.Firmware.Ports
{
    /// <summary>
    /// The file store, with the guarantees of littlefs on ESP32 and no more: what is written is durable when the call returns
    /// (the adapter opens, writes and closes), and a close is atomic: after a power cut the file has its old content or its new one.
    /// Names are flat, lower case, 1..24 characters. There is no rename: moving onto an existing name throws on the board.
    /// </summary>
    /// <remarks>A cut during the first write to a new name can leave an empty file: littlefs makes the name durable when it is opened, the content when it is closed. Every operation may throw <see cref="System.IO.IOException"/> (disk full, bad block, failed write). No method formats.</remarks>
    public interface IFlash
    {
        /// <summary>Names of all files, in no particular order.</summary>
        string[] List();

        bool Exists(string name);

        /// <summary>Length in bytes; throws if the file does not exist.</summary>
        int Length(string name);

        /// <summary>Reads up to <paramref name="count"/> bytes from <paramref name="position"/>; returns how many were read, 0 at the end.</summary>
        int Read(string name, int position, byte[] buffer, int offset, int count);

        /// <summary>Opens (creating if needed), appends, closes. Durable on return. About one 50 ms erase when the last block is partly filled.</summary>
        void Append(string name, byte[] buffer, int offset, int count);

        /// <summary>Creates or truncates, writes, closes. Durable on return; a cut leaves the old content or the new.</summary>
        void Write(string name, byte[] buffer, int offset, int count);

        /// <summary>Removes the file; no error if it does not exist.</summary>
        void Delete(string name);
    }
}
