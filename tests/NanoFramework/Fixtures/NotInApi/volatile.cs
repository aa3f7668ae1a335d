// expects: CS0518
namespace Snippet
{
    public sealed class Uses
    {
        private volatile bool flag;

        public bool Flag
        {
            get { return flag; }
        }
    }
}
