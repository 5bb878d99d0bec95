namespace ControlPlane.Kubernetes.Tests.Testing;

/// <summary>Waits of tests. Real time passes only when a test is about to fail.</summary>
internal static class Patience
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static async Task For(Task task, string otherwise)
    {
        try
        {
            await task.WaitAsync(Limit, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail(otherwise);
        }
    }

    public static async Task<T> For<T>(Task<T> task, string otherwise)
    {
        await For((Task)task, otherwise);
        return await task;
    }
}
