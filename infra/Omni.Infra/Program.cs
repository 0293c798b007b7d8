using Amazon.CDK;
using Omni.Infra;

// Started by the CDK CLI (cdk.json), which hands over the context and the output directory in the environment.
var app = BridgeFiles.Contain(() => new App(new AppProps { AnalyticsReporting = false }));
_ = new OmniStack(app, OmniOptions.FromContext(app.Node));
app.Synth();
