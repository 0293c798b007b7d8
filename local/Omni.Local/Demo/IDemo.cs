namespace Omni.Local.Demo;

/// <summary>The scenes that one carrier plays. Each ends with the statuses that it says, or throws.</summary>
internal interface IDemo
{
    /// <summary>The carrier's id.</summary>
    string Carrier { get; }

    /// <summary>The scenes in order: their title, and what is played.</summary>
    IReadOnlyList<(string Title, Func<Stage, Task> Play)> Scenes { get; }
}
