// cdk-nag over a synthesised template: node nag.mjs <template.json> <new folder>. Prints the rules that fail, each with its resources.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Aspects, LegacyStackSynthesizer, Stack } from "aws-cdk-lib";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";
import { AwsSolutionsChecks, NagReportFormat } from "cdk-nag";

const [templateFile, outdir] = process.argv.slice(2);
const app = new App({ analyticsReporting: false, outdir });
// The default synthesiser would add a rule of its own to the template, and not take the one that is there.
const stack = new Stack(app, "Audit", { synthesizer: new LegacyStackSynthesizer() });
new CfnInclude(stack, "Template", { templateFile });
Aspects.of(app).add(new AwsSolutionsChecks({ reportFormats: [NagReportFormat.JSON] }));
app.synth();

const { lines } = JSON.parse(readFileSync(join(outdir, "AwsSolutions--Audit-NagReport.json"), "utf8"));
const failed = {};
for (const line of lines.filter(line => line.compliance === "Non-Compliant")) {
  const rule = line.ruleId.replace(/\[.*/, "");
  (failed[rule] ??= []).push(line.resourceId.split("/").at(-1));
}
console.log(JSON.stringify(failed));
