// Package nanoFramework.Json 2.2.203.
// Modelled: objects into Hashtable or into a class by its public settable properties, arrays into ArrayList or typed arrays; numbers as int, else long, else ulong, with a
// point or exponent as double; a duplicate member of a Hashtable throws; an unknown member of a class is skipped. Malformed text throws.
// Losses shown: the order of members of a serialized class is not that of its declaration (here: sorted by name, so that nobody builds on it).
// Not modelled: strings that look like dates become DateTime upstream; converters, resolvers, options, comments, single quotes.
using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;

namespace nanoFramework.Json;

public static class JsonConvert
{
    /// <summary>Nesting that the parser follows before it refuses.</summary>
    const int DepthMax = 32;

    public static object DeserializeObject(string sourceString, Type type)
    {
        try
        {
            using var document = JsonDocument.Parse(sourceString, new JsonDocumentOptions { MaxDepth = DepthMax });
            return Convert(document.RootElement, type)!;
        }
        catch (Exception e) when (e is JsonException or FormatException or OverflowException or InvalidCastException or InvalidOperationException or TargetInvocationException)
        {
            throw new DeserializationException(e);
        }
    }

    public static object DeserializeObject(StreamReader dr, Type type) => DeserializeObject(dr.ReadToEnd(), type);

    public static object DeserializeObject(Stream stream, Type type) => DeserializeObject(new StreamReader(stream), type);

    public static string SerializeObject(object oSource)
    {
        var text = new StringBuilder();
        Write(oSource, text);
        return text.ToString();
    }

    static object? Convert(JsonElement element, Type type)
    {
        if (element.ValueKind == JsonValueKind.Null) return null;
        if (type == typeof(object) || type == typeof(Hashtable) || type == typeof(ArrayList)) return Untyped(element);
        if (type == typeof(string)) return element.GetString();
        if (type == typeof(bool)) return element.GetBoolean();
        if (type.IsEnum) return Enum.ToObject(type, element.GetInt32());
        if (type.IsPrimitive) return System.Convert.ChangeType(element.GetRawText(), type, CultureInfo.InvariantCulture);
        if (type.IsArray)
        {
            var items = Array.CreateInstance(type.GetElementType()!, element.GetArrayLength());
            for (var i = 0; i < items.Length; i++) items.SetValue(Convert(element[i], type.GetElementType()!), i);
            return items;
        }
        var instance = Activator.CreateInstance(type)!;
        foreach (var member in element.EnumerateObject())
            if (type.GetProperty(member.Name) is { CanWrite: true } property) property.SetValue(instance, Convert(member.Value, property.PropertyType));
        return instance;
    }

    static object? Untyped(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var table = new Hashtable();
                foreach (var member in element.EnumerateObject()) table.Add(member.Name, Untyped(member.Value));
                return table;
            case JsonValueKind.Array:
                var list = new ArrayList();
                foreach (var item in element.EnumerateArray()) list.Add(Untyped(item));
                return list;
            case JsonValueKind.String: return element.GetString();
            case JsonValueKind.True: return true;
            case JsonValueKind.False: return false;
            case JsonValueKind.Number: return Number(element.GetRawText());
            default: return null;
        }
    }

    static object Number(string text)
    {
        if (text.AsSpan().IndexOfAny('.', 'e', 'E') >= 0) return double.Parse(text, CultureInfo.InvariantCulture);
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var small)) return small;
        if (long.TryParse(text, CultureInfo.InvariantCulture, out var large)) return large;
        return ulong.Parse(text, CultureInfo.InvariantCulture);
    }

    static void Write(object? value, StringBuilder text)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case bool flag: text.Append(flag ? "true" : "false"); break;
            case string or char: text.Append('"').Append(JsonEncodedText.Encode(value.ToString()!)).Append('"'); break;
            case Enum number: text.Append(System.Convert.ToInt64(number, CultureInfo.InvariantCulture)); break;
            case IFormattable number when value.GetType().IsPrimitive: text.Append(number.ToString(null, CultureInfo.InvariantCulture)); break;
            case IDictionary table: WriteMembers(table.Keys.Cast<object>().Select(key => (key.ToString()!, table[key])), text); break;
            case IEnumerable items: WriteItems(items, text); break;
            default:
                WriteMembers(value.GetType().GetProperties().Where(p => p.CanRead && p.GetIndexParameters().Length == 0).Select(p => (p.Name, p.GetValue(value))), text);
                break;
        }
    }

    static void WriteMembers(IEnumerable<(string Name, object? Value)> members, StringBuilder text)
    {
        text.Append('{');
        var separator = "";
        foreach (var (name, value) in members.OrderBy(m => m.Name, StringComparer.Ordinal))
        {
            text.Append(separator).Append('"').Append(JsonEncodedText.Encode(name)).Append("\":");
            Write(value, text);
            separator = ",";
        }
        text.Append('}');
    }

    static void WriteItems(IEnumerable items, StringBuilder text)
    {
        text.Append('[');
        var separator = "";
        foreach (var item in items)
        {
            text.Append(separator);
            Write(item, text);
            separator = ",";
        }
        text.Append(']');
    }
}
