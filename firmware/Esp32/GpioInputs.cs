using System.Device.Gpio;
using System.Threading;
using Gateway.Firmware.Ports;

namespace Gateway.Firmware.Esp32
{
    /// <summary>
    /// The digital inputs. The pin's interrupt only notes the time of the edge and wakes the loop; the level is read by the loop. The pins have no debounce of their own:
    /// Inputs/ filters and debounces, and an ignored edge would be a missed press.
    /// </summary>
    public sealed class GpioInputs : IInputs
    {
        private readonly IClock clock;
        private readonly AutoResetEvent wake;
        private readonly object gate = new object();
        private readonly GpioPin[] pins = new GpioPin[InputId.Count];
        private readonly long[] assertedEdgeMs = new long[InputId.Count];

        public GpioInputs(GpioController controller, IClock clock, AutoResetEvent wake)
        {
            this.clock = clock;
            this.wake = wake;
            for (int input = 0; input < InputId.Count; input++)
            {
                assertedEdgeMs[input] = -1;
                pins[input] = controller.OpenPin(PinOf(input), PinMode.Input);
                pins[input].ValueChanged += OnValueChanged;
            }
        }

        public int Count
        {
            get { return InputId.Count; }
        }

        public bool IsAsserted(int input)
        {
            return (pins[input].Read() == PinValue.High) == PinMap.IsAssertedHigh(input);
        }

        public long TakeAssertedEdgeMs(int input)
        {
            lock (gate)
            {
                long edgeMs = assertedEdgeMs[input];
                assertedEdgeMs[input] = -1;
                return edgeMs;
            }
        }

        /// <summary>The GPIO number of an input of the box.</summary>
        public static int PinOf(int input)
        {
            switch (input)
            {
                case InputId.Help: return PinMap.HelpPin;
                case InputId.Silent: return PinMap.SilentPin;
                case InputId.Cancel: return PinMap.CancelPin;
                case InputId.ResetKey: return PinMap.ResetKeyPin;
                case InputId.Contact1: return PinMap.Contact1Pin;
                case InputId.Contact2: return PinMap.Contact2Pin;
                case InputId.Tamper: return PinMap.TamperPin;
                case InputId.PatrolKey: return PinMap.PatrolKeyPin;
                case InputId.MainsPresent: return PinMap.MainsPresentPin;
                default: return -1;
            }
        }

        private void OnValueChanged(object sender, PinValueChangedEventArgs e)
        {
            for (int input = 0; input < InputId.Count; input++)
            {
                if (PinOf(input) == e.PinNumber)
                {
                    if ((e.ChangeType == PinEventTypes.Rising) == PinMap.IsAssertedHigh(input))
                    {
                        lock (gate)
                        {
                            if (assertedEdgeMs[input] < 0)
                            {
                                assertedEdgeMs[input] = clock.NowMs;
                            }
                        }
                    }

                    wake.Set();
                    return;
                }
            }
        }
    }
}
