using System;
using System.IO;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Tests.Fakes
{
    /// <summary>
    /// Files in RAM with the guarantees of littlefs on ESP32: an operation is durable when it returns and atomic under a power cut. It can
    /// cut the power before or after a chosen operation, refuse writes, and run full. What survives is <see cref="Image"/>'s content.
    /// </summary>
    public sealed class FakeFlash : IFlash
    {
        public const int FilesMax = 64;

        private readonly string[] _names = new string[FilesMax];
        private readonly byte[][] _contents = new byte[FilesMax][];
        private int _count;

        /// <summary>Operations that change something, since the last <see cref="PowerOn"/>.</summary>
        public int Writes { get; private set; }

        public int Reads { get; private set; }

        /// <summary>The power is cut at this write: before it (even) or after it (odd), counted as 2 * write + phase; -1 never.</summary>
        public int CutAt = -1;

        /// <summary>This many writes throw from now on, and change nothing.</summary>
        public int FailWrites;

        /// <summary>Bytes that all files together may have.</summary>
        public int BytesMax = int.MaxValue;

        public bool IsDead { get; private set; }

        /// <summary>The next incarnation finds the files as they are.</summary>
        public void PowerOn()
        {
            IsDead = false;
            CutAt = -1;
            Writes = 0;
            Reads = 0;
        }

        public void PowerOff()
        {
            IsDead = true;
        }

        /// <summary>The content of a file, to damage it.</summary>
        public byte[] Content(string name)
        {
            return _contents[IndexOf(name)];
        }

        public void Replace(string name, byte[] content)
        {
            int i = IndexOf(name);
            if (i < 0)
            {
                i = _count++;
                _names[i] = name;
            }

            _contents[i] = content;
        }

        /// <summary>The mount came back empty.</summary>
        public void Wipe()
        {
            _count = 0;
        }

        public int Bytes
        {
            get
            {
                int bytes = 0;
                for (int i = 0; i < _count; i++)
                {
                    bytes += _contents[i].Length;
                }

                return bytes;
            }
        }

        public string[] List()
        {
            Check();
            string[] names = new string[_count];
            Array.Copy(_names, names, _count);
            return names;
        }

        public bool Exists(string name)
        {
            Check();
            return IndexOf(name) >= 0;
        }

        public int Length(string name)
        {
            Check();
            return _contents[Existing(name)].Length;
        }

        public int Read(string name, int position, byte[] buffer, int offset, int count)
        {
            Check();
            Reads++;
            byte[] content = _contents[Existing(name)];
            int left = content.Length - position;
            int n = left < count ? left : count;
            if (n <= 0)
            {
                return 0;
            }

            Array.Copy(content, position, buffer, offset, n);
            return n;
        }

        public void Append(string name, byte[] buffer, int offset, int count)
        {
            Begin();
            int i = IndexOf(name);
            byte[] old = i < 0 ? new byte[0] : _contents[i];
            Store(name, old, buffer, offset, count);
            End();
        }

        public void Write(string name, byte[] buffer, int offset, int count)
        {
            Begin();
            Store(name, new byte[0], buffer, offset, count);
            End();
        }

        public void Delete(string name)
        {
            Begin();
            int i = IndexOf(name);
            if (i >= 0)
            {
                _count--;
                _names[i] = _names[_count];
                _contents[i] = _contents[_count];
            }

            End();
        }

        private void Store(string name, byte[] old, byte[] buffer, int offset, int count)
        {
            if (Bytes + count > BytesMax)
            {
                throw new IOException("disk full");
            }

            byte[] content = new byte[old.Length + count];
            Array.Copy(old, content, old.Length);
            Array.Copy(buffer, offset, content, old.Length, count);
            Replace(name, content);
        }

        private void Begin()
        {
            Check();
            if (CutAt == 2 * Writes)
            {
                IsDead = true;
                throw new PowerCutException();
            }

            if (FailWrites > 0)
            {
                FailWrites--;
                throw new IOException("write failed");
            }
        }

        private void End()
        {
            bool cut = CutAt == (2 * Writes) + 1;
            Writes++;
            if (cut)
            {
                IsDead = true;
                throw new PowerCutException();
            }
        }

        private void Check()
        {
            if (IsDead)
            {
                throw new PowerCutException();
            }
        }

        private int Existing(string name)
        {
            int i = IndexOf(name);
            if (i < 0)
            {
                throw new IOException("no such file: " + name);
            }

            return i;
        }

        private int IndexOf(string name)
        {
            for (int i = 0; i < _count; i++)
            {
                if (_names[i] == name)
                {
                    return i;
                }
            }

            return -1;
        }
    }
}
