using System;
using System.Collections;
using System.Device.Gpio;
using System.IO.Hashing;
using System.Text;
using System.Threading;

namespace Snippet
{
    public delegate void Rang(int times);

    public interface IBell
    {
        event Rang Rang;

        int Times { get; }
    }

    public readonly struct Stroke
    {
        public Stroke(int atMs)
        {
            AtMs = atMs;
        }

        public int AtMs { get; }
    }

    public sealed class Bell : IBell, IDisposable
    {
        private static readonly string[] Names = { "one", "two", "three" };

        private readonly object gate = new object();
        private readonly AutoResetEvent wake = new AutoResetEvent(false);
        private readonly ArrayList strokes = new ArrayList();

        public event Rang Rang;

        public int Times
        {
            get
            {
                lock (gate)
                {
                    return strokes.Count;
                }
            }
        }

        public static string Name(object what)
        {
            return what switch
            {
                int n when n < Names.Length => Names[n],
                string s => s + "!",
                _ => "many",
            };
        }

        public static int Number(string name)
        {
            switch (name)
            {
                case "one": return 1;
                case "two": return 2;
                case "three": return 3;
                case "four": return 4;
                case "five": return 5;
                case "six": return 6;
                case "seven": return 7;
                default: return 0;
            }
        }

        public uint Ring(byte[] bytes, out int length)
        {
            int local = bytes.Length;
            Thread ringer = new Thread(() =>
            {
                strokes.Add(new Stroke(local));
                wake.Set();
            });
            ringer.Start();
            length = wake.WaitOne(10, false) ? Twice(local) : 0;
            try
            {
                Rang?.Invoke(length);
            }
            catch (InvalidOperationException e) when (e.Message != null)
            {
                throw;
            }
            finally
            {
                foreach (object stroke in strokes)
                {
                    length += ((Stroke)stroke).AtMs;
                }
            }

            string text = $"{length}" + new StringBuilder().Append('a').ToString();
            return Crc32.HashToUInt32(new SpanByte(Encoding.UTF8.GetBytes(text)));

            static int Twice(int n)
            {
                return 2 * n;
            }
        }

        public void Dispose()
        {
            using var pins = new GpioController();
            pins.OpenPin(4, PinMode.Output).Write(PinValue.High);
        }
    }
}
