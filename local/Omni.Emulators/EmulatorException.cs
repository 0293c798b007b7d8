namespace Omni.Emulators;

/// <summary>The emulators cannot run here; the message says what to do about it.</summary>
public sealed class EmulatorException(string message) : Exception(message);
