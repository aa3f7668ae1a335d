using System.IO.Pipelines;
using System.Buffers;
using Gateway.Mqtt.Packets;
using Gateway.Mqtt.Tests.Endpoint;

namespace Gateway.Mqtt.Tests.Client;

/// <summary>The other end of a client's stream, played by the test packet by packet, without sockets.</summary>
internal sealed class ScriptedServer
{
    private readonly Pipe toClient = new();
    private readonly Pipe toServer = new();

    public ScriptedServer() => ClientStream = new Duplex(toClient.Reader.AsStream(), toServer.Writer.AsStream());

    public Stream ClientStream { get; }

    public Task SendAsync(params Packet[] packets) => SendBytesAsync([.. packets.SelectMany(static packet => PacketEncoder.ToArray(packet))]);

    public async Task SendBytesAsync(byte[] bytes) => await toClient.Writer.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>The next packet of the client, or null when it has closed.</summary>
    public async Task<Packet?> ReceiveAsync()
    {
        while (true)
        {
            ReadResult read = await toServer.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask()
                .WaitAsync(LiveEndpoint.Deadline, TestContext.Current.CancellationToken);
            FrameStatus status = FrameReader.TryRead(read.Buffer, int.MaxValue, out byte first, out int header, out int body, out PacketFault fault);
            Assert.False(fault.IsFault, fault.ToString());
            if (status == FrameStatus.Complete)
            {
                Assert.True(PacketDecoder.TryDecode(first, read.Buffer.Slice(header, body).ToArray(), null, out Packet packet, out fault), fault.ToString());
                toServer.Reader.AdvanceTo(read.Buffer.GetPosition(header + body));
                return packet;
            }
            if (read.IsCompleted)
            {
                Assert.True(read.Buffer.IsEmpty, "The client closed inside a packet.");
                return null;
            }
            toServer.Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    public async Task<PacketType?> ReceiveTypeAsync() => (await ReceiveAsync())?.Type;

    private sealed class Duplex(Stream input, Stream output) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Flush() => output.Flush();

        public override int Read(byte[] buffer, int offset, int count) => input.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => input.ReadAsync(buffer, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => output.Write(buffer, offset, count);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            output.Dispose();
            input.Dispose();
        }
    }
}
