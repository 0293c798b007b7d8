namespace Omni.Infra;

/// <summary>What every construct of the stack shares.</summary>
internal sealed record StackContext(OmniOptions Options, FunctionCode Code, Alarms Alarms);
