namespace Omni.Conversations;

/// <summary>
/// A processor asked for something that cannot be. Nothing of its turn takes effect: a test of the processor shows it, and in production
/// the turn is tried again and then handed to people.
/// </summary>
/// <param name="message">What cannot be, and where.</param>
public sealed class TurnException(string message) : Exception(message);
