using Gateway.Firmware.Ports;

namespace Gateway.World.Tests;

/// <summary>Ports that pass everything on, for faults to override one thing.</summary>
internal abstract class FlashDecorator(IFlash inner) : IFlash
{
    protected IFlash Inner => inner;

    public string[] List()
    {
        Before();
        return inner.List();
    }

    public bool Exists(string name)
    {
        Before();
        return inner.Exists(name);
    }

    public int Length(string name)
    {
        Before();
        return inner.Length(name);
    }

    public int Read(string name, int position, byte[] buffer, int offset, int count)
    {
        Before();
        return inner.Read(name, position, buffer, offset, count);
    }

    public virtual void Append(string name, byte[] buffer, int offset, int count) => inner.Append(name, buffer, offset, count);

    public void Write(string name, byte[] buffer, int offset, int count)
    {
        Before();
        inner.Write(name, buffer, offset, count);
    }

    public void Delete(string name)
    {
        Before();
        inner.Delete(name);
    }

    protected virtual void Before()
    {
        // Nothing waits, unless a fault lets it.
    }
}

internal abstract class InputsDecorator(IInputs inner) : IInputs
{
    public int Count => inner.Count;

    public virtual bool IsAsserted(int input) => inner.IsAsserted(input);

    public virtual long TakeAssertedEdgeMs(int input) => inner.TakeAssertedEdgeMs(input);
}

internal abstract class LinkDecorator(ILink inner) : ILink
{
    public LinkState State => inner.State;

    public void Open(LinkRequest request) => inner.Open(request);

    public void Close() => inner.Close();

    public virtual bool TryPublish(string topic, byte[] payload, int count, bool atLeastOnce, bool retain) =>
        inner.TryPublish(topic, payload, count, atLeastOnce, retain);

    public virtual bool TryReceive(LinkMessage message) => inner.TryReceive(message);

    public int DroppedCount => inner.DroppedCount;
}
