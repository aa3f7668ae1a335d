namespace Snippet
{
    public interface ICounts
    {
        int Count
        {
            get { return 0; }
        }
    }
}
