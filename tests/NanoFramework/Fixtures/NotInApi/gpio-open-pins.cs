// expects: CS1061
using System.Device.Gpio;

namespace Snippet
{
    public static class Uses
    {
        public static object Try(string s, byte[] b)
        {
            return new GpioController().OpenPins(1, 2);
        }
    }
}
