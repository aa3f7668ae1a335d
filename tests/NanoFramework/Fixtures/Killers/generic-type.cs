namespace Snippet
{
    public sealed class Box<T>
    {
    }
}
