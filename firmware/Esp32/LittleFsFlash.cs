using System;
using System.Collections;
using System.IO;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// The file store on the board's littlefs drive. Every write opens, writes and closes: on ESP32 only the close makes data durable, and it is atomic. A power cut before
    /// the close leaves the old content. Nothing here formats or renames. The native file system throws more types than one; the port promises IOException.
    /// </summary>
    public sealed class LittleFsFlash : IFlash
    {
        private const int NameCharsMax = 24;

        private readonly string root;

        /// <param name="root">The drive with its backslash, such as <c>I:\</c>.</param>
        public LittleFsFlash(string root)
        {
            this.root = root;
        }

        public string[] List()
        {
            string[] paths = Paths();
            ArrayList names = new ArrayList();
            for (int i = 0; i < paths.Length; i++)
            {
                // The drive is shared with files of the runtime; they do not follow the port's rule for names.
                string name = paths[i].Substring(paths[i].LastIndexOf('\\') + 1);
                if (IsOurs(name))
                {
                    names.Add(name);
                }
            }

            string[] list = new string[names.Count];
            names.CopyTo(list);
            return list;
        }

        public bool Exists(string name)
        {
            return File.Exists(root + name);
        }

        public int Length(string name)
        {
            try
            {
                using (FileStream file = new FileStream(root + name, FileMode.Open, FileAccess.Read))
                {
                    return (int)file.Length;
                }
            }
            catch (Exception e) when (!(e is IOException))
            {
                throw new IOException(name, e);
            }
        }

        public int Read(string name, int position, byte[] buffer, int offset, int count)
        {
            try
            {
                using (FileStream file = new FileStream(root + name, FileMode.Open, FileAccess.Read))
                {
                    return position < file.Length ? ReadFrom(file, position, buffer, offset, count) : 0;
                }
            }
            catch (Exception e) when (!(e is IOException))
            {
                throw new IOException(name, e);
            }
        }

        public void Append(string name, byte[] buffer, int offset, int count)
        {
            Store(name, FileMode.Append, buffer, offset, count);
        }

        public void Write(string name, byte[] buffer, int offset, int count)
        {
            Store(name, FileMode.Create, buffer, offset, count);
        }

        public void Delete(string name)
        {
            try
            {
                if (File.Exists(root + name))
                {
                    File.Delete(root + name);
                }
            }
            catch (Exception e) when (!(e is IOException))
            {
                throw new IOException(name, e);
            }
        }

        private void Store(string name, FileMode mode, byte[] buffer, int offset, int count)
        {
            try
            {
                // A power cut anywhere in here leaves the file as it was: littlefs commits at the close that ends the using block.
                using (FileStream file = new FileStream(root + name, mode, FileAccess.Write))
                {
                    file.Write(buffer, offset, count);
                }
            }
            catch (Exception e) when (!(e is IOException))
            {
                throw new IOException(name, e);
            }
        }

        private string[] Paths()
        {
            try
            {
                return Directory.GetFiles(root);
            }
            catch (Exception e) when (!(e is IOException))
            {
                throw new IOException(root, e);
            }
        }

        private static int ReadFrom(FileStream file, int position, byte[] buffer, int offset, int count)
        {
            file.Seek(position, SeekOrigin.Begin);
            int total = 0;
            while (total < count)
            {
                int read = file.Read(buffer, offset + total, count - total);
                if (read <= 0)
                {
                    break;
                }

                total += read;
            }

            return total;
        }

        private static bool IsOurs(string name)
        {
            if (name.Length == 0 || name.Length > NameCharsMax)
            {
                return false;
            }

            for (int i = 0; i < name.Length; i++)
            {
                char c = name[i];
                bool allowed = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
                if (!allowed)
                {
                    return false;
                }
            }

            return true;
        }
    }
}
