using System.Collections;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Mqtt.Sockets;

/// <summary>The few features that Kestrel and its TLS hang on a connection, in an array: a dictionary would be larger than what it holds.</summary>
internal sealed class ConnectionFeatures : IFeatureCollection
{
    private KeyValuePair<Type, object>[] features = new KeyValuePair<Type, object>[4];
    private int count;

    public bool IsReadOnly => false;

    /// <summary>Goes up with each change, so that a reader may keep what it has found.</summary>
    public int Revision { get; private set; }

    public object? this[Type key]
    {
        get => IndexOf(key) is >= 0 and var index ? features[index].Value : null;
        set
        {
            Revision++;
            int index = IndexOf(key);
            if (value is null)
            {
                if (index >= 0)
                    features[index] = features[--count];
                return;
            }
            if (index < 0)
            {
                if (count == features.Length)
                    Array.Resize(ref features, 2 * count);
                index = count++;
            }
            features[index] = new(key, value);
        }
    }

    public TFeature? Get<TFeature>() => (TFeature?)this[typeof(TFeature)];

    public void Set<TFeature>(TFeature? instance) => this[typeof(TFeature)] = instance;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() => features.Take(count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(Type key)
    {
        for (int i = 0; i < count; i++)
        {
            if (features[i].Key == key)
                return i;
        }
        return -1;
    }
}
