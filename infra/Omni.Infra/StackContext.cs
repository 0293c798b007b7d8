using Amazon.CDK.AWS.KMS;

namespace Omni.Infra;

/// <summary>What every construct of the stack shares.</summary>
/// <param name="Options">What this deployment differs in.</param>
/// <param name="Code">The published functions.</param>
/// <param name="Alarms">Where a construct registers itself.</param>
/// <param name="Key">What encrypts all that is stored; null for AWS's own keys.</param>
internal sealed record StackContext(OmniOptions Options, FunctionCode Code, Alarms Alarms, IKey? Key);
