using System.IO.Ports;
using Gateway.Firmware.Ports;
using nanoFramework.Hardware.Esp32;

namespace Gateway.Firmware.Esp32
{
    /// <summary>The service header: COM2, 115,200 baud, 8N1. COM1 belongs to the debugger. What does not fit into the driver's buffer is lost: a person types.</summary>
    public sealed class ComServicePort : IServicePort
    {
        private const int Baud = 115200;

        private readonly SerialPort port;

        public ComServicePort()
        {
            nanoFramework.Hardware.Esp32.Configuration.SetPinFunction(PinMap.ServiceTxPin, DeviceFunction.COM2_TX);
            nanoFramework.Hardware.Esp32.Configuration.SetPinFunction(PinMap.ServiceRxPin, DeviceFunction.COM2_RX);
            port = new SerialPort("COM2", Baud);
            port.Open();
        }

        public int Read(byte[] buffer)
        {
            int waiting = port.BytesToRead;
            return waiting == 0 ? 0 : port.Read(buffer, 0, waiting < buffer.Length ? waiting : buffer.Length);
        }

        public void Write(byte[] buffer, int offset, int count)
        {
            port.Write(buffer, offset, count);
        }
    }
}
